/**
 * How far a TCP connection has got, and how long its link may be idle therefore. Only flags are looked at: a SYN of each
 * side makes a connection, a FIN or RST of either half ends it, and one RST is no more than one FIN.
 * Source: FreeBSD 12.1 libalias, measured.
 * @module
 */
import { LIFE, STATE } from './link.ts';
import type { LinkTable } from './link-table.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;

/** States of a side. */
const SILENT = 0;
const CONNECTED = 1;
const CLOSED = 2;
const SIDE = 3;

export type Direction = 'out' | 'in';

export interface TcpLives {
  readonly opening: number;
  readonly connected: number;
  readonly halfClosed: number;
  readonly closed: number;
}

/** Looks at the flags of a segment that passes in this direction. */
export function watch(table: LinkTable, link: number, direction: Direction, flags: number, lives: TcpLives): void {
  const state = table.get(link, STATE);
  const shift = direction === 'out' ? 0 : 2;
  const mine = (state >> shift) & SIDE;
  const next = nextState(mine, flags);
  if (next === mine) return;
  table.set(link, STATE, (state & ~(SIDE << shift)) | (next << shift));
  const isOtherConnected = ((state >> (2 - shift)) & SIDE) === CONNECTED;
  if (next === CLOSED) table.set(link, LIFE, isOtherConnected ? lives.halfClosed : lives.closed);
  else if (isOtherConnected) table.set(link, LIFE, lives.connected);
}

function nextState(mine: number, flags: number): number {
  if (mine === SILENT) return (flags & RST) !== 0 ? CLOSED : (flags & SYN) !== 0 ? CONNECTED : SILENT;
  return mine === CONNECTED && (flags & (FIN | RST)) !== 0 ? CLOSED : mine;
}

/** For those who look at the table. */
export function stateName(state: number): string {
  const sides = [state & SIDE, (state >> 2) & SIDE];
  const closed = sides.filter((side) => side === CLOSED).length;
  if (closed > 0) return closed === 2 || !sides.includes(CONNECTED) ? 'CLOSED' : 'HALF-CLOSED';
  return sides.every((side) => side === CONNECTED) ? 'CONNECTED' : 'OPENING';
}
