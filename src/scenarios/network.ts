/** What happens around a tunnel: strangers, flipped switches, reboots, more NAT, no NAT, everything at once. @module */
import { toHex } from '../lib/bytes.ts';
import { ipv4 } from '../wire/address.ts';
import { encode } from '../wire/ipv4.ts';
import type { ClientVpn } from '../world/vpn.ts';
import { HOME, LINUX_DEFAULTS, laptop, OFF, ON, router, seconds, server, world } from './cast.ts';
import { knocks } from './knocks.ts';
import type { Scenario } from './scenario.ts';

const PPTP = { kind: 'pptp', server: 'server' } as const;
const SERVER = server(0, [{ kind: 'pptp' }]);
const GRE = 47;
const ESP = 50;
const UDP = 17;
const UP = { that: 'status', node: 'a', is: 'up' } as const;
const STRANGER = '192.0.2.66';

/** The provider's own NAT, with an address range set aside for it (RFC 6598). */
const CGNAT = {
  ...router('textbook', OFF),
  id: 'cgnat',
  name: 'Provider’s NAT',
  lan: '100.64.0.1/10',
  wan: '203.0.113.1/24',
} as const;
const BEHIND_CGNAT = { wan: '100.64.0.10/10' } as const;

const EVERY_KIND: readonly ClientVpn[] = [
  PPTP,
  { kind: 'l2tp', server: 'server' },
  { kind: 'ikev2', server: 'server' },
  { kind: 'openvpn', server: 'server', protocol: 'udp' },
  { kind: 'wireguard', server: 'server' },
  { kind: 'sstp', server: 'server' },
];

