/**
 * The log of a run: what routers noted in their tables and refused, how each conversation stood, what its user read and
 * what somebody did. Packets that only pass are in the list of packets.
 * @module
 */
import type { EntryView, TableChange } from '../../router/outcome.ts';
import type { Occurrence } from '../../world/trace.ts';
import { entryText } from '../model/entry.ts';
import { deedText, noteOf } from '../model/note.ts';
import { once } from '../model/once.ts';
import { type Run, stepAt } from '../model/run.ts';
import { viewOf } from '../model/step-view.ts';
import { titleOf } from '../model/title.ts';
import { removalText } from '../table/changes.ts';

/** What a line is about; a filter asks for some of them. */
export type LogKind = 'table' | 'stopped' | 'tunnel' | 'done';

export interface LogLine {
  readonly id: string;
  readonly kind: LogKind;
  /** Of its occurrence in the trace. */
  readonly index: number;
  /** Place among the steps to go to: the last one that had happened by then; -1 before the first. */
  readonly position: number;
  /** Microseconds. */
  readonly time: number;
  /** Name of the node that noted it. */
  readonly who: string;
  readonly says: string;
}

export const linesOf = once((run: Run): readonly LogLine[] =>
  run.trace.occurrences.flatMap((occurrence) => {
    const who = run.nodes.get(occurrence.node)?.name ?? occurrence.node;
    const position = stepAt(run, occurrence.index);
    return entriesOf(run, occurrence, position).map(({ kind, says }, i) => ({
      id: `${occurrence.index}.${i}`,
      kind,
      index: occurrence.index,
      position,
      time: occurrence.time,
      who,
      says,
    }));
  }),
);

type Entry = Pick<LogLine, 'kind' | 'says'>;

function entriesOf(run: Run, occurrence: Occurrence, position: number): readonly Entry[] {
  switch (occurrence.kind) {
    case 'phase':
    case 'symptom':
      return [{ kind: 'tunnel', says: deedText(occurrence) }];
    case 'intervention':
      return [{ kind: 'done', says: deedText(occurrence) }, ...tableLines(occurrence.changes)];
    case 'lost':
      return [{ kind: 'stopped', says: noteOf(run, occurrence) }];
    case 'routed':
      return [...tableLines(occurrence.outcome.changes), ...refusal(run, occurrence, position)];
    default:
      return [];
  }
}

function tableLines(changes: readonly TableChange[]): readonly Entry[] {
  return changes.flatMap((change) => {
    if (change.kind === 'created') return [{ kind: 'table' as const, says: `new ${lineOf(change.after)}` }];
    if (change.kind === 'updated') return [];
    return [{ kind: 'table' as const, says: `gone (${removalText(change)}): ${lineOf(change.before)}` }];
  });
}

function lineOf(entry: EntryView): string {
  const { protocol, inside, remote, outsideKey, plain } = entryText(entry);
  const name = entry.kind === 'expectation' ? 'expectation' : `entry #${entry.id}`;
  return `${name}, ${protocol} ${inside} to ${remote}${plain || entry.kind === 'expectation' ? '' : `, outside ${outsideKey}`}`;
}

function refusal(run: Run, occurrence: Extract<Occurrence, { kind: 'routed' }>, position: number): readonly Entry[] {
  const step = run.steps[position];
  if (step?.occurrence !== occurrence || step.fate !== 'stopped') return [];
  const short = viewOf(run, step)?.reasons[0]?.words.short ?? 'no reason given';
  return [{ kind: 'stopped', says: `stopped ${titleOf(occurrence.frame.bytes)}: ${short}` }];
}
