/** What is to be set up: a router's configuration, and for each part of it who asks for it. @module */
import type { HelperId, RouterConfig, Rule } from '../router/config.ts';
import {
  configOf,
  type Placement,
  type Profile,
  positionOf,
  SWITCHES,
  type Switches,
  type SwitchName,
} from '../router/profiles/profile.ts';
import type { Maker } from './gear.ts';

export interface Order {
  readonly config: RouterConfig;
  readonly ruleBy: (rule: Rule) => Maker;
  readonly helperBy: (helper: HelperId) => Maker;
  /** Who asks that no PPTP helper runs, where none does. */
  readonly noPptpBy: Maker;
  /** The switch in its present position. */
  readonly positionBy: (name: SwitchName) => Maker;
}

export function orderOf(profile: Profile, switches: Switches, placement: Placement): Order {
  const asker = (asks: (name: SwitchName) => boolean): Maker => {
    const name = SWITCHES.find(asks);
    return name === undefined ? 'router' : { switch: name, on: switches[name] };
  };
  const { on, off } = profile.switches.pptp;
  return {
    config: configOf(profile, switches, placement),
    noPptpBy: on.helpers || off.helpers ? { switch: 'pptp', on: switches.pptp } : 'router',
    ruleBy: (rule) => asker((name) => positionOf(profile, switches, name).rules?.includes(rule) ?? false),
    helperBy: (helper) =>
      profile.helpers?.includes(helper)
        ? 'router'
        : asker((name) => positionOf(profile, switches, name).helpers?.includes(helper) ?? false),
    // A switch that does nothing in either position makes nothing.
    positionBy: (name) =>
      profile.switches[name].on.says === profile.switches[name].off.says
        ? 'router'
        : { switch: name, on: switches[name] },
  };
}