export const network: readonly Scenario[] = [
  {
    id: 'stranger-knocks',
    family: 'network',
    title: 'A stranger knocks',
    story:
      'Every switch is on and a laptop’s PPTP tunnel is up. A stranger sends the router one packet of every kind that a VPN uses, and none of them reaches the laptop.',
    experiment: world({
      clients: [laptop(0, PPTP)],
      routers: [router('linux', ON, HOME)],
      servers: [SERVER],
      stranger: STRANGER,
      interventions: knocks(ipv4(STRANGER), ipv4('203.0.113.1')).map((packet, index) => ({
        at: seconds(5 + index),
        do: 'packet',
        from: 'stranger',
        hex: toHex(encode(packet)),
      })),
    }),
    claims: [
      UP,
      { that: 'never-reaches', from: 'stranger', to: 'a' },
      { that: 'stopped', because: 'blocked-by-rule', from: 'stranger', protocol: GRE },
      { that: 'stopped', because: 'blocked-by-rule', from: 'stranger', protocol: ESP },
      { that: 'stopped', because: 'blocked-by-rule', from: 'stranger', protocol: UDP },
    ],
    variants: [
      {
        says: 'with every switch off',
        switches: OFF,
        claims: [{ that: 'never-reaches', from: 'stranger', to: 'a' }],
      },
    ],
  },
  {
    id: 'switch-flipped-live',
    family: 'network',
    title: 'The switch is flipped while a tunnel is up',
    story:
      'A laptop’s PPTP tunnel is up when PPTP passthrough is switched off. The tunnel goes on, because the router goes by what it remembers; the second laptop, which dials afterwards, gets no tunnel.',
    experiment: world({
      clients: [laptop(0, PPTP), laptop(1, PPTP, seconds(10))],
      routers: [router('linux', ON, HOME)],
      servers: [SERVER],
      interventions: [{ at: seconds(5), do: 'switch', router: 'router', name: 'pptp', on: false }],
    }),
    claims: [
      UP,
      { that: 'not', claim: { that: 'was', node: 'a', is: 'failed' } },
      { that: 'status', node: 'b', is: 'failed' },
      { that: 'symptom', node: 'b', code: '806' },
    ],
  },
  {
    id: 'router-rebooted',
    family: 'network',
    title: 'The router is rebooted under a tunnel',
    story:
      'A laptop’s PPTP tunnel is up when somebody saves the router’s settings and the router restarts with an empty table. What the server sends into the tunnel belongs to no one now, so the server gives the laptop up and hangs up on it.',
    experiment: world({
      clients: [laptop(0, PPTP)],
      routers: [router('linux', ON, HOME)],
      servers: [SERVER],
      interventions: [{ at: seconds(10), do: 'reboot', router: 'router' }],
      duration: seconds(300),
    }),
    claims: [
      { that: 'by', time: seconds(9), claim: UP },
      { that: 'stopped', because: 'blocked-by-rule', from: 'server', protocol: GRE },
      { that: 'status', node: 'a', is: 'failed' },
      { that: 'symptom', node: 'a', code: '807' },
    ],
  },
  {
    id: 'carrier-grade-nat',
    family: 'network',
    title: 'Two NATs in a row',
    story:
      'The home router has PPTP passthrough on, and the laptop’s tunnel fails all the same. Behind the home router stands another NAT, at the provider, and nobody at home can switch anything there.',
    experiment: world({
      clients: [laptop(0, PPTP)],
      routers: [router('linux', ON, { ...HOME, ...BEHIND_CGNAT }), CGNAT],
      servers: [SERVER],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'failed' },
      { that: 'symptom', node: 'a', code: '806' },
      { that: 'stopped', because: 'no-port', from: 'router', protocol: GRE },
    ],
  },
  {
    id: 'carrier-grade-nat-natt',
    family: 'network',
    title: 'Two NATs in a row, and a VPN that needs neither',
    story:
      'Behind the same two NATs, a laptop puts its IKEv2 tunnel into UDP. Two translations or one make no difference to it.',
    experiment: world({
      clients: [laptop(0, { kind: 'ikev2', server: 'server' })],
      routers: [router('textbook', OFF, BEHIND_CGNAT), CGNAT],
      servers: [server(0, [{ kind: 'ikev2' }])],
    }),
    claims: [UP, { that: 'all-pass', from: 'a' }, { that: 'all-pass', from: 'router' }],
  },
  {
    id: 'nat-switched-off',
    family: 'network',
    title: 'NAT switched off, and what it costs',
    story:
      'Every laptop has a public address, the router translates nothing, and even AH passes unharmed. The price: a stranger’s packet reaches the laptop as well, unless somebody writes a firewall rule.',
    experiment: world({
      clients: [
        { ...laptop(0, { kind: 'ah', server: 'server', mode: 'transport' }), address: '192.0.2.130' },
        { ...laptop(1, { kind: 'ikev2', server: 'server', natTraversal: false }), address: '192.0.2.131' },
        { ...laptop(2, PPTP), address: '192.0.2.132' },
      ],
      routers: [router('linux', LINUX_DEFAULTS, { nat: false, firewall: false, lan: '192.0.2.129/25' })],
      servers: [server(0, [])],
      stranger: STRANGER,
      interventions: [
        {
          at: seconds(5),
          do: 'packet',
          from: 'stranger',
          hex: toHex(encode(knocks(ipv4(STRANGER), ipv4('192.0.2.130'))[0]!)),
        },
      ],
    }),
    claims: [
      UP,
      { that: 'status', node: 'b', is: 'up' },
      { that: 'status', node: 'c', is: 'up' },
      { that: 'not', claim: { that: 'never-reaches', from: 'stranger', to: 'a' } },
    ],
  },
  {
    id: 'all-kinds-at-once',
    family: 'network',
    title: 'All kinds at once',
    story:
      'Six laptops use six kinds of VPN to the same server at the same time, with every switch off. Five work; the sixth is PPTP, the one whose packets have no ports.',
    experiment: world({
      clients: EVERY_KIND.map((vpn, index) => laptop(index, vpn)),
      routers: [router('textbook', OFF)],
      servers: [server(0, [])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'failed' },
      ...['b', 'c', 'd', 'e', 'f'].map((node) => ({ that: 'status', node, is: 'up' }) as const),
    ],
    variants: [
      {
        says: 'with PPTP passthrough on',
        switches: { pptp: true },
        claims: ['a', 'b', 'c', 'd', 'e', 'f'].map((node) => ({ that: 'status', node, is: 'up' }) as const),
      },
    ],
  },
];
