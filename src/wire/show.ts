/** How numbers, flags and times are shown in fields and summaries. Made for speed: a capture has millions of fields. @module */
import { toHex } from '../lib/bytes.ts';

const HEX = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

/** 0x followed by all digits of the field. */
export const hex8 = (value: number): string => `0x${HEX[value & 255]}`;
export const hex16 = (value: number): string => `0x${HEX[(value >>> 8) & 255]}${HEX[value & 255]}`;
export const hex24 = (value: number): string =>
  `0x${HEX[(value >>> 16) & 255]}${HEX[(value >>> 8) & 255]}${HEX[value & 255]}`;
export const hex32 = (value: number): string => `0x${HEX[value >>> 24]}${hex24(value).slice(2)}`;

/** 00:1b:21:0a:0b:0c: a hardware address, or any bytes written that way. */
export function colons(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += i === 0 ? HEX[bytes[i]!] : `:${HEX[bytes[i]!]}`;
  return text;
}

/** One letter a flag, in the order given, with a middle dot where it is not set: "·······C". */
export function setNames(value: number, flags: readonly { readonly mask: number; readonly short: string }[]): string {
  let text = '';
  for (const flag of flags) if ((value & flag.mask) !== 0) text += text === '' ? flag.short : `, ${flag.short}`;
  return text;
}

/** Hex of up to 32 bytes; what is longer says how long. */
export function shortHex(bytes: Uint8Array): string {
  return bytes.length > 32 ? `${toHex(bytes.subarray(0, 32))}… (${bytes.length} bytes)` : toHex(bytes);
}

export function printable(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0) break;
    text += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.';
  }
  return text;
}

/** "Outgoing-Call-Request (7)": how named numbers are shown everywhere. */
export function named(names: Readonly<Record<number, string>>, value: number, otherwise = 'Unknown'): string {
  return `${names[value] ?? otherwise} (${value})`;
}
