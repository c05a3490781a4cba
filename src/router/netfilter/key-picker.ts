/** Who chooses the source that a new flow shows outside. @module */
import type { Side } from './rewrite.ts';
import type { Tuple } from './tuple.ts';

/** Where a binding may lead: one address, and one key where a helper has fixed it. */
export interface Range {
  readonly address: number;
  readonly key?: number;
}

export interface KeyPicker {
  /**
   * `current` is the flow as it looks now; the choice goes into `chosen`. May end in a duplicate, caught at confirm.
   * Answers false, and tells why, where there is nothing to choose from.
   */
  choose(entry: number, side: Side, range: Range, current: Tuple, chosen: Tuple): boolean;
}

/** Puts the binding's address, and its key if it is fixed, on one side. */
export function place(side: Side, range: Range, current: Tuple, chosen: Tuple): void {
  chosen.copy(current);
  if (side === 'source') chosen.source = range.address | 0;
  else chosen.destination = range.address | 0;
  if (range.key === undefined) return;
  if (side === 'source') chosen.setKeys(range.key, chosen.destinationKey);
  else chosen.setKeys(chosen.sourceKey, range.key);
}
