/** Ready-made clients and servers for stories about tunnels: usual addresses, one user who knows the password. */
import type { DialInOptions } from '../../src/endpoints/dial-in.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as gre from '../../src/wire/gre.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as ppp from '../../src/wire/ppp.ts';
import { mustRead } from './must-read.ts';

export const LAPTOP = address('192.168.1.10');
export const SECOND = address('192.168.1.11');
export const SERVER = address('198.51.100.10');
export const INNER_SERVER = address('10.0.0.1');
export const INNER_FIRST = address('10.0.0.100');

export const USER = { userName: 'ann', password: 'correct horse' } as const;

export const DIAL_IN: DialInOptions = {
  innerAddress: INNER_SERVER,
  pool: { first: INNER_FIRST, size: 10 },
  users: new Map([[USER.userName, USER.password]]),
};

export function readIpv4(packet: Uint8Array): ipv4.Fields {
  return mustRead(ipv4.parse(packet));
}

export const protocolOf = (packet: Uint8Array): number => packet[9]!;
export const isGre = (packet: Uint8Array): boolean => protocolOf(packet) === gre.PROTOCOL;

/** The PPP frame in a packet of enhanced GRE; undefined in anything else, an acknowledgement alone included. */
export function greFrame(packet: Uint8Array): ppp.Fields | undefined {
  if (!isGre(packet)) return undefined;
  const parsed = gre.parse(readIpv4(packet).payload);
  if (!parsed.ok || parsed.value.payload.length === 0) return undefined;
  const frame = ppp.parse(parsed.value.payload);
  return frame.ok ? frame.value : undefined;
}
