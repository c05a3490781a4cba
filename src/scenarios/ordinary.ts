/** VPNs and remote access that no passthrough switch is about: ordinary TCP and UDP. @module */
import { laptop, OFF, ON, router, seconds, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

const BOTH_UP = [
  { that: 'status', node: 'a', is: 'up' },
  { that: 'status', node: 'b', is: 'up' },
  { that: 'all-pass', from: 'a' },
  { that: 'all-pass', from: 'b' },
] as const;
const WITH_ALL_ON = [{ says: 'with every switch on', switches: ON, claims: BOTH_UP }] as const;

export const ordinary: readonly Scenario[] = [
  {
    id: 'openvpn-udp',
    family: 'ordinary',
    title: 'OpenVPN over UDP: two laptops',
    story:
      'Two laptops connect to the same OpenVPN server, both from UDP port 1194. To the router this is UDP like any other, and no switch changes anything.',
    experiment: world({
      clients: [0, 1].map((index) =>
        laptop(index, { kind: 'openvpn', server: 'server', protocol: 'udp', localPort: 1194 }),
      ),
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'openvpn' }])],
    }),
    claims: [...BOTH_UP, { that: 'reason', code: 'port-drawn', from: 'b' }],
    variants: WITH_ALL_ON,
  },
  {
    id: 'openvpn-tcp',
    family: 'ordinary',
    title: 'OpenVPN over TCP: two laptops',
    story:
      'Two laptops connect to an OpenVPN server over TCP, as people do where UDP is blocked. To the router it is one more TCP connection each.',
    experiment: world({
      clients: [0, 1].map((index) => laptop(index, { kind: 'openvpn', server: 'server', protocol: 'tcp' })),
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'openvpn' }])],
    }),
    claims: BOTH_UP,
    variants: WITH_ALL_ON,
  },
  {
    id: 'wireguard-roaming',
    family: 'ordinary',
    title: 'WireGuard: the address changes under the tunnel',
    story:
      'A laptop’s WireGuard tunnel is up when the provider gives the router another address. The laptop’s next packet comes from the new address and proves whose it is, and the server sends its answers there.',
    experiment: world({
      clients: [laptop(0, { kind: 'wireguard', server: 'server', keepalive: 10, pingEvery: 5 })],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'wireguard' }])],
      interventions: [{ at: seconds(12), do: 'wan-address', router: 'router', address: '203.0.113.77/24' }],
    }),
    claims: [
      { that: 'by', time: seconds(11), claim: { that: 'status', node: 'a', is: 'up' } },
      { that: 'status', node: 'a', is: 'up' },
      { that: 'all-pass', from: 'a' },
      { that: 'not', claim: { that: 'was', node: 'a', is: 'failed' } },
    ],
  },
  {
    id: 'sstp',
    family: 'ordinary',
    title: 'SSTP: two laptops',
    story:
      'SSTP puts the whole tunnel into HTTPS. Whatever lets people read a web shop lets this VPN pass, for as many laptops as there are.',
    experiment: world({
      clients: [0, 1].map((index) => laptop(index, { kind: 'sstp', server: 'server' })),
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'sstp' }])],
    }),
    claims: BOTH_UP,
    variants: WITH_ALL_ON,
  },
  {
    id: 'rdp',
    family: 'ordinary',
    title: 'Remote Desktop: two laptops',
    story:
      'Two people open the desktop of the same machine far away. Remote Desktop is one TCP connection to port 3389, so nothing needs to be let through.',
    experiment: world({
      clients: [0, 1].map((index) => laptop(index, { kind: 'rdp', server: 'server' })),
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'rdp' }], { name: 'Remote desktop' })],
    }),
    claims: BOTH_UP,
    variants: WITH_ALL_ON,
  },
  {
    id: 'https',
    family: 'ordinary',
    title: 'HTTPS: two laptops',
    story:
      'Two laptops fetch a page from the same web server. This is what the router was made for, and the measure for everything else here.',
    experiment: world({
      clients: [0, 1].map((index) => laptop(index, { kind: 'https', server: 'server' })),
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'https' }], { name: 'Web server' })],
    }),
    claims: BOTH_UP,
    variants: WITH_ALL_ON,
  },
];
