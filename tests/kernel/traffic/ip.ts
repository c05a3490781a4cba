/**
 * IPv4 packets as the tests make them: right unless told otherwise, and wrong in every way that can be asked for.
 * Deliberately apart from src/wire, so that a mistake there is not made twice.
 * @module
 */
import { concat, putU16, putU32, u16, u32 } from '../../../src/lib/bytes.ts';
import { checksum } from '../../../src/wire/checksum.ts';

export interface IpFields {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly payload: Uint8Array;
  readonly id?: number;
  readonly ttl?: number;
  readonly tos?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In bytes, a multiple of 8. */
  readonly fragmentOffset?: number;
  readonly options?: Uint8Array;
  /** Overrides of what follows from the rest. */
  readonly totalLength?: number;
  readonly headerWords?: number;
  readonly version?: number;
  readonly badChecksum?: boolean;
}

export function ip(fields: IpFields): Uint8Array {
  const options = padded(fields.options ?? new Uint8Array());
  const headerLength = 20 + options.length;
  const bytes = concat(new Uint8Array(20), options, fields.payload);
  bytes[0] = ((fields.version ?? 4) << 4) | (fields.headerWords ?? headerLength / 4);
  bytes[1] = fields.tos ?? 0;
  putU16(bytes, 2, fields.totalLength ?? bytes.length);
  putU16(bytes, 4, fields.id ?? 1);
  const flags = (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
  putU16(bytes, 6, flags | ((fields.fragmentOffset ?? 0) >>> 3));
  bytes[8] = fields.ttl ?? 64;
  bytes[9] = fields.protocol;
  putU32(bytes, 12, fields.source);
  putU32(bytes, 16, fields.destination);
  putU16(bytes, 10, checksum(bytes, 0, headerLength));
  if (fields.badChecksum) putU16(bytes, 10, u16(bytes, 10) ^ 0x0101);
  return bytes;
}

function padded(options: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(options.length / 4) * 4);
  whole.set(options);
  return whole;
}

/** What a host reads in a packet that reached it. */
export interface IpView {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly id: number;
  readonly ttl: number;
  readonly headerLength: number;
  readonly payload: Uint8Array;
}

export function readIp(packet: Uint8Array): IpView {
  const headerLength = (packet[0]! & 15) * 4;
  return {
    source: u32(packet, 12),
    destination: u32(packet, 16),
    protocol: packet[9]!,
    id: u16(packet, 4),
    ttl: packet[8]!,
    headerLength,
    payload: packet.subarray(headerLength),
  };
}

/** Cuts a packet into pieces whose payload sizes are given; the last size is what is left. Sizes are rounded to 8. */
export function fragments(packet: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const whole = readIp(packet);
  const options = packet.subarray(20, whole.headerLength);
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (let i = 0; at < whole.payload.length; i++) {
    const size = Math.max(8, (sizes[i % sizes.length]! >>> 3) << 3);
    const end = Math.min(whole.payload.length, at + size);
    pieces.push(
      ip({
        ...whole,
        tos: packet[1]!,
        options,
        fragmentOffset: at,
        moreFragments: end < whole.payload.length,
        payload: whole.payload.subarray(at, end),
      }),
    );
    at = end;
  }
  return pieces;
}

/** Puts pieces that left the router together again, in order of offset. A single packet comes back as it is. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array | undefined {
  const first = pieces[0];
  if (!first || pieces.length === 1) return first;
  const ordered = [...pieces].sort((a, b) => (u16(a, 6) & 0x1fff) - (u16(b, 6) & 0x1fff));
  const head = readIp(ordered[0]!);
  return ip({ ...head, payload: concat(...ordered.map((piece) => readIp(piece).payload)) });
}
