/** What the makers of endpoints are given, and what they share. @module */
import type { ClientSetup, ServerSetup } from './experiment.ts';
import type { ClientVpn, ServerVpn, VpnKind } from './vpn.ts';

/** What every maker of a client is given. */
export interface ClientPart<Kind extends VpnKind = VpnKind> {
  readonly vpn: Extract<ClientVpn, { kind: Kind }>;
  readonly setup: ClientSetup;
  /** Its place among the clients of the experiment. */
  readonly index: number;
  readonly server: ServerSetup;
  readonly address: number;
  readonly serverIndex: number;
}

/** What every maker of a server is given. */
export interface ServerPart {
  readonly options: ServerVpn;
  /** All that the host offers. */
  readonly offers: readonly ServerVpn[];
  readonly setup: ServerSetup;
  readonly index: number;
  readonly address: number;
  readonly clients: readonly ClientPart[];
}

/** When a client pings through its tunnel, counted from the moment it is up: the proof that packets pass both ways. */
export const PINGS: readonly number[] = [0, 500_000, 1_000_000];

/** Leaves out what was not given: optional settings must be absent, not undefined. */
export function given<T extends object>(options: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: NonNullable<T[Key]>;
  };
}
