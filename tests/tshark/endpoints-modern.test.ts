/** tshark as judge of WireGuard, TLS, OpenVPN and what stands on them: whole, rightly summed, decrypted by our keys. */
import { describe, expect, test } from 'vitest';
import { keyPair } from '../../src/endpoints/crypto/x25519.ts';
import { type Endpoint, seconds } from '../../src/endpoints/endpoint.ts';
import { HttpsClient, HttpsServer } from '../../src/endpoints/https.ts';
import { OpenVpnClient } from '../../src/endpoints/openvpn-client.ts';
import { OpenVpnServer } from '../../src/endpoints/openvpn-server.ts';
import { RdpClient, RdpServer } from '../../src/endpoints/rdp.ts';
import { SiteToSite } from '../../src/endpoints/site-to-site.ts';
import { SstpClient } from '../../src/endpoints/sstp-client.ts';
import { SstpServer } from '../../src/endpoints/sstp-server.ts';
import { identityOf } from '../../src/endpoints/tls-certificate.ts';
import { hostPrefix, WireGuard } from '../../src/endpoints/wireguard.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { Lab } from '../support/two-hosts.ts';
import { dissected, faults } from '../support/wireshark.ts';

const SERVER = ipv4('198.51.100.10');
const CLIENT = ipv4('203.0.113.1');
const NAME = 'vpn.example.com';

/** A client and a server talk, hang up, and what lingers is waited for. */
function talk(client: Endpoint, server: Endpoint, length = seconds(10)): Lab {
  return new Lab({
    hosts: [
      { name: 'client', addresses: [CLIENT], endpoints: [client] },
      { name: 'server', addresses: [SERVER], endpoints: [server] },
    ],
  })
    .start('server')
    .start('client')
    .run(length)
    .stop('client')
    .run(seconds(5));
}

describe('WireGuard', () => {
  const secrets = { client: new Uint8Array(32).fill(2), server: new Uint8Array(32).fill(1) };
  const inside = { client: ipv4('10.0.0.2'), server: ipv4('10.0.0.1') };

  function run(options: { psk?: Uint8Array; underLoad?: boolean } = {}): Lab {
    const psk = options.psk ? { presharedKey: options.psk } : {};
    const client = new WireGuard({
      address: inside.client,
      privateKey: secrets.client,
      echo: { target: inside.server, at: [0, seconds(1), seconds(130), seconds(131)] },
      peers: [
        {
          name: 'server',
          publicKey: keyPair(secrets.server).public,
          allowedIps: [hostPrefix(inside.server)],
          endpoint: { address: SERVER, port: 51820 },
          ...psk,
        },
      ],
    });
    const allowedIps = [hostPrefix(inside.client)];
    const server = new WireGuard({
      address: inside.server,
      privateKey: secrets.server,
      listenPort: 51820,
      underLoad: options.underLoad ?? false,
      peers: [{ name: 'client', publicKey: keyPair(secrets.client).public, allowedIps, ...psk }],
    });
    return new Lab({
      hosts: [
        { name: 'client', addresses: [CLIENT], endpoints: [client] },
        { name: 'server', addresses: [SERVER], endpoints: [server] },
      ],
    })
      .start('server')
      .start('client')
      .run(seconds(150));
  }

  test.each([
    ['without a pre-shared key', {}],
    ['with a pre-shared key', { psk: new Uint8Array(32).fill(9) }],
    ['with a cookie', { underLoad: true }],
  ])('%s, tshark finds no fault and reads the pings inside, before and after new keys', (_, options) => {
    const lab = run(options);
    expect(faults(lab)).toEqual([]);
    const pings = dissected(lab, 'wg && icmp', ['ip.src', 'icmp.type', 'icmp.seq']);
    expect(pings.filter((line) => line.includes('|8|'))).toHaveLength(4);
    expect(pings.filter((line) => line.includes('|0|'))).toHaveLength(4);
    expect(pings[0]).toMatch(/203\.0\.113\.1,10\.0\.0\.2\|8\|1/);
    expect(dissected(lab, 'wg.type == 2', ['wg.handshake_ok'])).toEqual(['1', '1']);
  });
});

test('HTTPS: tshark finds no fault in TLS and reads request and answer with our key log', () => {
  const lab = talk(
    new HttpsClient({ server: SERVER, name: NAME, path: '/page', at: [0, seconds(2)] }),
    new HttpsServer({ name: NAME }),
  );
  expect(faults(lab)).toEqual([]);
  const hellos = dissected(lab, 'tls.handshake.type == 1', ['tls.handshake.extensions_server_name']);
  expect(hellos).toEqual([NAME]);
  const certificates = dissected(lab, 'tls.handshake.type == 11', ['x509sat.uTF8String', 'x509ce.dNSName']);
  expect(certificates).toEqual([`${NAME},${NAME}|${NAME}`]);
  const talked = dissected(lab, 'http', ['http.request.method', 'http.request.uri', 'http.response.code']);
  expect(talked).toEqual(['GET|/page|', '||200', 'GET|/page|', '||200']);
  expect(dissected(lab, 'tls.alert_message', ['tls.alert_message.desc'])).toEqual(['0', '0']);
});

