/** Replays captures in a worker, one at a time; the page stays awake. @module */
import type { Occurrence } from '../../world/trace.ts';
import { whenFree } from './life-lock.ts';
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

export function startReplayer(start = newWorker, onFree = whenFree): Replayer {
  return new OneAtATime(start, onFree);
}

class OneAtATime implements Replayer {
  private readonly start: () => Worker;
  private readonly onFree: typeof whenFree;
  private task: Task | undefined;
  private last = 0;
  /** None after one broke: where it cannot even be fetched, beginning another at once would never end. */
  private worker: Worker | undefined;

  constructor(start: () => Worker, onFree: typeof whenFree) {
    this.start = start;
    this.onFree = onFree;
    this.worker = this.begin();
  }

  readonly replay: Replayer['replay'] = (files, setup, progress) => {
    this.cancel();
    const id = ++this.last;
    return new Promise((resolve) => {
      this.task = { id, occurrences: [], progress, resolve };
      this.worker ??= this.begin();
      this.worker.postMessage({ id, files, ...(setup ? { setup } : {}) } satisfies ReplayRequest);
    });
  };

  /** A worker in the middle of its work hears nothing: it can only be ended. */
  readonly cancel = (): void => {
    if (!this.task) return;
    this.worker?.terminate();
    this.task = undefined;
    this.worker = this.begin();
  };

  private begin(): Worker {
    const fresh = this.start();
    fresh.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data.kind === 'alive') this.onFree(data.lock, () => this.giveUp(fresh, ENDED));
      else if (data.id === this.task?.id) this.take(this.task, data);
    });
    fresh.addEventListener('error', ({ message }) => this.giveUp(fresh, brokeDown(message)));
    return fresh;
  }

  private take(task: Task, data: Exclude<FromWorker, { kind: 'alive' }>): void {
    if (data.kind === 'progress') task.progress(data.progress);
    else if (data.kind === 'part') for (const each of data.occurrences) task.occurrences.push(each);
    else {
      this.task = undefined;
      task.resolve(whole(data.answer, task.occurrences));
    }
  }

  /** One that has been ended already is nobody's any more. */
  private giveUp(broken: Worker, what: string): void {
    if (this.worker !== broken) return;
    const { task } = this;
    this.task = undefined;
    broken.terminate();
    this.worker = undefined;
    task?.resolve({ ok: false, what });
  }
}

const ENDED = 'The browser ended the replay of these files, most likely because it ran short of memory.';

function brokeDown(message: string): string {
  return `The replay broke down on these files, by a mistake of ours${message ? ` (${message})` : ''}.`;
}

/** With the occurrences that came before it, part by part. */
function whole(answer: ReplayAnswer, occurrences: readonly Occurrence[]): ReplayAnswer {
  if (!answer.ok) return answer;
  const { replayed } = answer;
  return { ok: true, replayed: { ...replayed, trace: { ...replayed.trace, occurrences } } };
}

function newWorker(): Worker {
  return new Worker(new URL('./replay.worker.ts', import.meta.url), { type: 'module' });
}
