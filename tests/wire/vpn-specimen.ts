/** What specimens of VPN packets are made of: IP, UDP and TCP around them. */
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';

export interface Specimen {
  readonly name: string;
  /** What tshark calls it. */
  readonly protocol: string;
  /** A whole IPv4 packet. */
  readonly packet: Uint8Array;
}

export const CLIENT = ipv4('192.168.1.10');
export const SERVER = ipv4('198.51.100.10');

export function overIp(protocol: number, payload: Uint8Array): Uint8Array {
  return ip.encode({ source: CLIENT, destination: SERVER, protocol, payload });
}

export function overUdp(sourcePort: number, destinationPort: number, payload: Uint8Array): Uint8Array {
  const pseudo = { source: CLIENT, destination: SERVER };
  return overIp(udp.PROTOCOL, udp.encode({ sourcePort, destinationPort, payload }, pseudo));
}

/** `n` bytes that look like nothing in particular. */
export function noise(n: number): Uint8Array {
  return Uint8Array.from({ length: n }, (_, at) => (at * 151 + 77) & 255);
}

let lastPort = 50_000;

/** Each from a port of its own, or they would all be one stream. */
export function overTcp(destinationPort: number, payload: Uint8Array): Uint8Array {
  const sourcePort = ++lastPort;
  const pseudo = { source: CLIENT, destination: SERVER };
  const flags = tcp.ACK | tcp.PSH;
  return overIp(tcp.PROTOCOL, tcp.encode({ sourcePort, destinationPort, sequence: 1, flags, payload }, pseudo));
}

export const NONE = new Uint8Array(0);
