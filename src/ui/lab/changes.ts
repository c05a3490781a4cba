/** What somebody has changed about an experiment, in a few words each, and the way back. @module */
import { vary } from '../../scenarios/vary.ts';
import type { ClientSetup, Experiment, Intervention, RouterSetup } from '../../world/experiment.ts';
import { secondsOf } from '../model/sentence.ts';
import { SWITCH_NAMES } from './chosen.ts';
import { choiceFor } from './vpn-choices.ts';

/**
 * The experiment as its origin has it, with the router and the switches that are there now: those are set in plain
 * sight, and count as no change.
 */
export function asItWas(told: Experiment, { routers: [{ profile, switches }], seed }: Experiment): Experiment {
  return vary(told, { profile, switches, seed });
}

/** "Laptop C added", "Laptop A: WireGuard", "router rebooted at 12.0 s"; empty where nothing was changed. */
export function changesOf(told: Experiment, now: Experiment): readonly string[] {
  const was = asItWas(told, now);
  return [...deviceChanges(was, now), ...deedChanges(was, now), ...routerChanges(was.routers[0], now.routers[0])];
}

/** Where nothing but its length is left of what was changed, it has its own length again. */
export function settled(told: Experiment | undefined, now: Experiment): Experiment {
  return told && changesOf(told, now).length === 0 ? { ...now, duration: told.duration } : now;
}

function deviceChanges(was: Experiment, now: Experiment): readonly string[] {
  const before = new Map(was.clients.map((each) => [each.id, each]));
  const gone = was.clients.filter(({ id }) => !now.clients.some((each) => each.id === id));
  return [
    ...gone.map(({ name }) => `${name} removed`),
    ...now.clients.flatMap((device) => {
      const known = before.get(device.id);
      if (!known) return [`${device.name} added`];
      if (isSame(known, device)) return [];
      return [`${device.name}: ${deviceChange(known, device, now)}`];
    }),
  ];
}

function deviceChange(was: ClientSetup, now: ClientSetup, { servers }: Experiment): string {
  const { name } = choiceFor(now.vpn);
  if (name !== choiceFor(was.vpn).name) return name;
  if (was.vpn.server !== now.vpn.server) return `to ${servers.find(({ id }) => id === now.vpn.server)?.name}`;
  if (was.redial !== now.redial) return now.redial === undefined ? 'does not dial again' : 'dials again';
  if (was.startAt !== now.startAt) return 'starts at another time';
  return 'set up otherwise';
}

function deedChanges(was: Experiment, now: Experiment): readonly string[] {
  const before = (was.interventions ?? []).map((each) => JSON.stringify(each));
  const after = now.interventions ?? [];
  const made = after.filter((each) => !before.includes(JSON.stringify(each)));
  const missing = before.length - (after.length - made.length);
  return [
    ...made.map((each) => `${deedText(now, each)} at ${secondsOf(each.at)}`),
    ...(missing > 0 ? [missing === 1 ? 'one event left out' : `${missing} events left out`] : []),
  ];
}

/** "Router rebooted", "Laptop A stops" */
export function deedText({ clients, routers, servers }: Experiment, what: Intervention): string {
  const id = 'router' in what ? what.router : 'node' in what ? what.node : what.from;
  const name = [...clients, ...routers, ...servers].find((each) => each.id === id)?.name ?? 'Stranger';
  switch (what.do) {
    case 'switch':
      return `${SWITCH_NAMES[what.name]} turned ${what.on ? 'on' : 'off'}`;
    case 'reboot':
      return `${name} rebooted`;
    case 'flush':
      return `${name} forgets all entries`;
    case 'wan-address':
      return `${name} gets ${what.address.replace(/\/.*/, '')}`;
    case 'cable':
      return `${name}’s ${what.uplink === undefined ? 'cable' : `${what.uplink} cable`} ${what.plugged ? 'plugged in' : 'pulled'}`;
    case 'start':
      return `${name} starts`;
    case 'stop':
      return `${name} stops`;
    case 'packet':
      return `${name} sends a packet`;
  }
}

const ROUTER_PARTS: readonly (readonly [keyof RouterSetup, string])[] = [
  ['firewall', 'firewall'],
  ['nat', 'NAT'],
  ['behaviour', 'NAT knobs'],
  ['timeouts', 'timers'],
];

function routerChanges(was: RouterSetup, now: RouterSetup): readonly string[] {
  return ROUTER_PARTS.filter(([part]) => !isSame(was[part], now[part])).map(([part, name]) => {
    const set = now[part];
    return typeof set === 'boolean' ? `${name} ${set ? 'on' : 'off'}` : `${name} set otherwise`;
  });
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** The order in which parts were written down plays no role. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
