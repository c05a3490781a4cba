/** What the button that leads from drop to drop does at a place in the run. @module */
import { holdsOf, nextStopped, type Run, stepAt } from '../model/run.ts';

export interface NextStop {
  readonly of: 'drop' | 'change';
  /** `first`: nothing more comes, so it goes round to the beginning; `only`: one stands at the one there is. */
  readonly which: 'next' | 'first' | 'only';
}

/** Undefined where there is neither. */
export function nextStopOf(run: Run | undefined, position: number): NextStop | undefined {
  if (!run) return undefined;
  const first = nextStopped(run, -1, 1);
  if (first !== undefined) return { of: 'drop', which: whichOf(first, nextStopped(run, position, 1), position) };
  const places = [...holdsOf(run)].map((index) => stepAt(run, index));
  const [place] = places;
  if (place === undefined) return undefined;
  const next = places.find((each) => each > position);
  return { of: 'change', which: whichOf(place, next, position) };
}

function whichOf(first: number, next: number | undefined, position: number): NextStop['which'] {
  if (next !== undefined) return 'next';
  return first === position ? 'only' : 'first';
}

const WHICH = { next: 'Next', first: 'First', only: 'Only' } as const;

/** "Next drop", "First change" */
export function nextStopText(stop: NextStop | undefined): string {
  return stop ? `${WHICH[stop.which]} ${stop.of}` : 'No drops';
}
