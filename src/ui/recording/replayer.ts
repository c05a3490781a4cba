/** Replays captures in a worker, one at a time; the page stays awake. @module */
import type { Occurrence } from '../../world/trace.ts';
import type { CaptureFiles, FromWorker, Progress, ReplayAnswer, ReplayRequest, RouterSetup } from './messages.ts';

export interface Replayer {
  readonly replay: (
    files: CaptureFiles,
    setup: RouterSetup | undefined,
    progress: (progress: Progress) => void,
  ) => Promise<ReplayAnswer>;
  /** Ends what is under way, at once; its answer never comes. */
  readonly cancel: () => void;
}

interface Task {
  readonly id: number;
  readonly occurrences: Occurrence[];
  readonly progress: (progress: Progress) => void;
  readonly resolve: (answer: ReplayAnswer) => void;
}

export function startReplayer(start: () => Worker = newWorker): Replayer {
  let task: Task | undefined;
  let last = 0;
  /** None after one broke: where it cannot even be fetched, beginning another at once would never end. */
  let worker: Worker | undefined = begin();

  function begin(): Worker {
    const fresh = start();
    fresh.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.id === task?.id) take(task, data);
    });
    fresh.addEventListener('error', ({ message }) => {
      if (worker !== fresh) return;
      const broken = task;
      task = undefined;
      worker.terminate();
      worker = undefined;
      broken?.resolve({
        ok: false,
        what: `The replay broke down on these files, by a mistake of ours${message ? ` (${message})` : ''}.`,
      });
    });
    return fresh;
  }

  /** A worker in the middle of its work hears nothing: it can only be ended. */
  function stop(): void {
    worker?.terminate();
    task = undefined;
    worker = begin();
  }

  function take(given: Task, data: FromWorker): void {
    if (data.kind === 'progress') given.progress(data.progress);
    else if (data.kind === 'part') for (const each of data.occurrences) given.occurrences.push(each);
    else {
      task = undefined;
      const { answer } = data;
      if (!answer.ok) given.resolve(answer);
      else {
        const trace = { ...answer.replayed.trace, occurrences: given.occurrences };
        given.resolve({ ok: true, replayed: { ...answer.replayed, trace } });
      }
    }
  }

  return {
    replay: (files, setup, progress) => {
      if (task) stop();
      const id = ++last;
      return new Promise((resolve) => {
        task = { id, occurrences: [], progress, resolve };
        worker ??= begin();
        worker.postMessage({ id, files, ...(setup ? { setup } : {}) } satisfies ReplayRequest);
      });
    },
    cancel: () => {
      if (task) stop();
    },
  };
}

function newWorker(): Worker {
  return new Worker(new URL('./replay.worker.ts', import.meta.url), { type: 'module' });
}
