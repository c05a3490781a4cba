/** Ways around passthrough: nothing for the router to let through. @module */
import { laptop, OFF, router, seconds, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

const OFFICE = { kind: 'plain', server: 'server', to: '192.168.2.20' } as const;
/** A router that is to be one end of a tunnel needs no switch: nothing passes through it that it could not carry. */
const EVERYTHING_PASSES = [
  { that: 'status', node: 'a', is: 'up' },
  { that: 'status', node: 'b', is: 'up' },
  { that: 'status', node: 'router', is: 'up' },
  { that: 'all-pass', from: 'a' },
] as const;

export const around: readonly Scenario[] = [
  {
    id: 'vpn-router',
    family: 'around',
    title: 'A VPN router: the tunnel ends at home',
    story:
      'The home router itself is the VPN client, and whatever the laptops send goes through its one tunnel. They need no VPN software, and no switch is asked for anything.',
    experiment: world({
      clients: [0, 1].map((index) => laptop(index, { kind: 'plain', server: 'server', to: '10.8.11.1' }, seconds(1))),
      routers: [router('textbook', OFF, { name: 'VPN router', gateway: { kind: 'vpn-router', server: 'server' } })],
      servers: [server(0, [])],
      duration: seconds(20),
    }),
    claims: EVERYTHING_PASSES,
  },
  {
    id: 'site-to-site',
    family: 'around',
    title: 'Site to site: two offices joined by their routers',
    story:
      'Two routers hold a tunnel between two offices, and each sends the other’s network through it. A laptop reaches the machine in the other office by its plain private address.',
    experiment: world({
      clients: [0, 1].map((index) => laptop(index, OFFICE, seconds(1))),
      routers: [
        router('textbook', OFF, { gateway: { kind: 'site-to-site', server: 'server', remote: '192.168.2.1/24' } }),
      ],
      servers: [server(0, [], { name: 'Other office' })],
      duration: seconds(20),
    }),
    claims: EVERYTHING_PASSES,
  },
  {
    id: 'sd-wan',
    family: 'around',
    title: 'SD-WAN: one tunnel over two uplinks',
    story:
      'The router has fibre and a mobile uplink, and an encrypted tunnel over each to the other office. When the fibre is cut it changes over within seconds, and the laptops’ traffic goes on.',
    experiment: world({
      clients: [0, 1].map((index) => laptop(index, OFFICE, seconds(1))),
      routers: [
        router('textbook', OFF, {
          name: 'SD-WAN edge',
          gateway: {
            kind: 'sd-wan',
            server: 'server',
            remote: '192.168.2.1/24',
            uplinks: [
              { name: 'fibre', address: '203.0.113.1/24' },
              { name: 'mobile', address: '203.0.113.65/24' },
            ],
          },
        }),
      ],
      servers: [server(0, [], { name: 'Other office' })],
      interventions: [{ at: seconds(10), do: 'cable', node: 'router', uplink: 'fibre', plugged: false }],
      duration: seconds(20),
    }),
    claims: [
      ...EVERYTHING_PASSES,
      { that: 'by', time: seconds(9), claim: { that: 'status', node: 'router', is: 'up' } },
      { that: 'not', claim: { that: 'was', node: 'a', is: 'failed' } },
    ],
  },

  {
    id: 'identity-aware-access',
    family: 'around',
    title: 'Access by identity, without a tunnel',
    story:
      'Two laptops ask a proxy at the company for the same files, over HTTPS and without any tunnel. One shows a token that says who is asking and is let in; the other has none and is turned away.',
    experiment: world({
      clients: [
        laptop(0, { kind: 'identity', server: 'server', token: true }),
        laptop(1, { kind: 'identity', server: 'server', token: false }),
      ],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'identity' }], { name: 'Access proxy' })],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'failed' },
      { that: 'symptom', node: 'b', code: '401' },
      { that: 'all-pass', from: 'b' },
    ],
  },
];
