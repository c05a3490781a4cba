/**
 * What somebody may change about an experiment while looking at it. Pure: each answers another experiment, which can
 * be read (`parseExperiment`) and run like the first; what cannot be done leaves it as it is. Times are microseconds.
 * @module
 */
import { formatIpv4, ipv4, netmask, type Prefix } from '../wire/address.ts';
import { LONGEST_RUN, MOST } from './bounds.ts';
import type { ClientSetup, Experiment, Intervention, RouterSetup, ServerSetup } from './experiment.ts';
import { slotTaken, withRoomFor } from './hosting.ts';
import { prefixOf, uplinksOf } from './network.ts';
import { given } from './parts.ts';
import type { ClientVpn } from './vpn.ts';

const SECOND = 1_000_000;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Where hosts of a LAN are given addresses, counted from its network. */
const FIRST_HOST = 10;
const PUBLIC: Prefix = { address: ipv4('198.51.100.0'), length: 24 };

/**
 * How long a run goes on after something was done in it, so that what comes of it is seen: two and a half minutes
 * pass before a PPTP server gives up a laptop that fell silent.
 */
const AFTERMATH: Readonly<Record<Intervention['do'], number>> = {
  reboot: 300 * SECOND,
  flush: 300 * SECOND,
  'wan-address': 300 * SECOND,
  cable: 300 * SECOND,
  switch: 60 * SECOND,
  start: 60 * SECOND,
  stop: 60 * SECOND,
  packet: 60 * SECOND,
};

/** Another laptop on the LAN, started at `at`: the next letter, the next free address. */
export function addDevice(experiment: Experiment, at: number): Experiment {
  const { clients, servers } = experiment;
  const [server] = servers;
  const address = freeAddress(experiment, prefixOf(experiment.routers[0].lan));
  const id = [...LETTERS].find((letter) => !isTaken(experiment, letter));
  if (clients.length >= MOST.clients || !server || address === undefined || id === undefined) return experiment;
  const vpn: ClientVpn = { kind: 'pptp', server: server.id };
  const device = { id, name: `Laptop ${id.toUpperCase()}`, address, vpn, startAt: at };
  return lasting({ ...experiment, clients: [...clients, device] }, at + AFTERMATH.start);
}

/** It goes, and with it all that was to happen to it. The last one stays: without anybody at home nothing happens. */
export function removeDevice(experiment: Experiment, id: string): Experiment {
  const clients = experiment.clients.filter((each) => each.id !== id);
  if (clients.length === 0) return experiment;
  const concerns = (each: Intervention) =>
    ('node' in each && each.node === id) || (each.do === 'packet' && each.from === id);
  return withoutIdleServers(
    withInterventions(
      { ...experiment, clients },
      (experiment.interventions ?? []).filter((each) => !concerns(each)),
    ),
  );
}

/** A VPN without the server that it dials. */
export type Dialled<Vpn = ClientVpn> = Vpn extends ClientVpn ? Omit<Vpn, 'server'> : never;

/** Another VPN, to the same server if that has room for it, or else to one that has. */
export function chooseVpn(experiment: Experiment, id: string, vpn: Dialled): Experiment {
  const changed = changeDevice(experiment, id, (device) => ({
    ...device,
    vpn: { ...vpn, server: device.vpn.server } as ClientVpn,
  }));
  const present = changed.clients.find((each) => each.id === id)?.vpn.server;
  const free = changed.servers.filter((server) => slotTaken(changed, id, server.id) === undefined);
  if (free.length === changed.servers.length || free.some((server) => server.id === present))
    return withRoomFor(changed, id);
  const moved = chooseServer(changed, id, free[0]?.id);
  return moved === changed ? experiment : moved;
}

/** The same VPN to another server that has room for it; left out, to one that is set up for it. */
export function chooseServer(experiment: Experiment, id: string, server?: string): Experiment {
  const fresh = server === undefined ? anotherServer(experiment) : undefined;
  const chosen = server ?? fresh?.id;
  const servers = fresh ? [...experiment.servers, fresh] : experiment.servers;
  if (chosen === undefined || !servers.some((each) => each.id === chosen)) return experiment;
  if (slotTaken(experiment, id, chosen) !== undefined) return experiment;
  const changed = changeDevice({ ...experiment, servers }, id, (device) => ({
    ...device,
    vpn: { ...device.vpn, server: chosen },
  }));
  return withRoomFor(withoutIdleServers(changed), id);
}

/** `startAt` undefined: only when somebody starts it. */
export function setStart(experiment: Experiment, id: string, startAt: number | undefined): Experiment {
  const changed = changeDevice(experiment, id, ({ startAt: _, ...device }) => ({ ...device, ...given({ startAt }) }));
  return startAt === undefined ? changed : lasting(changed, startAt + AFTERMATH.start);
}

/** Whether it dials again by itself, and after how many seconds. */
export function setRedial(experiment: Experiment, id: string, redial: number | undefined): Experiment {
  return changeDevice(experiment, id, ({ redial: _, ...device }) => ({ ...device, ...given({ redial }) }));
}

