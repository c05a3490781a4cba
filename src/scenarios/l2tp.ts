/** L2TP: version 2 over UDP 1701, version 3 over UDP or bare over IP protocol 115. @module */
import { HOME, LINUX_DEFAULTS, laptop, OFF, router, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

const IP_115 = 115;
const dial = { kind: 'l2tp', server: 'server' } as const;
const pseudowire = (carrier: 'ip' | 'udp') => ({ kind: 'l2tpv3', server: 'server', carrier }) as const;

export const l2tp: readonly Scenario[] = [
  {
    id: 'l2tp-one-laptop',
    family: 'l2tp',
    title: 'L2TP: one laptop',
    story:
      'One laptop dials an L2TP server while L2TP passthrough is off. At this router it works all the same, because L2TP is carried in ordinary UDP.',
    experiment: world({
      clients: [laptop(0, dial)],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'l2tp' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'all-pass', from: 'a' },
      { that: 'all-pass', from: 'server' },
    ],
  },
  {
    id: 'l2tp-two-laptops',
    family: 'l2tp',
    title: 'L2TP: two laptops, one server',
    story:
      'Two laptops dial the same L2TP server, both from UDP port 1701. The router gives the second one another port outside, and both tunnels come up.',
    experiment: world({
      clients: [laptop(0, dial), laptop(1, dial)],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'l2tp' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'up' },
      { that: 'reason', code: 'port-drawn', from: 'b' },
    ],
    variants: [
      {
        says: 'with L2TP passthrough on',
        switches: { l2tp: true },
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
        ],
      },
    ],
  },
  {
    id: 'l2tp-answer-from-another-address',
    family: 'l2tp',
    title: 'L2TP: the server answers from another address',
    story:
      'The server has two addresses and answers from the one that was not called. The router expected an answer from the address that the laptop called, and lets no other in.',
    experiment: world({
      clients: [laptop(0, dial)],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, [{ kind: 'l2tp', l2tpAnswers: 'another-address' }], { alsoAt: ['198.51.100.11'] })],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'failed' },
      { that: 'symptom', node: 'a', code: '809' },
      { that: 'all-pass', from: 'a' },
      { that: 'stopped', because: 'blocked-by-rule', from: 'server' },
      { that: 'never-reaches', from: 'server', to: 'a' },
    ],
  },
  {
    id: 'l2tp-server-insists-on-1701',
    family: 'l2tp',
    title: 'L2TP: a server that talks to port 1701 only',
    story:
      'Two laptops dial an L2TP server that sends every answer to port 1701, wherever the question came from. Outside, port 1701 belongs to the first laptop, so it gets the answers meant for the second.',
    experiment: world({
      clients: [laptop(0, dial), laptop(1, dial)],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, [{ kind: 'l2tp', l2tpAnswers: 'port-1701' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'failed' },
      { that: 'reason', code: 'port-drawn', from: 'b' },
      { that: 'never-reaches', from: 'server', to: 'b' },
    ],
  },
  {
    id: 'l2tpv3-over-ip',
    family: 'l2tp',
    title: 'L2TPv3 over IP 115: two laptops, one server',
    story:
      'Two laptops run L2TPv3 straight over IP, as protocol 115, which has no ports. A Linux router can give this server’s answers to one laptop only, and that is the one that came first.',
    experiment: world({
      clients: [laptop(0, pseudowire('ip')), laptop(1, pseudowire('ip'))],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, [{ kind: 'l2tpv3' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'failed' },
      { that: 'stopped', because: 'tuple-clash', from: 'b', protocol: IP_115 },
    ],
    variants: [
      {
        says: 'at a textbook router with L2TP passthrough off',
        profile: 'textbook',
        switches: { l2tp: false },
        claims: [
          { that: 'status', node: 'a', is: 'failed' },
          { that: 'stopped', because: 'no-port', from: 'a', protocol: IP_115 },
        ],
      },
      {
        says: 'at a textbook router with L2TP passthrough on',
        profile: 'textbook',
        switches: { l2tp: true },
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
        ],
      },
    ],
  },
  {
    id: 'l2tpv3-over-udp',
    family: 'l2tp',
    title: 'L2TPv3 over UDP: two laptops, one server',
    story:
      'The same two laptops put their L2TPv3 into UDP. Now there are ports to tell them apart by, and both get through with every switch off.',
    experiment: world({
      clients: [laptop(0, pseudowire('udp')), laptop(1, pseudowire('udp'))],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'l2tpv3' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'up' },
      { that: 'all-pass', from: 'a' },
    ],
  },
];
