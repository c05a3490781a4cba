import { expect, test } from 'vitest';
import { situations } from '../../../src/ui/recording/catalogue.ts';
import { createLibrary } from '../../../src/ui/recording/library.ts';
import type { ReplayAnswer, ReplayRequest } from '../../../src/ui/recording/messages.ts';
import { createSession } from '../../../src/ui/session/session.ts';
import { twoLaptopsOff } from '../support/runs.ts';

type Asked = Omit<ReplayRequest, 'id'>;

/** A replayer that answers when it is told to. */
function slowly() {
  const asked: Asked[] = [];
  const answers: ((answer: ReplayAnswer) => void)[] = [];
  const replay = (request: Asked) => {
    asked.push(request);
    return new Promise<ReplayAnswer>((resolve) => answers.push(resolve));
  };
  return { asked, answers, replay };
}

const done = (agreed: number): ReplayAnswer => ({
  id: 1,
  ok: true,
  replayed: { trace: twoLaptopsOff().trace, setup: { pptpHelper: false, firewall: false }, agreed, packets: 30 },
});

const noFile = () => Promise.resolve(new ArrayBuffer(0));
const turn = () => new Promise((resolve) => setTimeout(resolve));
const [first, second] = [situations[0]!, situations[1]!];

test('a recording opens with its story, its set-up and laptops by name', async () => {
  const session = createSession();
  const { answers, asked, replay } = slowly();
  const library = createLibrary(session, replay, noFile);
  const opening = library.open(first);
  expect(library.store.getState().loading).toBe(first.title);
  await turn();
  expect(asked[0]!.setup).toEqual({ pptpHelper: false, firewall: false });
  answers[0]!(done(30));
  await opening;
  expect(library.store.getState().opened).toMatchObject({
    title: first.title,
    outcome: first.off!.outcome,
    agreed: 30,
  });
  expect(
    session
      .getState()
      .run?.trace.nodes.map(({ name }) => name)
      .sort(),
  ).toEqual(['Laptop A', 'Laptop B', 'Router', 'VPN server']);
});

test('a later choice overtakes an earlier one, in whatever order they are done', async () => {
  const { answers, replay } = slowly();
  const library = createLibrary(createSession(), replay, noFile);
  const early = library.open(first);
  const late = library.open(second);
  await turn();
  answers[1]!(done(2));
  await late;
  answers[0]!(done(1));
  await early;
  expect(library.store.getState().opened).toMatchObject({ title: second.title, agreed: 2 });
});

test('what cannot be opened is said, and what was open stays', async () => {
  const { answers, replay } = slowly();
  const library = createLibrary(createSession(), replay, noFile);
  const opening = library.open(first);
  await turn();
  answers[0]!(done(30));
  await opening;
  const failing = library.openOwn({ lan: new File([], 'a'), wan: new File([], 'b') });
  await turn();
  answers[1]!({ id: 2, ok: false, what: 'The LAN file is empty.' });
  await failing;
  expect(library.store.getState()).toMatchObject({ trouble: 'The LAN file is empty.', loading: undefined });
  expect(library.store.getState().opened?.title).toBe(first.title);
});

test('a file that cannot be fetched is no crash', async () => {
  const library = createLibrary(createSession(), slowly().replay, () => Promise.reject(new Error('offline')));
  await library.open(first);
  expect(library.store.getState().trouble).toBe('The files could not be read (offline).');
});

test('flipping leads to the other recording of the situation, and where there is none, nowhere', async () => {
  const { answers, asked, replay } = slowly();
  const library = createLibrary(createSession(), replay, noFile);
  const opening = library.open(first);
  await turn();
  answers[0]!(done(30));
  await opening;
  const flip = library.flip(library.store.getState().opened!)!;
  void flip();
  await turn();
  expect(asked[1]!.setup).toEqual({ pptpHelper: true, firewall: false });
  const single = situations.find(({ on }) => on === undefined)!;
  expect(library.flip({ ...library.store.getState().opened!, situation: single })).toBeUndefined();
});

test('a pair of one’s own is replayed with the set-up left to be found out, and again when flipped', async () => {
  const { answers, asked, replay } = slowly();
  const library = createLibrary(createSession(), replay, noFile);
  const opening = library.openOwn({ lan: new File(['l'], 'lan.pcap'), wan: new File(['w'], 'wan.pcap') });
  await turn();
  expect(asked[0]!.setup).toBeUndefined();
  answers[0]!(done(30));
  await opening;
  void library.flip(library.store.getState().opened!)!();
  await turn();
  expect(asked[1]!.setup).toEqual({ pptpHelper: true, firewall: false });
});
