/** All scenarios, in the order in which they are offered; the first is the one a stranger meets. @module */
import { pptp } from './pptp.ts';
import type { Scenario } from './scenario.ts';

export const SCENARIOS: readonly Scenario[] = [...pptp];

export function scenarioOf(id: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.id === id);
}
