/** What a protocol's tracker is given and what it answers. One tracker a file, all of this shape. @module */
import type { Packet } from '../packet.ts';
import type { InvalidWhy } from '../reason.ts';
import { CONFIRMED } from './record.ts';
import type { ConnectionTable } from './table.ts';
import type { Timeouts } from './timeouts.ts';

/** Where in its way the packet is; checksums are verified on the way in only. */
export type Hook = 'prerouting' | 'output';

/** `repeat`: the entry is gone, look the packet up again. Anything else but `accept`: not part of the connection. */
export type TrackerAnswer = 'accept' | 'repeat' | InvalidWhy;

/** The part of connection tracking that trackers work on. */
export interface Tracking {
  readonly table: ConnectionTable;
  readonly timeouts: Timeouts;
  /** Seconds. */
  readonly now: number;
  /** Seconds that a UDP flow with answers must have lasted to count as a stream. */
  readonly streamAge: number;
  /** False where packets of this direction do not keep an entry alive. */
  readonly renews: boolean;
}

export type Tracker = (
  tracking: Tracking,
  packet: Packet,
  entry: number,
  direction: number,
  hook: Hook,
) => TrackerAnswer;

/** Gives the entry `seconds` from now; one that is not confirmed yet counts from its confirmation, which is also now. */
export function refresh(tracking: Tracking, entry: number, seconds: number): void {
  if (tracking.renews || !isConfirmed(tracking, entry)) tracking.table.setExpires(entry, tracking.now + seconds);
}

export function isConfirmed(tracking: Tracking, entry: number): boolean {
  return tracking.table.has(entry, CONFIRMED);
}

/** A table of states, by direction, row and present state, from a letter for each; `letters` has them in their order. */
export function stateTable(
  letters: string,
  directions: readonly (readonly string[])[],
): readonly (readonly Uint8Array[])[] {
  return directions.map((rows) => rows.map((row) => Uint8Array.from(row, (letter) => letters.indexOf(letter))));
}
