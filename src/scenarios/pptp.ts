/** PPTP: a TCP control connection, and a tunnel of GRE that has no ports. @module */
import { laptop, OFF, router, seconds, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

const SERVER = server(0, [{ kind: 'pptp' }]);
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
      { that: 'stopped', because: 'no-port', from: 'a' },
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
      routers: [router('linux', { ...OFF, l2tp: true, ipsec: true }, { firewall: true })],
      servers: [SERVER],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'failed' },
      { that: 'all-pass', from: 'a' },
      { that: 'stopped', because: 'blocked-by-rule', from: 'server' },
    ],
  },
  {
    id: 'pptp-two-laptops',
    family: 'pptp',
    title: 'PPTP: two laptops, one server, different Call IDs',
    story:
      'Two laptops dial the same server with Call IDs of their own. The router knows nothing of Call IDs as long as nobody tells it to read them.',
    experiment: world({
      clients: [laptop(0, dial(100)), laptop(1, dial(200))],
      routers: [router('textbook', { ...OFF, pptp: true })],
      servers: [SERVER],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'up' },
    ],
  },
  {
    id: 'pptp-two-servers',
    family: 'pptp',
    title: 'PPTP: two laptops, two servers',
    story:
      'Two laptops dial two servers, so their tunnels end at different addresses. That helps where a router goes by addresses, and not where it goes by ports.',
    experiment: world({
      clients: [laptop(0, dial(7)), laptop(1, dial(7, 'server-2'), seconds(0.4))],
      routers: [router('linux', { ...OFF, pptp: true, l2tp: true, ipsec: true }, { firewall: true })],
      servers: [SERVER, server(1, [{ kind: 'pptp' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'up' },
      { that: 'reason', code: 'call-id-rewritten' },
    ],
  },
];
