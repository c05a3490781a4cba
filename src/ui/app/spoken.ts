/** What a screen reader says of the run, without being asked. @module */
import { useEffect, useState } from 'react';
import type { Run, Step } from '../model/run.ts';
import { sentenceOf, whyOf } from '../model/sentence.ts';

/** Steps that follow one another faster than this are passed over in silence, but for the last. Milliseconds. */
const REST_MS = 200;

/**
 * The step at which one has come to rest; while the run plays, nothing. Who walks through a list hears its rows
 * already: there only the reason is left to be said.
 */
export function useSpoken(run: Run, step: Step | undefined, playing: boolean): string {
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const waiting = setTimeout(() => {
      if (playing) setSpoken('');
      else setSpoken(isInList(document.activeElement) ? whyOf(run, step) : sentenceOf(run, step));
    }, REST_MS);
    return () => clearTimeout(waiting);
  }, [run, step, playing]);
  return spoken;
}

function isInList(element: Element | null): boolean {
  return element?.closest('[data-steps]') != null;
}
