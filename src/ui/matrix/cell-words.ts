/** What a cell of the matrix says: its face, and the whole of it as a sentence. @module */
import { OUTCOMES, type OutcomeWords } from '../../explain/outcomes.ts';
import type { Profile } from '../../router/profiles/profile.ts';
import { workingSwitches } from '../../scenarios/matrix.ts';
import type { Situation } from '../../scenarios/matrix-situations.ts';
import type { Code, Verdict } from '../../scenarios/matrix-verdict.ts';
import type { View } from './layout.ts';

/** How a cell is drawn: never by colour alone, its words are always there. */
export type Tone = 'works' | 'partly' | 'stopped' | 'elsewhere' | 'quiet';

const TONES: Readonly<Record<Code, Tone>> = {
  OK: 'works',
  'OK≠': 'works',
  '1st': 'partly',
  NEW: 'partly',
  mixed: 'partly',
  BLK: 'stopped',
  'X-out': 'stopped',
  'X-in': 'stopped',
  ICV: 'elsewhere',
  SRV: 'elsewhere',
  X: 'quiet',
  HOST: 'quiet',
  IN: 'elsewhere',
};

export function toneOf(code: Code): Tone {
  return TONES[code];
}

export function wordsOf(code: Code): OutcomeWords {
  return OUTCOMES[code];
}

export interface CellAt {
  readonly situation: Situation;
  readonly profile: Profile;
  readonly view: View;
}

/** "PPTP, 1 laptop, at DD-WRT, PPTP off" */
export function whereOf({ situation, profile, view }: CellAt): string {
  return `${situation.title}, at ${profile.name}, ${view.name}`;
}

/** Where the position says nothing of this router: its switches, or those that are off, do nothing. Else empty. */
export function exceptionText(profile: Profile, view: View): string {
  const working = workingSwitches(profile);
  if (working.length === 0) return 'switches do nothing';
  return view.name !== 'all on' && working.every((name) => view.switches[name]) ? 'as all on' : '';
}

/** "blocked. The rule of a switch drops it." */
export function fateText(verdict: Verdict | undefined): string {
  if (!verdict) return 'not run yet';
  const { short, says } = wordsOf(verdict.code);
  return `${short}. ${sentence(says)}`;
}

/** A clause as a sentence of its own. */
export function sentence(clause: string): string {
  return `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`;
}
