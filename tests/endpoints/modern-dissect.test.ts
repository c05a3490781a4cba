/** What the modern endpoints send, read back by our own dissectors. */
import { describe, expect, test } from 'vitest';
import { keyPair } from '../../src/endpoints/crypto/x25519.ts';
import { type Endpoint, seconds } from '../../src/endpoints/endpoint.ts';
import { HttpsClient, HttpsServer } from '../../src/endpoints/https.ts';
import { OpenVpnClient } from '../../src/endpoints/openvpn-client.ts';
import { OpenVpnServer } from '../../src/endpoints/openvpn-server.ts';
import { RdpClient, RdpServer } from '../../src/endpoints/rdp.ts';
import { SstpClient } from '../../src/endpoints/sstp-client.ts';
import { SstpServer } from '../../src/endpoints/sstp-server.ts';
import { identityOf } from '../../src/endpoints/tls-certificate.ts';
import { hostPrefix, WireGuard } from '../../src/endpoints/wireguard.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { dissect } from '../../src/wire/dissect.ts';
import type { Field, Layer } from '../../src/wire/layer.ts';
import { Lab } from '../support/two-hosts.ts';

const SERVER = ipv4('198.51.100.10');
const NAME = 'vpn.example.com';
const INSIDE = { client: ipv4('10.0.0.2'), server: ipv4('10.0.0.1') };
const KEYS = { client: new Uint8Array(32).fill(2), server: new Uint8Array(32).fill(1) };

function openVpn(protocol: 'udp' | 'tcp'): readonly [Endpoint, Endpoint] {
  return [
    new OpenVpnClient({ server: SERVER, serverName: NAME, identity: identityOf('laptop-a'), protocol }),
    new OpenVpnServer({ name: NAME, address: ipv4('10.8.0.1'), protocol }),
  ];
}

const talks: readonly [string, () => readonly [Endpoint, Endpoint], readonly string[]][] = [
  [
    'WireGuard',
    () => [
      new WireGuard({
        address: INSIDE.client,
        privateKey: KEYS.client,
        echo: { target: INSIDE.server },
        peers: [
          {
            name: 'server',
            publicKey: keyPair(KEYS.server).public,
            allowedIps: [hostPrefix(INSIDE.server)],
            endpoint: { address: SERVER, port: 51820 },
          },
        ],
      }),
      new WireGuard({
        address: INSIDE.server,
        privateKey: KEYS.server,
        listenPort: 51820,
        peers: [{ name: 'client', publicKey: keyPair(KEYS.client).public, allowedIps: [hostPrefix(INSIDE.client)] }],
      }),
    ],
    ['wireguard'],
  ],
  ['HTTPS', () => [new HttpsClient({ server: SERVER, name: NAME }), new HttpsServer({ name: NAME })], ['tls']],
  ['OpenVPN over UDP', () => openVpn('udp'), ['openvpn-udp', 'tls']],
  ['OpenVPN over TCP', () => openVpn('tcp'), ['openvpn-tcp', 'tls']],
  [
    'SSTP',
    () => [
      new SstpClient({ server: SERVER, serverName: NAME, userName: 'ann', password: 'secret' }),
      new SstpServer({
        name: NAME,
        innerAddress: INSIDE.server,
        pool: { first: INSIDE.client, size: 5 },
        users: new Map([['ann', 'secret']]),
      }),
    ],
    ['tls'],
  ],
  [
    'Remote Desktop',
    () => [new RdpClient({ server: SERVER, userName: 'ann' }), new RdpServer({ name: NAME })],
    ['tpkt', 'tls'],
  ],
];

describe.each(talks)('%s', (_, make, protocols) => {
  const [client, server] = make();
  const lab = new Lab({
    hosts: [
      { name: 'client', addresses: [ipv4('203.0.113.1')], endpoints: [client] },
      { name: 'server', addresses: [SERVER], endpoints: [server] },
    ],
  })
    .start('server')
    .start('client')
    .run(seconds(5))
    .stop('client')
    .run(seconds(5));
  const layers = lab.packets().flatMap((packet) => dissect(packet).layers);

  test('came up, and every packet dissects without a malformed layer', () => {
    expect(lab.phases.some((note) => note.host === 'client' && note.status === 'up')).toBe(true);
    expect(
      layers.filter((layer) => layer.kind === 'malformed').map((layer) => `${layer.protocol}: ${layer.why}`),
    ).toEqual([]);
    for (const protocol of protocols) expect(layers.map((layer) => layer.protocol)).toContain(protocol);
  });

  test('every checksum that can be checked is right', () => {
    const checks = layers.flatMap(checksOf);
    expect(checks).toContain('right');
    expect(checks).not.toContain('wrong');
  });
});

function checksOf(layer: Layer): readonly string[] {
  const inFields = (fields: readonly Field[]): readonly string[] =>
    fields.flatMap((field) => [...(field.check ? [field.check] : []), ...inFields(field.children ?? [])]);
  return inFields(layer.fields);
}
