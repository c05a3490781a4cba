/** What the button that leads from drop to drop does at a place in the run. @module */
import { holdsOf, nextStopped, type Run, stepAt } from '../model/run.ts';

export interface NextStop {
  /** `key step`: where playing holds, in a run without drops. */
  readonly of: 'drop' | 'key step';
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
  return { of: 'key step', which: whichOf(place, next, position) };
}

function whichOf(first: number, next: number | undefined, position: number): NextStop['which'] {
  if (next !== undefined) return 'next';
  return first === position ? 'only' : 'first';
}

const WHICH = { next: 'Next', first: 'First', only: 'At the' } as const;

/** "Next drop", "First key step", "At the drop" */
export function nextStopText(stop: NextStop | undefined): string {
  return stop ? `${WHICH[stop.which]} ${stop.of}` : 'No drops';
}
