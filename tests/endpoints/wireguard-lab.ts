/** Two laptops and a server that speak WireGuard, and what is seen of them on the wire. */
import { keyPair } from '../../src/endpoints/crypto/x25519.ts';
import type { EchoPlan } from '../../src/endpoints/inner-echo.ts';
import { hostPrefix, WireGuard, type WireGuardConfig } from '../../src/endpoints/wireguard.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import * as wireguard from '../../src/wire/wireguard.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';

export const SERVER = ipv4('198.51.100.10');
export const LAPTOP_A = ipv4('203.0.113.1');
export const LAPTOP_B = ipv4('203.0.113.2');
export const INSIDE = { server: ipv4('10.0.0.1'), a: ipv4('10.0.0.2'), b: ipv4('10.0.0.3') };
export const KEYS = {
  server: new Uint8Array(32).fill(1),
  a: new Uint8Array(32).fill(2),
  b: new Uint8Array(32).fill(3),
};
export const PSK = new Uint8Array(32).fill(9);
export const publicOf = (secret: Uint8Array) => keyPair(secret).public;

export function laptop(
  name: 'a' | 'b',
  options: { echo?: EchoPlan; keepalive?: number; psk?: Uint8Array; right?: boolean } = {},
) {
  return new WireGuard({
    address: INSIDE[name],
    privateKey: KEYS[name],
    echo: options.echo ?? { target: INSIDE.server },
    peers: [
      {
        name: 'server',
        publicKey: publicOf(options.right === false ? KEYS.b : KEYS.server),
        allowedIps: [hostPrefix(INSIDE.server)],
        endpoint: { address: SERVER, port: 51820 },
        ...(options.keepalive ? { persistentKeepalive: options.keepalive } : {}),
        ...(options.psk ? { presharedKey: options.psk } : {}),
      },
    ],
  });
}

export function server(options: Partial<WireGuardConfig> & { psk?: Uint8Array } = {}) {
  const psk = options.psk ? { presharedKey: options.psk } : {};
  return new WireGuard({
    address: INSIDE.server,
    privateKey: KEYS.server,
    listenPort: 51820,
    peers: [
      { name: 'laptop A', publicKey: publicOf(KEYS.a), allowedIps: [hostPrefix(INSIDE.a)], ...psk },
      { name: 'laptop B', publicKey: publicOf(KEYS.b), allowedIps: [hostPrefix(INSIDE.b)] },
    ],
    ...options,
  });
}

export function lab(a: WireGuard, at: WireGuard = server(), options: Partial<LabOptions> = {}) {
  return new Lab({
    hosts: [
      { name: 'a', addresses: [LAPTOP_A, LAPTOP_B], endpoints: [a] },
      { name: 'server', addresses: [SERVER], endpoints: [at] },
    ],
    ...options,
  })
    .start('server')
    .start('a');
}

export const payloadOf = (packet: Uint8Array) => {
  const parsed = ip.parse(packet);
  if (!parsed.ok) throw new Error('not an IPv4 packet');
  const datagram = udp.parse(parsed.value.payload, parsed.value);
  if (!datagram.ok) throw new Error('not a UDP datagram');
  return datagram.value.payload;
};
export const kindOf = (packet: Uint8Array) => {
  const message = wireguard.parse(payloadOf(packet));
  return message.ok ? message.value.type : undefined;
};
export const kinds = (l: Lab, from?: string) => l.packets(from).map(kindOf);
export const times = (l: Lab, kind: string, from?: string) =>
  l.sent
    .filter((each) => (from === undefined || each.from === from) && kindOf(each.packet) === kind)
    .map((each) => each.at);
