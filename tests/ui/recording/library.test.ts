import { expect, test } from 'vitest';
import { situations } from '../../../src/ui/recording/catalogue.ts';
import { createLibrary } from '../../../src/ui/recording/library.ts';
import type { Progress, ReplayAnswer, RouterSetup } from '../../../src/ui/recording/messages.ts';
import type { Replayer } from '../../../src/ui/recording/replayer.ts';
import { createSession } from '../../../src/ui/session/session.ts';
import { twoLaptopsOff } from '../support/runs.ts';

const RECORDED = { profile: 'linux', switches: { pptp: false, l2tp: true, ipsec: true }, firewall: false };
const HELPED = { ...RECORDED, switches: { ...RECORDED.switches, pptp: true } };

/** A replayer that answers when it is told to. */
function slowly() {
  const asked: (RouterSetup | undefined)[] = [];
  const answers: ((answer: ReplayAnswer) => void)[] = [];
  const reports: ((progress: Progress) => void)[] = [];
  let cancelled = 0;
  const replayer: Replayer = {
    replay: (_files, setup, progress) => {
      asked.push(setup);
      reports.push(progress);
      return new Promise((resolve) => answers.push(resolve));
    },
    cancel: () => {
      cancelled++;
    },
  };
  return { asked, answers, reports, replayer, cancelled: () => cancelled };
}

const done = (agreed: number): ReplayAnswer => ({
  ok: true,
  replayed: {
    trace: twoLaptopsOff().trace,
    setup: RECORDED,
    pptpHelper: false,
    greByAddresses: false,
    sides: 'both',
    packets: 30,
    compared: 30,
    agreed,
    unasked: 0,
    cut: { routed: 0, leftOut: 0 },
    tunnels: [],
    notices: [],
  },
});

const noFile = () => Promise.resolve(new ArrayBuffer(0));
const turn = () => new Promise((resolve) => setTimeout(resolve));
const [first, second] = [situations[0]!, situations[1]!];

test('a recording opens with its story, its set-up and laptops by name', async () => {
  const session = createSession();
  const { answers, asked, replayer } = slowly();
  const library = createLibrary(session, replayer, noFile);
  const opening = library.open(first);
  expect(library.store.getState().loading?.title).toBe(first.title);
  await turn();
  expect(asked[0]).toEqual(RECORDED);
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
  const { answers, replayer } = slowly();
  const library = createLibrary(createSession(), replayer, noFile);
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
  const { answers, replayer } = slowly();
  const library = createLibrary(createSession(), replayer, noFile);
  const opening = library.open(first);
  await turn();
  answers[0]!(done(30));
  await opening;
  const failing = library.openOwn({ lan: new File([], 'a'), wan: new File([], 'b') });
  await turn();
  answers[1]!({ ok: false, what: 'The LAN file is empty.' });
  await failing;
  expect(library.store.getState()).toMatchObject({
    trouble: 'a and b: not opened. The LAN file is empty.',
    loading: undefined,
  });
  expect(library.store.getState().opened?.title).toBe(first.title);
});

test('a file that cannot be fetched is no crash', async () => {
  const library = createLibrary(createSession(), slowly().replayer, () => Promise.reject(new Error('offline')));
  await library.open(first);
  expect(library.store.getState().trouble).toBe('The files could not be read (offline).');
});

test('a switch leads to the other recording of the situation; any other router is a replay of the one that is open', async () => {
  const { answers, asked, replayer } = slowly();
  const library = createLibrary(createSession(), replayer, noFile);
  const opening = library.open(first);
  await turn();
  answers[0]!(done(30));
  await opening;
  const { opened } = library.store.getState();
  const flipped = library.replayThrough(opened!, HELPED);
  await turn();
  answers[1]!(done(30));
  await flipped;
  expect(library.store.getState().opened?.outcome).toBe(first.on!.outcome);
  const elsewhere = library.replayThrough(opened!, { ...RECORDED, profile: 'pf' });
  await turn();
  answers[2]!(done(12));
  await elsewhere;
  expect(asked).toEqual([RECORDED, HELPED, { ...RECORDED, profile: 'pf' }]);
  expect(library.store.getState().opened?.outcome).toBe('');
});

test('a capture of one’s own is replayed with the set-up left to be found out, and comes to rest at its first drop', async () => {
  const { answers, asked, replayer } = slowly();
  const session = createSession();
  const library = createLibrary(session, replayer, noFile);
  const opening = library.openOwn({ lan: new File(['l'], 'lan.pcap'), wan: new File(['w'], 'wan.pcap') });
  await turn();
  expect(asked[0]).toBeUndefined();
  answers[0]!(done(30));
  await opening;
  const { run, cursor, playing } = session.getState();
  expect(run?.steps.find(({ fate }) => fate === 'stopped')?.index).toBe(cursor);
  expect(playing).toBe(false);
});

test('what is given up is ended, its answer comes too late, and what was open stays', async () => {
  const { answers, reports, replayer, cancelled } = slowly();
  const library = createLibrary(createSession(), replayer, noFile);
  const opening = library.open(first);
  await turn();
  answers[0]!(done(30));
  await opening;
  const late = library.openOwn({ lan: new File([], 'a') });
  await turn();
  reports[1]!({ doing: 'replaying', done: 5, of: 10, unit: 'packets' });
  expect(library.store.getState().loading?.progress?.done).toBe(5);
  library.cancel();
  answers[1]!(done(1));
  await late;
  expect(cancelled()).toBe(1);
  expect(library.store.getState()).toMatchObject({ loading: undefined, trouble: undefined });
  expect(library.store.getState().opened?.title).toBe(first.title);
});
