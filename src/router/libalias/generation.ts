/**
 * The libraries that differ: FreeBSD 12.1's, and the one on FreeBSD's main branch today, whose table was rewritten.
 * Source: both built and fed; of main only the table, with 12.1's reading of packets.
 * @module
 */
import type { NatKind } from '../config.ts';
import { PERMANENT } from './link.ts';

export interface Generation {
  /** Whether a link whose time is over is gone when a packet asks for it; else only the sweep ends it. */
  readonly agesAtLookup: boolean;
  /** Whether the sweep rests while there is neither TCP nor UDP in the table. */
  readonly sweepsForPortsOnly: boolean;
  /** Whether a Call ID that another call has toward a server is replaced. */
  readonly keepsCallIdsApart: boolean;
  /** Seconds that a PPTP call may be idle; only GRE that leaves keeps it alive. */
  readonly callLife: number;
}

const GENERATIONS = {
  libalias: { agesAtLookup: false, sweepsForPortsOnly: false, keepsCallIdsApart: true, callLife: PERMANENT },
  'libalias-main': { agesAtLookup: true, sweepsForPortsOnly: true, keepsCallIdsApart: false, callLife: 60 },
} as const satisfies Readonly<Record<string, Generation>>;

/** Undefined where the router's NAT is not libalias. */
export function generationOf(nat: NatKind): Generation | undefined {
  return nat === 'libalias' || nat === 'libalias-main' ? GENERATIONS[nat] : undefined;
}
