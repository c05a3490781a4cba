/** What a step did to an entry, in a few words. @module */
import type { EntryView, TableChange } from '../../router/outcome.ts';
import { answersText } from '../model/entry.ts';
import type { TableRow } from '../model/table.ts';

const WHY: Readonly<Record<Extract<TableChange, { kind: 'removed' }>['why'], string>> = {
  expired: 'ran out',
  flushed: 'flushed',
  closed: 'closed',
  evicted: 'evicted',
  replaced: 'replaced',
};

/** Empty where the step did not touch the entry. */
export function changeText({ change, used, inTheWay }: TableRow): string {
  if (inTheWay) return 'in the way';
  switch (change?.kind) {
    case 'created':
      return 'new';
    case 'removed':
      return removalText(change);
    case 'updated':
      return updates(change.before, change.after).join(', ') || 'renewed';
    case undefined:
      return used ? 'matched' : '';
  }
}

export function removalText({ before, why }: Extract<TableChange, { kind: 'removed' }>): string {
  // An expectation is not replaced: the flow it announced has come.
  return before.kind === 'expectation' && why === 'replaced' ? 'came true' : WHY[why];
}

function updates(before: EntryView, after: EntryView): string[] {
  const said: string[] = [];
  if (before.kind !== after.kind) said.push('no longer only expected');
  if (before.state !== after.state) said.push(`${before.state ?? 'none'} → ${after.state ?? 'none'}`);
  if (!before.flags.seenReply && after.flags.seenReply) said.push('answered');
  if (!before.flags.assured && after.flags.assured) said.push('assured');
  if (before.answersTo !== after.answersTo) said.push(answersText(after) || 'gets the answers again');
  if (before.helper !== after.helper) said.push(`helper ${after.helper ?? 'gone'}`);
  return said;
}

/** Seconds left at a moment, as a person reads them. */
export function timeLeft(entry: EntryView, micros: number): string {
  if (entry.expiresAt === Number.POSITIVE_INFINITY) return 'no end';
  const left = Math.round(entry.expiresAt - micros / 1e6);
  if (left < 0) return entry.swept ? 'until swept' : 'run out';
  if (left < 120) return `${left} s`;
  if (left < 7200) return `${Math.round(left / 60)} min`;
  const hours = Math.round(left / 3600);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}
