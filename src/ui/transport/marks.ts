/** The run as marks on the timeline: at most as many as there is room for. @module */
import type { Family } from '../design/families.ts';
import { familyOf } from '../model/packet.ts';
import type { Run, Step } from '../model/run.ts';

export interface Mark {
  /** 0 … 1 along the line. */
  readonly at: number;
  readonly family: Family | undefined;
  readonly stopped: boolean;
}

/** Where step `position` stands; -1, before the first, is the line's beginning. */
export function markAt(position: number, steps: number): number {
  return (position + 1) / Math.max(1, steps);
}

export function marksOf(run: Run, room: number): readonly Mark[] {
  const { steps } = run;
  const each = Math.max(1, Math.ceil(steps.length / room));
  const marks: Mark[] = [];
  for (let i = 0; i < steps.length; i += each) {
    const group = steps.slice(i, i + each);
    const telling = group.find((step) => step.fate === 'stopped') ?? group[0]!;
    marks.push({ at: markAt(i, steps.length), family: hueOf(telling), stopped: telling.fate === 'stopped' });
  }
  return marks;
}

function hueOf({ occurrence }: Step): Family | undefined {
  return 'frame' in occurrence ? familyOf(occurrence.frame.bytes) : undefined;
}
