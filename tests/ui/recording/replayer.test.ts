import { expect, test } from 'vitest';
import type { FromWorker } from '../../../src/ui/recording/messages.ts';
import { startReplayer } from '../../../src/ui/recording/replayer.ts';

/** A worker that does as it is told by the test. */
class Told extends EventTarget {
  readonly asked: number[] = [];
  ended = false;

  postMessage({ id }: { readonly id: number }): void {
    this.asked.push(id);
  }

  terminate(): void {
    this.ended = true;
  }

  answers(data: FromWorker): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  breaks(): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message: 'out of paper' }));
  }
}

function replayer() {
  const workers: Told[] = [];
  const locks = new Map<string, () => void>();
  const start = () => {
    const worker = new Told();
    workers.push(worker);
    return worker as unknown as Worker;
  };
  const made = startReplayer(start, (lock, then) => locks.set(lock, then));
  return { ...made, workers, locks, ask: () => made.replay({ lan: new Blob() }, undefined, () => undefined) };
}

const refused = (what: string) => ({ ok: false, what }) as const;

test('a worker that breaks answers who waits, and the next replay has one of its own', async () => {
  const { workers, ask } = replayer();
  const first = ask();
  workers[0]!.breaks();
  expect(await first).toMatchObject({ ok: false, what: expect.stringContaining('out of paper') });
  const second = ask();
  workers[1]!.answers({ id: workers[1]!.asked[0]!, kind: 'answer', answer: refused('not a capture') });
  expect(await second).toEqual(refused('not a capture'));
});

test('a worker that goes without a word is noticed by its lock, and the next replay has one of its own', async () => {
  const { workers, locks, ask } = replayer();
  const first = ask();
  workers[0]!.answers({ id: workers[0]!.asked[0]!, kind: 'alive', lock: 'of the first' });
  locks.get('of the first')!();
  expect(await first).toMatchObject({ ok: false, what: expect.stringContaining('The browser ended the replay') });
  const second = ask();
  workers[1]!.answers({ id: workers[1]!.asked[0]!, kind: 'answer', answer: refused('not a capture') });
  expect(await second).toEqual(refused('not a capture'));
});

test('the lock of a worker that was ended on purpose says nothing of the next one', async () => {
  const { workers, locks, ask } = replayer();
  void ask();
  workers[0]!.answers({ id: workers[0]!.asked[0]!, kind: 'alive', lock: 'of the first' });
  const second = ask();
  locks.get('of the first')!();
  workers[1]!.answers({ id: workers[1]!.asked[0]!, kind: 'answer', answer: refused('in time') });
  expect(await second).toEqual(refused('in time'));
});

test('a worker that cannot be had is not begun again until somebody needs it', () => {
  const { workers } = replayer();
  workers[0]!.breaks();
  expect(workers).toHaveLength(1);
});

test('a later replay ends the one before, whose answer does not reach it', async () => {
  const { workers, ask } = replayer();
  void ask();
  const second = ask();
  const [early, late] = workers as [Told, Told];
  expect(early.ended).toBe(true);
  early.answers({ id: early.asked[0]!, kind: 'answer', answer: refused('too late') });
  late.answers({ id: late.asked[0]!, kind: 'answer', answer: refused('in time') });
  expect(await second).toEqual(refused('in time'));
});

test('what was cancelled is ended at once', () => {
  const { workers, ask, cancel } = replayer();
  void ask();
  cancel();
  expect(workers.map(({ ended }) => ended)).toEqual([true, false]);
});
