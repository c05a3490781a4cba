/** The recordings of a real router, as packets. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCapture } from '../../src/capture/open.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';

const ETHERNET_LEN = 14;

export interface Carried {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
}

/** The IPv4 packets of one side of a recording. */
export function packetsOf(name: string, side: 'lan' | 'wan' = 'wan'): Uint8Array[] {
  const path = join(import.meta.dirname, '..', 'recordings', name, `${side}.pcap`);
  const opened = openCapture(new Uint8Array(readFileSync(path)));
  if (!opened.ok) throw new Error(`${path}: ${opened.error.expected}`);
  return [...opened.value].map((packet) => packet.bytes.subarray(ETHERNET_LEN));
}

/** What the UDP datagrams of a recording carry. */
export function datagramsOf(name: string, side: 'lan' | 'wan' = 'wan'): Carried[] {
  return carried(name, side, udp.PROTOCOL, udp.parse);
}

/** What the TCP segments of a recording carry, where they carry anything. */
export function segmentsOf(name: string, side: 'lan' | 'wan' = 'wan'): Carried[] {
  return carried(name, side, tcp.PROTOCOL, tcp.parse).filter(({ payload }) => payload.length > 0);
}

function carried(
  name: string,
  side: 'lan' | 'wan',
  protocol: number,
  parse: (bytes: Uint8Array) => { readonly ok: true; readonly value: Carried } | { readonly ok: false },
): Carried[] {
  return packetsOf(name, side).flatMap((bytes) => {
    const packet = ipv4.parse(bytes);
    if (!packet.ok || packet.value.protocol !== protocol) return [];
    const inner = parse(packet.value.payload);
    return inner.ok ? [inner.value] : [];
  });
}
