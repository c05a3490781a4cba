/** Runs that show something, named as data: what is said in words points at bytes that bear it out. @module */
import type { SwitchName } from '../router/profiles/profile.ts';

/** The packet to look at: the first one at a router that is all of this. */
export interface Sight {
  /** Node that sent it. */
  readonly from: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** Destination port. */
  readonly port?: number;
  /** Only after somebody has done something to the router. */
  readonly afterIntervention?: boolean;
}

/** A cell of the matrix: all switches are on but those named. */
export interface ShownCell {
  readonly situation: string;
  readonly profile: string;
  readonly off?: readonly SwitchName[];
  /** The code of its verdict. */
  readonly finds: string;
  /** Left out, the step that decides. */
  readonly sight?: Sight;
}

export type Shown = { readonly scenario: string; readonly sight?: Sight } | ShownCell;

export const EVERY_SWITCH = ['pptp', 'l2tp', 'ipsec'] as const;

export function cell(finds: string, situation: string, profile: string, ...off: readonly SwitchName[]): ShownCell {
  return { situation, profile, finds, ...(off.length > 0 ? { off } : {}) };
}
