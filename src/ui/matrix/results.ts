/**
 * What the matrix has found so far. Kept for the visit, whichever screen is shown; the work itself stops when the
 * matrix is left, and goes on where it was when somebody comes back.
 * @module
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { profileOf } from '../../router/profiles/index.ts';
import type { Verdict } from '../../scenarios/matrix-verdict.ts';
import { cellKey, VIEWS } from './layout.ts';
import type { MatrixAnswer, MatrixRequest } from './messages.ts';
import { CELLS } from './work.ts';

export interface Results {
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Cells in all. */
  readonly total: number;
  readonly state: 'waiting' | 'running' | 'done' | 'broken';
  /** Id of the position that is looked at. */
  readonly view: string;
  /** Id of the only group that is shown; undefined for all. */
  readonly group: string | undefined;
  /** The cell that had the focus last, and the one that is pointed at or has it. */
  readonly place: CellPlace | undefined;
  readonly pointed: CellPlace | undefined;
}

/** As ids. */
export interface CellPlace {
  readonly situation: string;
  readonly profile: string;
}

export interface MatrixHandle {
  readonly store: StoreApi<Results>;
  /** Begins to run what is not known yet. Answers how to stop. */
  readonly enter: () => () => void;
  readonly look: (view: string) => void;
}

/** Someone who runs cells: tests hand in their own. */
export interface Runner {
  readonly post: (request: MatrixRequest) => void;
  readonly stop: () => void;
}

export type StartRunner = (onAnswer: (answer: MatrixAnswer) => void, onBroken: () => void) => Runner;

export function createMatrix(start: StartRunner): MatrixHandle {
  const store = createStore<Results>(() => ({
    verdicts: new Map(),
    total: CELLS,
    state: 'waiting',
    view: VIEWS[0].id,
    group: undefined,
    place: undefined,
    pointed: undefined,
  }));
  let runner: Runner | undefined;

  function take(cells: MatrixAnswer): void {
    if (cells.length === 0) {
      stop('done');
      return;
    }
    const verdicts = new Map(store.getState().verdicts);
    for (const { situation, profile, switches, verdict } of cells)
      verdicts.set(cellKey(situation, profileOf(profile)!, switches), verdict);
    store.setState({ verdicts });
  }

  function stop(state: Results['state']): void {
    runner?.stop();
    runner = undefined;
    store.setState({ state });
  }

  return {
    store,
    enter: () => {
      const { verdicts, view, state } = store.getState();
      if (state !== 'done' && !runner) {
        store.setState({ state: 'running' });
        runner = start(take, () => stop('broken'));
        runner.post({ do: 'begin', view, known: [...verdicts.keys()] });
      }
      return () => {
        if (runner) stop('waiting');
      };
    },
    look: (view) => {
      store.setState({ view });
      runner?.post({ do: 'prefer', view });
    },
  };
}

const startWorker: StartRunner = (onAnswer, onBroken) => {
  const worker = new Worker(new URL('./matrix.worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<MatrixAnswer>) => onAnswer(data));
  worker.addEventListener('error', onBroken);
  return { post: (request) => worker.postMessage(request), stop: () => worker.terminate() };
};

/** The page's own, for as long as the page is open. */
export const matrixOfThisVisit = createMatrix(startWorker);
