/** What a run of the page's own world depends on; the same choice gives the same run, byte for byte. @module */
import type { Switches, SwitchName } from '../../router/profiles/profile.ts';

export interface Chosen {
  /** Id of a scenario. */
  readonly scenario: string;
  /** Id of the home router's profile. */
  readonly profile: string;
  /** Of the home router, as the run begins. */
  readonly switches: Switches;
  readonly seed: number;
}

export function flipped(chosen: Chosen, name: SwitchName): Chosen {
  return { ...chosen, switches: { ...chosen.switches, [name]: !chosen.switches[name] } };
}

export const SWITCH_NAMES: Readonly<Record<SwitchName, string>> = {
  pptp: 'PPTP passthrough',
  l2tp: 'L2TP passthrough',
  ipsec: 'IPsec passthrough',
};
