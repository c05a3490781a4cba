/** tshark as judge of WireGuard, TLS, OpenVPN and what stands on them: whole, rightly summed, decrypted by our keys. */
import { describe, expect, test } from 'vitest';
import { keyPair } from '../../src/endpoints/crypto/x25519.ts';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { hostPrefix, WireGuard } from '../../src/endpoints/wireguard.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { Lab } from '../support/two-hosts.ts';
import { dissected, faults } from '../support/wireshark.ts';

const SERVER = ipv4('198.51.100.10');
const CLIENT = ipv4('203.0.113.1');

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
