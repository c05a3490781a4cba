/** PPTP: a TCP control connection, and a tunnel of GRE that has no ports. @module */
import { HOME, LINUX_DEFAULTS, laptop, OFF, ON, router, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

const SERVER = server(0, [{ kind: 'pptp' }]);
const GRE = 47;
const dial = (callId: number, to = 'server') => ({ kind: 'pptp', server: to, callId }) as const;

export const pptp: readonly Scenario[] = [
  {
    id: 'pptp-two-laptops-same-call-id',
    family: 'pptp',
    title: 'PPTP: two laptops, one server, the same Call ID',
    story:
      'Two laptops at home dial the same PPTP server, and by chance both choose Call ID 7. The calls are set up over TCP, then the tunnels must carry their packets in GRE.',
    experiment: world({
      clients: [laptop(0, dial(7)), laptop(1, dial(7))],
      routers: [router('textbook', OFF)],
      servers: [SERVER],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'failed' },
      { that: 'status', node: 'b', is: 'failed' },
      { that: 'symptom', node: 'a', code: '806' },
      { that: 'stopped', because: 'no-port', from: 'a', protocol: GRE },
    ],
    variants: [
      {
        says: 'with PPTP passthrough on',
        switches: { pptp: true },
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
          { that: 'reason', code: 'call-id-rewritten', from: 'b' },
          { that: 'reason', code: 'call-id-restored', from: 'server' },
        ],
      },
    ],
  },
  {
    id: 'pptp-one-laptop',
    family: 'pptp',
    title: 'PPTP: one laptop',
    story:
      'One laptop dials a PPTP server through a plain Linux router. Its GRE leaves, but what comes back belongs to no one.',
    experiment: world({
      clients: [laptop(0, dial(13330))],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [SERVER],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'failed' },
      { that: 'all-pass', from: 'a' },
      { that: 'stopped', because: 'blocked-by-rule', from: 'server', protocol: GRE },
    ],
    variants: [
      {
        says: 'with PPTP passthrough on',
        switches: { pptp: true },
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'reason', code: 'call-id-rewritten', from: 'a' },
        ],
      },
      {
        says: 'at a textbook router with PPTP passthrough on',
        profile: 'textbook',
        switches: { pptp: true },
        claims: [{ that: 'status', node: 'a', is: 'up' }],
      },
    ],
  },
  {
    id: 'pptp-two-laptops',
    family: 'pptp',
    title: 'PPTP: two laptops, one server, different Call IDs',
    story:
      'Two laptops dial the same server, each with a Call ID of its own. A Linux router that helps PPTP rewrites both Call IDs all the same, although they could never be confused.',
    experiment: world({
      clients: [laptop(0, dial(100)), laptop(1, dial(200))],
      routers: [router('linux', ON, HOME)],
      servers: [SERVER],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'up' },
      { that: 'reason', code: 'call-id-rewritten', from: 'a' },
      { that: 'reason', code: 'call-id-rewritten', from: 'b' },
    ],
    variants: [
      {
        says: 'with PPTP passthrough off',
        switches: { pptp: false },
        claims: [
          { that: 'status', node: 'a', is: 'failed' },
          { that: 'status', node: 'b', is: 'failed' },
          { that: 'not', claim: { that: 'reason', code: 'call-id-rewritten' } },
        ],
      },
      {
        says: 'at a textbook router with PPTP passthrough on',
        profile: 'textbook',
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
          { that: 'reason', code: 'call-id-kept', from: 'b' },
        ],
      },
    ],
  },
  {
    id: 'pptp-two-servers',
    family: 'pptp',
    title: 'PPTP: two laptops, two servers',
    story:
      'Two laptops dial two servers, so their tunnels end at different addresses. That helps where a router goes by addresses, and not where it goes by ports or Call IDs.',
    experiment: world({
      clients: [laptop(0, dial(7)), laptop(1, dial(7, 'server-2'))],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [SERVER, server(1, [{ kind: 'pptp' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'failed' },
      { that: 'status', node: 'b', is: 'failed' },
      { that: 'all-pass', from: 'b' },
    ],
    variants: [
      {
        says: 'with PPTP passthrough on',
        switches: { pptp: true },
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
        ],
      },
    ],
  },
];
