/** IPsec without help: bare ESP and AH, which have no ports. NAT traversal is next door, in `ipsec-natt.ts`. @module */
import { HOME, LINUX_DEFAULTS, laptop, OFF, router, seconds, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

const ESP = 50;
const AH = 51;
/** IKE stays on port 500 and ESP goes bare: an old client, or one whose NAT traversal is switched off. */
const bare = (to = 'server') => ({ kind: 'ikev2', server: to, natTraversal: false }) as const;
const BARE_SERVER = [{ kind: 'ikev2', natTraversal: false }] as const;
const byHand = (pingEvery: number) => ({ kind: 'esp', server: 'server', pingEvery }) as const;

export const ipsec: readonly Scenario[] = [
  {
    id: 'esp-one-laptop',
    family: 'ipsec',
    title: 'ESP without NAT traversal: one laptop',
    story:
      'A laptop agrees on keys with its VPN server over UDP port 500, and that works. Then its packets leave in ESP, which has no ports, and the router has no place for them.',
    experiment: world({
      clients: [laptop(0, bare())],
      routers: [router('textbook', OFF)],
      servers: [server(0, BARE_SERVER)],
    }),
    claims: [
      { that: 'not', claim: { that: 'was', node: 'a', is: 'up' } },
      { that: 'stopped', because: 'no-port', from: 'a', protocol: ESP },
    ],
    variants: [
      {
        says: 'with IPsec passthrough on',
        switches: { ipsec: true },
        claims: [{ that: 'status', node: 'a', is: 'up' }],
      },
      {
        says: 'at a Linux router, whatever the switch says',
        profile: 'linux',
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'all-pass', from: 'a' },
        ],
      },
    ],
  },
  {
    id: 'esp-two-laptops',
    family: 'ipsec',
    title: 'ESP without NAT traversal: two laptops, one server',
    story:
      'Two laptops send ESP to the same server through a Linux router. The first one gets its tunnel; every packet of the second vanishes without a word.',
    experiment: world({
      clients: [laptop(0, bare()), laptop(1, bare())],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, BARE_SERVER)],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'not', claim: { that: 'was', node: 'b', is: 'up' } },
      { that: 'stopped', because: 'tuple-clash', from: 'b', protocol: ESP },
      { that: 'all-pass', from: 'a' },
    ],
    variants: [
      {
        says: 'at a textbook router with IPsec passthrough on',
        profile: 'textbook',
        switches: { ipsec: true },
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
        ],
      },
      {
        says: 'at FreeBSD’s NAT the second laptop takes the answers of the first',
        profile: 'libalias',
        switches: { ipsec: true },
        claims: [
          { that: 'was', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
          { that: 'reason', code: 'answers-taken', from: 'b' },
          { that: 'not', claim: { that: 'status', node: 'a', is: 'up' } },
        ],
      },
    ],
  },
  {
    id: 'esp-two-servers',
    family: 'ipsec',
    title: 'ESP without NAT traversal: two laptops, two servers',
    story:
      'Two laptops send ESP through the same Linux router, each to a server of its own. The servers’ addresses tell their packets apart, and both tunnels work.',
    experiment: world({
      clients: [laptop(0, bare()), laptop(1, bare('server-2'))],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, BARE_SERVER), server(1, BARE_SERVER)],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'up' },
      { that: 'all-pass', from: 'b' },
    ],
    variants: [
      {
        says: 'at a textbook router with IPsec passthrough off',
        profile: 'textbook',
        switches: { ipsec: false },
        claims: [
          { that: 'not', claim: { that: 'was', node: 'a', is: 'up' } },
          { that: 'not', claim: { that: 'was', node: 'b', is: 'up' } },
        ],
      },
    ],
  },
  {
    id: 'esp-takeover',
    family: 'ipsec',
    title: 'ESP: the second laptop’s turn after ten minutes of silence',
    story:
      'While the first laptop uses its ESP tunnel, the second one gets nothing from the same server. The first is unplugged, and once no packet of that tunnel has passed for ten minutes, the server belongs to the second.',
    experiment: world({
      clients: [laptop(0, byHand(20)), laptop(1, byHand(20), seconds(5))],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, [{ kind: 'esp' }])],
      interventions: [{ at: seconds(65), do: 'cable', node: 'a', plugged: false }],
      duration: seconds(720),
    }),
    claims: [
      { that: 'by', time: seconds(60), claim: { that: 'status', node: 'a', is: 'up' } },
      { that: 'stopped', because: 'tuple-clash', from: 'b', protocol: ESP },
      { that: 'by', time: seconds(600), claim: { that: 'never-reaches', from: 'b', to: 'server' } },
      { that: 'status', node: 'b', is: 'up' },
    ],
  },
  {
    id: 'ah-one-laptop',
    family: 'ipsec',
    title: 'AH: one laptop',
    story:
      'A laptop protects its packets with AH, which vouches for the IP addresses too. The router lets them pass and changes the address, as NAT must, and the server throws every one of them away.',
    experiment: world({
      clients: [laptop(0, { kind: 'ah', server: 'server', mode: 'transport' })],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, [{ kind: 'ah' }])],
    }),
    claims: [
      { that: 'not', claim: { that: 'was', node: 'a', is: 'up' } },
      { that: 'all-pass', from: 'a' },
      { that: 'symptom', node: 'server', code: 'XfrmInStateProtoError' },
    ],
    variants: [
      {
        says: 'at a textbook router with IPsec passthrough off',
        profile: 'textbook',
        switches: { ipsec: false },
        claims: [
          { that: 'stopped', because: 'no-port', from: 'a', protocol: AH },
          { that: 'not', claim: { that: 'was', node: 'a', is: 'up' } },
        ],
      },
      {
        says: 'at a textbook router with IPsec passthrough on',
        profile: 'textbook',
        switches: { ipsec: true },
        claims: [
          { that: 'not', claim: { that: 'was', node: 'a', is: 'up' } },
          { that: 'symptom', node: 'server', code: 'XfrmInStateProtoError' },
        ],
      },
    ],
  },
];
