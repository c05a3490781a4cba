/**
 * The matrix: every situation at every router profile with its switches in every position that makes a difference. Each
 * cell is a run of the world, judged by its trace.
 *
 * A rule that no packet meets changes nothing: where the same router without its rules has been run, and nothing that a
 * laptop sent fits one of them, that run stands for both.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import type { Rule } from '../router/config.ts';
import {
  chainsOf,
  helpersOf,
  type Position,
  type Profile,
  SWITCHES,
  type Switches,
  type SwitchName,
} from '../router/profiles/profile.ts';
import { run } from '../world/run.ts';
import type { Trace } from '../world/trace.ts';
import { experimentOf, firewallOf, type Situation } from './matrix-situations.ts';
import { judge, type Verdict } from './matrix-verdict.ts';

export interface Cell {
  readonly profile: string;
  readonly situation: string;
  readonly switches: Switches;
  readonly verdict: Verdict;
}

const ALL_ON: Switches = { pptp: true, l2tp: true, ipsec: true };

/** The switches whose positions differ in what they do. */
export function workingSwitches(profile: Profile): readonly SwitchName[] {
  const does = ({ helpers = [], rules = [] }: Position) => JSON.stringify([helpers, rules]);
  return SWITCHES.filter((name) => does(profile.switches[name].on) !== does(profile.switches[name].off));
}

/** All positions that differ, from everything on to everything off. A switch that does nothing counts as on. */
export function positionsOf(profile: Profile): readonly Switches[] {
  let positions: readonly Switches[] = [ALL_ON];
  for (const name of workingSwitches(profile))
    positions = positions.flatMap((each) => [each, { ...each, [name]: false }]);
  return positions;
}

/** The position in which a cell has it: a switch that does nothing at this router counts as on. */
export function positionAt(profile: Profile, switches: Switches): Switches {
  const working = workingSwitches(profile);
  return { ...ALL_ON, ...Object.fromEntries(working.map((name) => [name, switches[name]])) };
}

/** A router with its switches in some position: a column of the matrix. */
export interface Place {
  readonly profile: Profile;
  readonly switches: Switches;
}

/** Runs router by router, so that a caller may show each as soon as it is known. */
export function* matrix(
  profiles: readonly Profile[],
  situations: readonly Situation[],
): Generator<readonly [Profile, readonly Cell[]]> {
  const known = situations.map((): KnownRuns => new Map());
  for (const profile of profiles) {
    const places = positionsOf(profile).map((switches) => ({ profile, switches }));
    yield [profile, situations.flatMap((situation, row) => [...rowOf(situation, places, known[row])])];
  }
}

/** Runs of one situation, by what the router is without its rules; they may stand for others. */
export type KnownRuns = Map<string, Judged>;

/** A row of the matrix, those without rules first. Whoever asks for it in parts hands the same `known` to each. */
export function* rowOf(situation: Situation, places: readonly Place[], known: KnownRuns = new Map()): Generator<Cell> {
  const bare = ({ profile, switches }: Place) => dropsOf(profile, switches).length === 0;
  for (const { profile, switches } of [...places.filter(bare), ...places.filter((each) => !bare(each))])
    yield {
      profile: profile.id,
      situation: situation.id,
      switches,
      verdict: verdictOf(known, profile, switches, situation),
    };
}

interface Judged {
  readonly verdict: Verdict;
  /** What laptops sent, as protocol and destination port. */
  readonly sent: readonly (readonly [protocol: number, port: number])[];
}

function verdictOf(known: KnownRuns, profile: Profile, switches: Switches, situation: Situation): Verdict {
  const drops = dropsOf(profile, switches);
  const key = JSON.stringify([profile.core, firewallOf(profile), helpersOf(profile, switches)]);
  const same = known.get(key);
  if (same && !same.sent.some(([protocol, port]) => drops.some((rule) => meets(rule, protocol, port))))
    return same.verdict;
  const trace = run(experimentOf(situation, profile, switches));
  const verdict = judge(trace);
  if (drops.length === 0) known.set(key, { verdict, sent: sentBy(trace) });
  return verdict;
}

/** The rules of the switches that stop something. */
function dropsOf(profile: Profile, switches: Switches): readonly Rule[] {
  return chainsOf(profile, switches, false).forward.rules.filter(({ verdict }) => verdict !== 'accept');
}

/** May the rule fit such a packet? Whatever else it asks for is taken as given. */
function meets(rule: Rule, protocol: number, port: number): boolean {
  return (rule.protocol ?? protocol) === protocol && (rule.destinationPort ?? port) === port;
}

function sentBy(trace: Trace): Judged['sent'] {
  const clients = new Set(trace.nodes.filter(({ kind }) => kind === 'client').map(({ id }) => id));
  const found = new Map<string, readonly [number, number]>();
  for (const each of trace.occurrences) {
    if (each.kind !== 'sent' || !clients.has(each.node)) continue;
    const { bytes } = each.frame;
    const at = (bytes[0]! & 15) * 4 + 2;
    const port = bytes.length >= at + 2 ? u16(bytes, at) : -1;
    found.set(`${bytes[9]} ${port}`, [bytes[9]!, port]);
  }
  return [...found.values()];
}
