/** IPsec with NAT traversal (RFC 3947, RFC 3948), and where that comes to its limits. @module */
import { HOME, LINUX_DEFAULTS, laptop, OFF, router, seconds, server, world } from './cast.ts';
import type { Scenario } from './scenario.ts';

const dial = { kind: 'ikev2', server: 'server' } as const;
const SERVER = server(0, [{ kind: 'ikev2' }]);
const UDP = 17;

export const ipsecNatt: readonly Scenario[] = [
  {
    id: 'natt-one-laptop',
    family: 'ipsec',
    title: 'IKEv2 with NAT traversal: one laptop',
    story:
      'The laptop and its server notice that an address was changed on the way, and put everything into UDP port 4500. No switch of this router has anything to do with it.',
    experiment: world({ clients: [laptop(0, dial)], routers: [router('textbook', OFF)], servers: [SERVER] }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'all-pass', from: 'a' },
      { that: 'all-pass', from: 'server' },
    ],
  },
  {
    id: 'natt-two-laptops',
    family: 'ipsec',
    title: 'IKEv2 with NAT traversal: two laptops, one server',
    story:
      'Two laptops connect to the same server from the same ports, 500 and then 4500. The router gives the second other ports outside, and both are up.',
    experiment: world({
      clients: [laptop(0, dial), laptop(1, dial)],
      routers: [router('textbook', OFF)],
      servers: [SERVER],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'status', node: 'b', is: 'up' },
      { that: 'reason', code: 'port-drawn', from: 'b' },
    ],
    variants: [
      {
        says: 'with IPsec passthrough on',
        switches: { ipsec: true },
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'status', node: 'b', is: 'up' },
        ],
      },
    ],
  },
  {
    id: 'natt-without-keepalives',
    family: 'ipsec',
    title: 'NAT traversal without keepalives',
    story:
      'Nobody keeps this tunnel alive, and half a minute after its last packet a Linux router has forgotten its mapping: two minutes are for flows that were answered for longer than two seconds. The server asks whether its client is still there; the question does not get in, so the server takes the tunnel down.',
    experiment: world({
      clients: [laptop(0, { ...dial, keepalive: false, pingEvery: 400 })],
      routers: [router('linux', LINUX_DEFAULTS, HOME)],
      servers: [server(0, [{ kind: 'ikev2', deadPeer: 150 }])],
      duration: seconds(420),
    }),
    claims: [
      { that: 'by', time: seconds(120), claim: { that: 'status', node: 'a', is: 'up' } },
      { that: 'stopped', because: 'blocked-by-rule', from: 'server', protocol: UDP },
      { that: 'symptom', node: 'server', code: 'XfrmInNoStates' },
      { that: 'all-pass', from: 'a' },
    ],
    variants: [
      {
        says: 'at a pf firewall, which remembers for one minute',
        profile: 'pf',
        claims: [
          { that: 'stopped', because: 'blocked-by-rule', from: 'server', protocol: UDP },
          { that: 'symptom', node: 'server', code: 'XfrmInNoStates' },
        ],
      },
      {
        says: 'at a router with an old Linux kernel, which remembers for three minutes from the first answer on',
        profile: 'linux-legacy',
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'all-pass', from: 'server' },
        ],
      },
      {
        says: 'at a textbook router, which remembers for five minutes',
        profile: 'textbook',
        claims: [
          { that: 'status', node: 'a', is: 'up' },
          { that: 'all-pass', from: 'server' },
          { that: 'not', claim: { that: 'symptom', node: 'server', code: 'XfrmInNoStates' } },
        ],
      },
    ],
  },
  {
    id: 'transport-mode-checksums',
    family: 'ipsec',
    title: 'Transport mode: the checksum inside',
    story:
      'In transport mode the UDP checksum is sealed in ESP, and it covers the address that the NAT has changed outside. A server that does not mend it opens each packet and throws it away.',
    experiment: world({
      clients: [laptop(0, { ...dial, transport: 'none' })],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'ikev2', checksums: 'none' }])],
    }),
    claims: [
      { that: 'not', claim: { that: 'was', node: 'a', is: 'up' } },
      { that: 'all-pass', from: 'a' },
      { that: 'symptom', node: 'server', code: 'InCsumErrors' },
    ],
  },
  {
    id: 'transport-mode-mended',
    family: 'ipsec',
    title: 'Transport mode: the checksum mended',
    story:
      'The same transport mode, but each end tells the other its true address, and the checksum is mended with it. Now the answers come through.',
    experiment: world({
      clients: [laptop(0, { ...dial, transport: 'nat-oa' })],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'ikev2', checksums: 'nat-oa' }])],
    }),
    claims: [
      { that: 'status', node: 'a', is: 'up' },
      { that: 'not', claim: { that: 'symptom', node: 'server', code: 'InCsumErrors' } },
    ],
  },
  {
    id: 'l2tp-ipsec-two-laptops',
    family: 'ipsec',
    title: 'L2TP/IPsec: two laptops, one server',
    story:
      'Two laptops dial an L2TP/IPsec server, and the router carries both faithfully in UDP 4500. To the server they are one address with two keys, and when the second is in, the first hears nothing more.',
    experiment: world({
      clients: [
        laptop(0, { kind: 'l2tp-ipsec', server: 'server' }),
        laptop(1, { kind: 'l2tp-ipsec', server: 'server' }, seconds(5)),
      ],
      routers: [router('textbook', OFF)],
      servers: [server(0, [{ kind: 'l2tp-ipsec', overlap: 'newest' }])],
      duration: seconds(120),
    }),
    claims: [
      { that: 'by', time: seconds(4), claim: { that: 'status', node: 'a', is: 'up' } },
      { that: 'not', claim: { that: 'status', node: 'a', is: 'up' } },
      { that: 'all-pass', from: 'a' },
      { that: 'all-pass', from: 'b' },
      { that: 'all-pass', from: 'server' },
    ],
  },
];
