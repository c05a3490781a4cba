/** Segments of a TCP connection: how large they are, and how one is sent. @module */
import * as tcp from '../wire/tcp.ts';
import type { Host } from './endpoint.ts';

export interface TcpAddresses {
  readonly local: number;
  readonly localPort: number;
  readonly remote: number;
  readonly remotePort: number;
}

export const HEADERS = 40;
/** Ethernet's 1500 bytes without the headers of IP and TCP. */
export const OUR_SEGMENT_SIZE = 1500 - HEADERS;
/** No path is believed to be narrower; a forged ICMP error must not cut data to crumbs. */
export const SMALLEST_SEGMENT = 512;
export const OUR_WINDOW = 65_535;
/** What RFC 9293 §3.7.1 assumes of a peer that names no size. */
export const DEFAULT_SEGMENT_SIZE = 536;

/** In sequence space: SYN and FIN count as a byte each. */
export function segmentLength(segment: tcp.Fields): number {
  return segment.payload.length + (segment.flags & tcp.SYN ? 1 : 0) + (segment.flags & tcp.FIN ? 1 : 0);
}

/** Whatever of a segment its connection's addresses and window do not decide. */
type Said = Omit<tcp.Given, 'sourcePort' | 'destinationPort' | 'window'>;

export function sendSegment(host: Host, addresses: TcpAddresses, said: Said): void {
  const { local: source, localPort: sourcePort, remote: destination, remotePort: destinationPort } = addresses;
  const window = said.flags & tcp.RST ? 0 : OUR_WINDOW;
  const payload = tcp.encode({ sourcePort, destinationPort, window, ...said }, { source, destination });
  host.send({ protocol: tcp.PROTOCOL, source, destination, payload });
}
