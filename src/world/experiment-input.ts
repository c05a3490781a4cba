/**
 * Reads an experiment that came from outside, as in a link that somebody shares. What it accepts can be run: every
 * name in it names something, every address can be read, and nothing is so large that a run would not end soon.
 * @module
 */
import { fromHex } from '../lib/bytes.ts';
import { profileOf } from '../router/profiles/index.ts';
import { hasKnobs, hasTimer } from '../router/profiles/profile.ts';
import { TIMER_BOUNDS, type TimerName } from '../router/profiles/timers.ts';
import { parseIpv4, parsePrefix } from '../wire/address.ts';
import { LONGEST_RUN, MOST } from './bounds.ts';
import type { Experiment, RouterSetup } from './experiment.ts';
import {
  accept,
  between,
  boolean,
  type Check,
  type Input,
  integer,
  listOf,
  oneOf,
  record,
  refuse,
  someOf,
  tagged,
  text,
} from './input.ts';
import type { ClientVpn, ServerVpn } from './vpn.ts';

const SECOND = 1_000_000;

/** Never throws, whatever data it is given. */
export function parseExperiment(value: unknown): Input<Experiment> {
  return accept(experiment, value);
}

const id = text('a short name in small letters', (name) => /^[a-z][a-z0-9-]{0,30}$/.test(name));
const name = text(`text of at most ${MOST.name} characters`, (given) => given.length > 0 && given.length <= MOST.name);
const address = text('an IPv4 address', (given) => parseIpv4(given) !== undefined);
const prefix = text('an address with its network, as 192.168.1.1/24', (given) => parsePrefix(given) !== undefined);
const profile = text('a router profile', (given) => profileOf(given) !== undefined);
const packet = text('an IPv4 packet in hex', (given) => {
  const bytes = given.length <= 2 * MOST.packet ? fromHex(given) : undefined;
  return bytes !== undefined && bytes.length >= 20;
});
const time = integer(0, LONGEST_RUN);
const port = integer(1, 65_535);
const chance = between(0, 1);
const inSeconds = integer(1, 3600);
const server = { server: id };

const clientVpn: Check<ClientVpn> = tagged('kind', {
  pptp: [server, { callId: integer(0, 65_535), localPort: port, pingsAt: listOf(integer(0, 3600), 20) }],
  l2tp: [server, { localPort: portOrEphemeral }],
  l2tpv3: [{ ...server, carrier: oneOf('ip', 'udp') }],
  ikev2: [
    server,
    {
      natTraversal: boolean,
      keepalive: boolean,
      transport: oneOf('nat-oa', 'none'),
      startOn4500: boolean,
      pingEvery: inSeconds,
    },
  ],
  gre: [server],
  esp: [server, { pingEvery: inSeconds }],
  ah: [{ ...server, mode: oneOf('transport', 'tunnel') }],
  'l2tp-ipsec': [server],
  openvpn: [{ ...server, protocol: oneOf('udp', 'tcp') }, { localPort: port }],
  wireguard: [server, { keepalive: inSeconds, localPort: port, pingEvery: inSeconds }],
  plain: [server, { to: address }],
  https: [server],
  sstp: [server],
  rdp: [server],
  identity: [{ ...server, token: boolean }],
});

function portOrEphemeral(value: unknown, path: string): number | 'ephemeral' {
  return value === 'ephemeral' ? value : port(value, path);
}

const KINDS = [
  ...(['pptp', 'l2tp', 'l2tpv3', 'ikev2', 'gre', 'esp', 'ah', 'l2tp-ipsec', 'openvpn', 'wireguard'] as const),
  ...(['plain', 'https', 'sstp', 'rdp', 'identity'] as const),
];

const serverVpn: Check<ServerVpn> = record(
  { kind: oneOf(...KINDS) },
  {
    l2tpAnswers: oneOf('same', 'another-address', 'another-port', 'port-1701'),
    overlap: oneOf('newest', 'refuse', 'connmark', 'translate'),
    natTraversal: boolean,
    deadPeer: inSeconds,
    lcpEcho: inSeconds,
    checksums: oneOf('nat-oa', 'none'),
  },
);

const uplink = record({ name: id, address: prefix });
const gateway = tagged('kind', {
  'vpn-router': [server],
  'site-to-site': [{ ...server, remote: prefix }],
  'sd-wan': [{ ...server, remote: prefix, uplinks: someOf(uplink, 4) }],
});

const switches = record({ pptp: boolean, l2tp: boolean, ipsec: boolean });
const link = record({ delay: integer(0, 10 * SECOND) }, { loss: chance, duplicate: chance, reorder: chance });

const intervention = tagged('do', {
  switch: [{ at: time, router: id, name: oneOf('pptp', 'l2tp', 'ipsec'), on: boolean }],
  reboot: [{ at: time, router: id }],
  flush: [{ at: time, router: id }],
  'wan-address': [{ at: time, router: id, address: prefix }],
  cable: [{ at: time, node: id, plugged: boolean }, { uplink: id }],
  start: [{ at: time, node: id }],
  stop: [{ at: time, node: id }],
  packet: [{ at: time, from: id, hex: packet }],
});