/** Something is done in the middle of the run. Of two opposites at one moment nothing remains. */
export function intervene(experiment: Experiment, what: Intervention): Experiment {
  const known = experiment.interventions ?? [];
  const kept = known.filter((each) => !undoes(what, each));
  if (kept.length < known.length) return withInterventions(experiment, kept);
  if (known.length >= MOST.interventions) return experiment;
  const all = [...known, what].sort((a, b) => a.at - b.at);
  return lasting(withInterventions(experiment, all), what.at + AFTERMATH[what.do]);
}

/** The intervention at that place in the list was never made. */
export function withdraw(experiment: Experiment, index: number): Experiment {
  return withInterventions(
    experiment,
    (experiment.interventions ?? []).filter((_, place) => place !== index),
  );
}

/** The address that the home router's WAN side would get next. */
export function nextWanAddress(experiment: Experiment): string | undefined {
  const prefix = prefixOf(experiment.routers[0].wan);
  const address = freeAddress(experiment, prefix);
  return address && `${address}/${prefix.length}`;
}

/** The router at home set up otherwise; what is undefined is again as its profile has it. */
export function changeRouter(
  experiment: Experiment,
  change: { readonly [Key in keyof RouterSetup]?: RouterSetup[Key] | undefined },
): Experiment {
  const [home, ...others] = experiment.routers;
  return { ...experiment, routers: [given({ ...home, ...change }) as RouterSetup, ...others] };
}

function changeDevice(experiment: Experiment, id: string, change: (device: ClientSetup) => ClientSetup): Experiment {
  return { ...experiment, clients: experiment.clients.map((each) => (each.id === id ? change(each) : each)) };
}

function withInterventions(experiment: Experiment, interventions: readonly Intervention[]): Experiment {
  const { interventions: _, ...others } = experiment;
  return interventions.length > 0 ? { ...others, interventions } : others;
}

function undoes(a: Intervention, b: Intervention): boolean {
  if (a.at !== b.at) return false;
  if ((a.do === 'start' && b.do === 'stop') || (a.do === 'stop' && b.do === 'start')) return a.node === b.node;
  if (a.do === 'cable' && b.do === 'cable')
    return a.node === b.node && a.uplink === b.uplink && a.plugged !== b.plugged;
  return a.do === 'switch' && b.do === 'switch' && a.router === b.router && a.name === b.name && a.on !== b.on;
}

/** Goes on until then at least. */
function lasting(experiment: Experiment, until: number): Experiment {
  return { ...experiment, duration: Math.min(LONGEST_RUN, Math.max(experiment.duration, until)) };
}

function anotherServer(experiment: Experiment): ServerSetup | undefined {
  const { servers } = experiment;
  const number = [2, 3, 4].find((each) => !isTaken(experiment, `server-${each}`));
  const address = freeAddress(experiment, PUBLIC, 10);
  if (servers.length >= MOST.servers || number === undefined || address === undefined) return undefined;
  return { id: `server-${number}`, name: `VPN server ${number}`, address, serves: [] };
}

/** A server set up only because somebody dialled it, and whom nobody dials any more. */
function withoutIdleServers(experiment: Experiment): Experiment {
  const { clients, routers, servers, interventions = [] } = experiment;
  const dialled = new Set([
    ...clients.flatMap(({ vpn }) => [vpn.server, vpn.kind === 'plain' ? vpn.to : undefined]),
    ...routers.map(({ gateway }) => gateway?.server),
    ...interventions.flatMap((each) => ('node' in each ? [each.node] : each.do === 'packet' ? [each.from] : [])),
  ]);
  const isIdle = ({ id, address, serves }: ServerSetup) =>
    /^server-\d$/.test(id) && serves.length === 0 && !dialled.has(id) && !dialled.has(address);
  return { ...experiment, servers: servers.filter((each) => !isIdle(each)) };
}

function isTaken({ clients, routers, servers }: Experiment, id: string): boolean {
  return [...clients, ...routers, ...servers].some((each) => each.id === id);
}

/** The first that nobody has, every `step`th from the tenth host on. */
function freeAddress(experiment: Experiment, { address, length }: Prefix, step = 1): string | undefined {
  const network = address & netmask(length);
  const hosts = 2 ** (32 - length) - 2;
  const taken = addressesOf(experiment);
  for (let host = FIRST_HOST; host <= Math.min(hosts, FIRST_HOST + 40 * step); host += step) {
    const free = (network + host) >>> 0;
    if (!taken.has(free)) return formatIpv4(free);
  }
  return undefined;
}

function addressesOf({ clients, routers, servers, stranger, interventions = [] }: Experiment): ReadonlySet<number> {
  return new Set([
    ...clients.map(({ address }) => ipv4(address)),
    ...servers.flatMap(({ address, alsoAt = [] }) => [address, ...alsoAt].map(ipv4)),
    ...routers
      .flatMap((each) => [each.lan, each.wan, ...uplinksOf(each).map((uplink) => uplink.address)])
      .map((text) => prefixOf(text).address),
    ...interventions.flatMap((each) => (each.do === 'wan-address' ? [prefixOf(each.address).address] : [])),
    ...(stranger === undefined ? [] : [ipv4(stranger)]),
  ]);
}
