/** A way around, run through one router with all its switches off: what it costs there, or where it ends. @module */
import { WAYS, type Way } from '../../explain/ways.ts';
import type { Switches } from '../../router/profiles/profile.ts';
import { judge, type Verdict } from '../../scenarios/matrix-verdict.ts';
import { exhibitOf } from '../../scenarios/shown.ts';
import { vary } from '../../scenarios/vary.ts';
import { figuresOf, type WayFigures } from '../../scenarios/way-figures.ts';
import { run } from '../../world/run.ts';
import type { Place } from '../lab/link.ts';
import { type Segment, segmentsOf } from '../model/packet.ts';

export interface WayRun {
  readonly place: Place;
  /** Undefined where it does not come up at this router. */
  readonly figures: WayFigures | undefined;
  /** What became of it where it does not. */
  readonly verdict: Verdict | undefined;
  /** The headers of a packet that carries another. */
  readonly segments: readonly Segment[];
}

const ALL_OFF: Switches = { pptp: false, l2tp: false, ipsec: false };

const known = new Map<string, WayRun>();
const keyOf = (way: string, profile: string) => `${way} ${profile}`;

/** What has been run already through a router, by way. */
export function knownRuns(profile: string): ReadonlyMap<string, WayRun> {
  return new Map(
    WAYS.flatMap(({ id }) => {
      const found = known.get(keyOf(id, profile));
      return found ? [[id, found]] : [];
    }),
  );
}

/** Run once for each router. */
export function runWay(way: Way, profile: string): WayRun {
  const key = keyOf(way.id, profile);
  const found = known.get(key) ?? freshRun(way, profile);
  known.set(key, found);
  return found;
}

function freshRun(way: Way, profile: string): WayRun {
  const { origin, experiment } = exhibitOf(way.shown);
  const chosen = { origin, experiment: vary(experiment, { profile, switches: ALL_OFF }) };
  const trace = run(chosen.experiment);
  const figures = figuresOf(trace, way);
  const verdict = figures ? undefined : judge(trace);
  return {
    place: { chosen, cursor: figures?.step ?? verdict?.step ?? -1 },
    figures,
    verdict,
    segments: figures?.carried ? segmentsOf(figures.carried.bytes).filter(({ length }) => length > 0) : [],
  };
}

const NAMES: Readonly<Record<number, string>> = { 6: 'TCP', 17: 'UDP', 47: 'GRE', 50: 'ESP', 51: 'AH' };

/** "UDP to ports 500 and 4500" */
export function seenText({ seen }: WayFigures): string {
  const protocols = [...new Set(seen.map(({ protocol }) => protocol))];
  return protocols
    .map((protocol) => {
      const name = NAMES[protocol] ?? `IP protocol ${protocol}`;
      const ports = seen.flatMap((each) => (each.protocol === protocol ? (each.port ?? []) : []));
      if (ports.length === 0) return name;
      return `${name} to port${ports.length === 1 ? '' : 's'} ${ports.join(' and ')}`;
    })
    .join(', ');
}
