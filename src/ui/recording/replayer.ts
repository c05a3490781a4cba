/** Replays captures in a worker, one at a time; the page stays awake. @module */
import type { ReplayAnswer, ReplayRequest } from './messages.ts';

export type Replay = (request: Omit<ReplayRequest, 'id'>) => Promise<ReplayAnswer>;

export function startReplayer(): Replay {
  const worker = new Worker(new URL('./replay.worker.ts', import.meta.url), { type: 'module' });
  const waiting = new Map<number, (answer: ReplayAnswer) => void>();
  let last = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<ReplayAnswer>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  worker.addEventListener('error', () => {
    for (const [id, answer] of waiting) answer({ id, ok: false, what: 'The replay itself broke down on these files.' });
    waiting.clear();
  });
  return (request) => {
    const id = ++last;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage({ ...request, id } satisfies ReplayRequest);
    });
  };
}
