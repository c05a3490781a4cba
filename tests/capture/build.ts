/** Capture files made by hand, field by field, in either byte order: what the readers' tests read. @module */
import { concat } from '../../src/lib/bytes.ts';

/** Writes numbers in one byte order. */
export function order(little: boolean) {
  const number = (size: 2 | 4 | 8) => (value: number | bigint) => {
    const bytes = new Uint8Array(size);
    const view = new DataView(bytes.buffer);
    if (size === 2) view.setUint16(0, Number(value), little);
    else if (size === 4) view.setUint32(0, Number(value), little);
    else view.setBigUint64(0, BigInt.asUintN(64, BigInt(value)), little);
    return bytes;
  };
  return { u16: number(2), u32: number(4), u64: number(8) };
}

export function padTo4(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
}

export interface PcapPacket {
  readonly seconds: number;
  /** Microseconds or nanoseconds, as the file has it. */
  readonly fraction: number;
  readonly bytes: Uint8Array;
  readonly original?: number;
}

export interface PcapSettings {
  readonly little: boolean;
  readonly nano?: boolean;
  readonly linkType?: number;
  readonly version?: readonly [major: number, minor: number];
  readonly swapLengths?: boolean;
}

export function pcap(settings: PcapSettings, packets: readonly PcapPacket[]): Uint8Array {
  const { u16, u32 } = order(settings.little);
  const [major, minor] = settings.version ?? [2, 4];
  const magic = settings.nano ? 0xa1b23c4d : 0xa1b2c3d4;
  const head = [u32(magic), u16(major), u16(minor), u32(0), u32(0), u32(65535), u32(settings.linkType ?? 1)];
  const records = packets.flatMap(({ seconds, fraction, bytes, original = bytes.length }) => {
    const lengths = settings.swapLengths ? [u32(original), u32(bytes.length)] : [u32(bytes.length), u32(original)];
    return [u32(seconds), u32(fraction), ...lengths, bytes];
  });
  return concat(...head, ...records);
}

/** Blocks and options of pcapng in one byte order. */
export function pcapng(little: boolean) {
  const { u16, u32, u64 } = order(little);
  const option = (code: number, value: Uint8Array) => concat(u16(code), u16(value.length), padTo4(value));
  const end = concat(u16(0), u16(0));
  const block = (type: number, ...parts: readonly Uint8Array[]) => {
    const body = concat(...parts);
    const length = body.length + 12;
    return concat(u32(type), u32(length), body, u32(length));
  };
  return {
    u16,
    u32,
    u64,
    option,
    end,
    block,
    section: (...options: readonly Uint8Array[]) =>
      block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u64(-1n), ...options),
    interface: (linkType: number, snapLength: number, ...options: readonly Uint8Array[]) =>
      block(1, u16(linkType), u16(0), u32(snapLength), ...options),
    enhanced: (on: number, ticks: bigint, bytes: Uint8Array, ...options: readonly Uint8Array[]) =>
      block(
        6,
        u32(on),
        u32(ticks >> 32n),
        u32(ticks & 0xffffffffn),
        u32(bytes.length),
        u32(bytes.length),
        padTo4(bytes),
        ...options,
      ),
  };
}

export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
