/** All scenarios, in the order in which they are offered; the first is the one a stranger meets. @module */
import { around } from './around.ts';
import { ipsec } from './ipsec.ts';
import { ipsecNatt } from './ipsec-natt.ts';
import { l2tp } from './l2tp.ts';
import { network } from './network.ts';
import { ordinary } from './ordinary.ts';
import { pptp } from './pptp.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...pptp,
  ...l2tp,
  ...ipsec,
  ...ipsecNatt,
  ...ordinary,
  ...around,
  ...network,
];

export function scenarioOf(id: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.id === id);
}
