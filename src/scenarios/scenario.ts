/**
 * A scenario: a world as data, with its story and with claims that must hold in its run. A scenario that stops being
 * true fails the tests.
 * @module
 */
import type { Experiment } from '../world/experiment.ts';
import type { Claim } from './claim.ts';

export type Family = 'pptp' | 'l2tp' | 'ipsec' | 'ordinary' | 'around' | 'network';

export interface Scenario {
  readonly id: string;
  readonly family: Family;
  readonly title: string;
  /** Two sentences: who wants what, and what happens. */
  readonly story: string;
  readonly experiment: Experiment;
  readonly claims: readonly Claim[];
}
