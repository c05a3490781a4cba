/**
 * A scenario: a world as data, with its story and with claims that must hold in its run. A scenario that stops being
 * true fails the tests.
 * @module
 */
import type { Switches } from '../router/profiles/profile.ts';
import type { Experiment } from '../world/experiment.ts';
import type { Claim } from './claim.ts';

export type Family = 'pptp' | 'l2tp' | 'ipsec' | 'ordinary' | 'around' | 'network';

/** The same scenario at another router, or with switches set otherwise: what changes, and what must hold then. */
export interface Variant {
  /** "with PPTP passthrough on" */
  readonly says: string;
  readonly profile?: string;
  readonly switches?: Partial<Switches>;
  readonly claims: readonly Claim[];
}

export interface Scenario {
  readonly id: string;
  readonly family: Family;
  readonly title: string;
  /** Two sentences: who wants what, and what happens. */
  readonly story: string;
  readonly experiment: Experiment;
  readonly claims: readonly Claim[];
  readonly variants?: readonly Variant[];
}