describe.each(['udp', 'tcp'] as const)('OpenVPN over %s', (protocol) => {
  test('tshark finds no fault, follows the TLS inside and reads what it says with our key log', () => {
    const lab = talk(
      new OpenVpnClient({ server: SERVER, serverName: NAME, identity: identityOf('laptop-a'), protocol }),
      new OpenVpnServer({ name: NAME, address: ipv4('10.8.0.1'), protocol }),
    );
    expect(lab.phasesOf('client')).toContain('up');
    expect(faults(lab)).toEqual([]);
    const opcodes = new Set(
      dissected(lab, 'openvpn', ['openvpn.opcode']).flatMap((line) => line.split(',').map(Number)),
    );
    for (const opcode of [4, 5, 7, 8, 9]) expect(opcodes).toContain(opcode);
    expect(dissected(lab, 'tls.handshake.type == 1', ['tls.handshake.type'])).toEqual(['1']);
    const said = dissected(lab, 'openvpn && data.data', ['data.data']).join(' ');
    for (const text of ['IV_VER=2.6.14', 'PUSH_REPLY,route-gateway 10.8.0.1', 'EXIT'])
      expect(said).toContain(hexOf(text));
  });
});

test('SSTP: tshark finds no fault and reads the request and the calls behind it', () => {
  const lab = talk(
    new SstpClient({ server: SERVER, serverName: NAME, userName: 'ann', password: 'secret' }),
    new SstpServer({
      name: NAME,
      innerAddress: ipv4('10.0.0.1'),
      pool: { first: ipv4('10.0.0.100'), size: 10 },
      users: new Map([['ann', 'secret']]),
    }),
  );
  expect(lab.phasesOf('client')).toContain('up');
  expect(faults(lab)).toEqual([]);
  const calls = dissected(lab, 'http || sstp.iscontrol == 1', [
    'http.request.method',
    'http.response.code',
    'sstp.messagetype',
  ]);
  const messages = ['0x0001', '0x0002', '0x0004', '0x0006', '0x0007'].map((type) => `||${type}`);
  expect(calls).toEqual(['SSTP_DUPLEX_POST||', '|200|', ...messages]);
  const chap = dissected(lab, 'chap', ['chap.code', 'chap.message']);
  expect(chap).toEqual(['1|', '2|', expect.stringMatching(/^3\|S=[0-9A-F]{40} M=Access granted$/)]);
  expect(dissected(lab, 'icmp.type == 0', ['icmp.seq'])).toEqual(['1', '2', '3']);
});

test('Remote Desktop: tshark finds no fault in the negotiation and the TLS after it', () => {
  const lab = talk(new RdpClient({ server: SERVER, userName: 'ann', serverName: NAME }), new RdpServer({ name: NAME }));
  expect(faults(lab)).toEqual([]);
  const asked = dissected(lab, 'rdp', ['rdp.negReq.requestedProtocols', 'rdp.negReq.selectedProtocol']);
  expect(asked).toEqual(['0x00000001|', '|0x00000001']);
  // As with real sessions, tshark has to be told that TLS follows on this port.
  const asTls = ['-d', 'tcp.port==3389,tls'];
  const handshake = dissected(lab, 'tls.handshake', ['tls.handshake.type'], asTls).join(',').split(',');
  expect(handshake).toEqual(['1', '2', '8', '11', '15', '20', '20']);
  expect(faults(lab, asTls)).toEqual([]);
});

test('two offices: tshark finds no fault and reads what the LANs sent', () => {
  const secrets = { left: new Uint8Array(32).fill(1), right: new Uint8Array(32).fill(2) };
  const office = (own: 'left' | 'right', other: 'left' | 'right', address: string, remote: string, at: number) =>
    new SiteToSite({
      privateKey: secrets[own],
      address: ipv4(address),
      remote: [{ address: ipv4(remote), length: 24 }],
      peer: { name: other, publicKey: keyPair(secrets[other]).public, endpoint: { address: at, port: 51820 } },
      ...(own === 'left' ? { echo: { target: ipv4('192.168.2.1') } } : {}),
    });
  const left = office('left', 'right', '192.168.1.1', '192.168.2.0', SERVER);
  const lab = talk(left, office('right', 'left', '192.168.2.1', '192.168.1.0', CLIENT));
  expect(faults(lab)).toEqual([]);
  expect(dissected(lab, 'icmp.type == 0', ['ip.src', 'ip.ttl'])[0]).toBe('198.51.100.10,192.168.2.1|64,64');
});

function hexOf(text: string): string {
  return Buffer.from(text).toString('hex');
}