const client = record({ id, name, address, vpn: clientVpn }, { startAt: time, redial: inSeconds });
const dependence = oneOf('endpoint-independent', 'address-dependent', 'address-and-port-dependent');
const behaviour = record(
  {},
  {
    mapping: dependence,
    filtering: dependence,
    ports: oneOf('preserve', 'sequential', 'random'),
    portRange,
    parity: boolean,
    overloading: boolean,
    refresh: oneOf('outbound', 'both'),
    hairpinning: boolean,
    portless: oneOf('drop', 'first-owner', 'newest-owner'),
    invalid: oneOf('forward', 'drop'),
  },
);
const timer = integer(...TIMER_BOUNDS);
const timeouts = record(
  {},
  {
    ...{ udp: timer, udpAnswered: timer, tcpOpening: timer, tcpOpen: timer, tcpClosing: timer },
    ...{ icmp: timer, gre: timer, greAnswered: timer, portless: timer, fragments: timer },
  },
);

const routerShape = record(
  { id, name, profile, switches, lan: prefix, wan: prefix },
  { firewall: boolean, nat: boolean, behaviour, timeouts, gateway },
);

const router: Check<RouterSetup> = (value, path) => {
  const read = routerShape(value, path);
  const model = profileOf(read.profile);
  if (read.behaviour && model && !hasKnobs(model))
    refuse(`${path}.behaviour`, `nothing, since the router profile "${read.profile}" has no knobs`, read.behaviour);
  for (const [name, seconds] of Object.entries(read.timeouts ?? {}))
    if (model && !hasTimer(model, name as TimerName))
      refuse(
        `${path}.timeouts.${name}`,
        `nothing, since the router profile "${read.profile}" has no such timer`,
        seconds,
      );
  return read;
};

function portRange(value: unknown, path: string): readonly [low: number, high: number] {
  const [low, high] = listOf(port, 2, 2)(value, path);
  if (low! > high!) refuse(path, 'the lowest port and then the highest', `${low}, ${high}`);
  return [low!, high!];
}
const machine = record({ id, name, address, serves: listOf(serverVpn, KINDS.length) }, { alsoAt: listOf(address, 4) });

const shape: Check<Experiment> = record(
  {
    seed: integer(0, 0xffff_ffff),
    duration: integer(1, LONGEST_RUN),
    clients: listOf(client, MOST.clients),
    routers: someOf(router, MOST.routers),
    servers: listOf(machine, MOST.servers),
  },
  { stranger: address, lan: link, internet: link, interventions: listOf(intervention, MOST.interventions) },
);

const experiment: Check<Experiment> = (value, path) => {
  const read = shape(value, path);
  checkNames(read);
  return read;
};

/** Everything has a name of its own, and every name that is used is somebody's. */
function checkNames({ clients, routers, servers, stranger, interventions = [] }: Experiment): void {
  const nodes = new Set<string>(stranger === undefined ? [] : ['stranger']);
  for (const [list, each] of Object.entries({ clients, routers, servers }))
    for (const [index, node] of each.entries()) {
      if (nodes.has(node.id) || node.id === 'stranger') refuse(`${list}[${index}].id`, 'a name of its own', node.id);
      nodes.add(node.id);
    }
  const among = (list: readonly { readonly id: string }[], what: string) => (wanted: string, path: string) => {
    if (!list.some((each) => each.id === wanted)) refuse(path, `the id of a ${what}`, wanted);
  };
  const isServer = among(servers, 'server');
  const isRouter = among(routers, 'router');
  for (const [index, { vpn }] of clients.entries()) isServer(vpn.server, `clients[${index}].vpn.server`);
  checkServices(servers);
  checkGateways(routers, isServer);
  for (const [index, each] of interventions.entries()) {
    const path = `interventions[${index}]`;
    if ('router' in each) isRouter(each.router, `${path}.router`);
    if ('node' in each && !nodes.has(each.node)) refuse(`${path}.node`, 'the id of a node', each.node);
    if (each.do === 'packet' && !nodes.has(each.from)) refuse(`${path}.from`, 'the id of a node', each.from);
  }
}

/** A server runs each kind once. */
function checkServices(servers: Experiment['servers']): void {
  for (const [index, { serves }] of servers.entries())
    for (const [place, { kind }] of serves.entries())
      if (serves.findIndex((each) => each.kind === kind) < place)
        refuse(`servers[${index}].serves[${place}].kind`, 'a VPN that the server does not have already', kind);
}

/** The tunnels of all gateways come to the same port of their server. */
function checkGateways(routers: Experiment['routers'], isServer: (id: string, path: string) => void): void {
  for (const [index, { gateway }] of routers.entries()) {
    if (!gateway) continue;
    const path = `routers[${index}].gateway.server`;
    isServer(gateway.server, path);
    if (routers.findIndex((each) => each.gateway?.server === gateway.server) < index)
      refuse(path, 'a server that no other gateway calls', gateway.server);
  }
}
