/**
 * What a router looks at before anything else: whether the IPv4 header can be believed.
 * Source: Linux ip_input.c ip_rcv_core.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import { sum16 } from '../wire/checksum.ts';
import type { Packet } from './packet.ts';
import type { Reason } from './reason.ts';

type Why = Exclude<Extract<Reason, { code: 'bad-ip-header' }>['why'], 'options'>;

/** What is wrong with the header; undefined: nothing, and bytes after the IP length, mere padding, have fallen off. */
export function headerProblem(packet: Packet): Why | undefined {
  const { bytes, length, headerLength } = packet;
  if (length < 20) return 'total-length';
  if (bytes[0]! >>> 4 !== 4) return 'version';
  if (headerLength < 20 || headerLength > length) return 'header-length';
  const sum = sum16(bytes, 0, headerLength);
  if (((sum & 0xffff) + (sum >>> 16)) % 0xffff !== 0) return 'checksum';
  const total = u16(bytes, 2);
  if (total > length || total < headerLength) return 'total-length';
  packet.length = total;
  return undefined;
}
