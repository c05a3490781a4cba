/** Secrets of the simulated VPNs, made from names. Nothing simulated is secret; runs must repeat to the byte. @module */
import { sha256 } from '@noble/hashes/sha2.js';
import { type KeyPair, keyPair } from '../endpoints/crypto/x25519.ts';
import type { ManualPeer } from '../endpoints/ipsec-manual.ts';
import { ipv4 } from '../wire/address.ts';

/** The one user of every VPN. */
export const USER = { userName: 'ann', password: 'correct horse battery staple' };
export const USERS: ReadonlyMap<string, string> = new Map([[USER.userName, USER.password]]);
export const PSK = 'a key that both ends were given';
export const SERVER_NAME = 'vpn.example';

export function secretOf(name: string): Uint8Array {
  return sha256(Uint8Array.from(name, (letter) => letter.charCodeAt(0)));
}

const pairs = new Map<string, KeyPair>();

/** The same pair for the same name: its public half costs a scalar multiplication only once. */
export function keyPairOf(name: string): KeyPair {
  const known = pairs.get(name);
  if (known) return known;
  const pair = keyPair(secretOf(name));
  pairs.set(name, pair);
  return pair;
}

/** Each server has a /16 of its own inside: 10.8.0.0, 10.9.0.0, …; a network of it for each kind of VPN. */
export function innerNetwork(server: number, kind: string): number {
  const KINDS = [
    'pptp',
    'l2tp',
    'l2tpv3',
    'ikev2',
    'esp',
    'ah',
    'l2tp-ipsec',
    'openvpn',
    'wireguard',
    'sstp',
    'gre',
    'gateway',
  ];
  return ipv4('10.8.0.0') + server * 0x10000 + Math.max(0, KINDS.indexOf(kind)) * 0x100;
}

/** Where callers of such a server get addresses inside, and who may call. */
export function dialIn(server: number, kind: string) {
  const network = innerNetwork(server, kind);
  return { innerAddress: network + 1, pool: { first: network + 10, size: 100 }, users: USERS };
}

/** Keys placed by hand for one client and one server: SPIs that tell at a glance whose they are. */
export function manualPeers(
  kind: string,
  client: number,
  server: string,
): { readonly client: ManualPeer; readonly server: ManualPeer } {
  const out = { spi: 0xc1000000 + (client + 1) * 0x10000 + 1, secret: `${kind} ${client} to ${server}` };
  const back = { spi: 0x51000000 + (client + 1) * 0x10000 + 1, secret: `${kind} ${server} to ${client}` };
  return {
    client: { name: server, inbound: back, outbound: out },
    server: { name: `client ${client + 1}`, inbound: out, outbound: back },
  };
}
