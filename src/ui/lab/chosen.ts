/** What a run of the page's own world depends on: the same choice gives the same run, byte for byte. @module */
import type { SwitchName } from '../../router/profiles/profile.ts';
import { vary } from '../../scenarios/vary.ts';
import type { Experiment, RouterSetup } from '../../world/experiment.ts';
import { once } from '../model/once.ts';

/** Where an experiment comes from, and so what it is called: a scenario, a row of the matrix, or somebody's own. */
export type Origin = { readonly kind: 'scenario' | 'situation'; readonly id: string } | { readonly kind: 'own' };

export interface Chosen {
  readonly origin: Origin;
  /** As its origin has it, or changed by whoever looks at it. */
  readonly experiment: Experiment;
}

/** The router at home: the one whose switches can be reached. */
export function homeOf({ experiment }: Chosen): RouterSetup {
  return experiment.routers[0];
}

/** The same with a switch in its other position as the run begins; the same choice each time it is asked for. */
export function flipped(chosen: Chosen, name: SwitchName): Chosen {
  return flips(chosen)(name);
}

const flips = once((chosen: Chosen) => {
  const made = new Map<SwitchName, Chosen>();
  return (name: SwitchName): Chosen => {
    const { switches } = homeOf(chosen);
    const known = made.get(name) ?? {
      ...chosen,
      experiment: vary(chosen.experiment, { switches: { [name]: !switches[name] } }),
    };
    made.set(name, known);
    return known;
  };
});

export const SWITCH_NAMES: Readonly<Record<SwitchName, string>> = {
  pptp: 'PPTP passthrough',
  l2tp: 'L2TP passthrough',
  ipsec: 'IPsec passthrough',
};
