/** TCP options: RFC 9293 §3.1, window scale and timestamps RFC 7323, selective acknowledgment RFC 2018. @module */
import { concat, putU16, putU32, u16, u32 } from '../lib/bytes.ts';
import type { LayerReader } from './layer-reader.ts';
import { badField, ok, type Parsed } from './result.ts';
import { named } from './show.ts';

export type Option =
  | { readonly kind: 'nop' }
  | { readonly kind: 'mss'; readonly value: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  | { readonly kind: 'sack'; readonly blocks: readonly { readonly left: number; readonly right: number }[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'other'; readonly type: number; readonly data: Uint8Array };

const NAMES: Readonly<Record<number, string>> = {
  0: 'End of Option List (EOL)',
  1: 'No-Operation (NOP)',
  2: 'Maximum Segment Size',
  3: 'Window Scale',
  4: 'SACK Permitted',
  5: 'SACK',
  8: 'Timestamps',
  19: 'MD5 Signature',
  28: 'User Timeout',
  29: 'Authentication (TCP-AO)',
  30: 'Multipath TCP',
  34: 'TCP Fast Open',
};

/** Ends at an end-of-list option or at the end of the bytes. */
export function parseOptions(bytes: Uint8Array): Parsed<readonly Option[]> {
  const options: Option[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const type = bytes[at]!;
    if (type === 1) {
      options.push({ kind: 'nop' });
      at += 1;
      continue;
    }
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) return badField('tcp', 'option length', length);
    options.push(parseOne(type, bytes.subarray(at + 2, at + length)));
    at += length;
  }
  return ok(options);
}

/** An option of a known type but a wrong length is kept as it is. */
function parseOne(type: number, data: Uint8Array): Option {
  if (type === 2 && data.length === 2) return { kind: 'mss', value: u16(data, 0) };
  if (type === 3 && data.length === 1) return { kind: 'window-scale', shift: data[0]! };
  if (type === 4 && data.length === 0) return { kind: 'sack-permitted' };
  if (type === 5 && data.length % 8 === 0) {
    const blocks = [];
    for (let at = 0; at < data.length; at += 8) blocks.push({ left: u32(data, at), right: u32(data, at + 4) });
    return { kind: 'sack', blocks };
  }
  if (type === 8 && data.length === 8) return { kind: 'timestamps', value: u32(data, 0), echo: u32(data, 4) };
  return { kind: 'other', type, data };
}

/** In the order given, filled up with zero bytes (end of list) to a multiple of four. */
export function encodeOptions(options: readonly Option[]): Uint8Array {
  const joined = concat(...options.map(encodeOne));
  const padded = new Uint8Array(Math.ceil(joined.length / 4) * 4);
  padded.set(joined);
  return padded;
}

function encodeOne(option: Option): Uint8Array {
  switch (option.kind) {
    case 'nop':
      return Uint8Array.of(1);
    case 'mss':
      return Uint8Array.of(2, 4, option.value >>> 8, option.value);
    case 'window-scale':
      return Uint8Array.of(3, 3, option.shift);
    case 'sack-permitted':
      return Uint8Array.of(4, 2);
    case 'sack': {
      const data = new Uint8Array(option.blocks.length * 8);
      option.blocks.forEach((block, index) => {
        putU32(data, index * 8, block.left);
        putU32(data, index * 8 + 4, block.right);
      });
      return typed(5, data);
    }
    case 'timestamps': {
      const data = new Uint8Array(8);
      putU32(data, 0, option.value);
      putU32(data, 4, option.echo);
      return typed(8, data);
    }
    case 'other':
      return typed(option.type, option.data);
  }
}

function typed(type: number, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + data.length);
  putU16(bytes, 0, (type << 8) | bytes.length);
  bytes.set(data, 2);
  return bytes;
}

const kindName = (value: number) => named(NAMES, value);

/** Reads options from `reader.at` up to `end`. What breaks the list marks the layer malformed and ends the reading. */
export function readOptions(reader: LayerReader, end: number): void {
  const length = end - reader.at;
  reader.group('Options', 'tcp.options', () => {
    while (reader.at < end) {
      const kind = reader.bytes[reader.at]!;
      if (kind === 0) {
        reader.u8('TCP Option - End of Option List (EOL)', 'tcp.option_kind', kindName);
        // Nothing but more zeros should follow.
        if (reader.at < end && reader.bytes[reader.at] !== 0)
          reader.raw('Padding', 'tcp.options.padding', end - reader.at);
        continue;
      }
      if (kind === 1) {
        reader.u8('TCP Option - No-Operation (NOP)', 'tcp.option_kind', kindName);
        continue;
      }
      const size = reader.at + 1 < end ? reader.bytes[reader.at + 1]! : 0;
      if (size < 2 || reader.at + size > end) {
        reader.malformed(`option ${kindName(kind)} says ${size} bytes, ${end - reader.at} are left`);
        reader.raw('Broken option', 'tcp.options.bad', end - reader.at);
        break;
      }
      readOption(reader, kind, size);
    }
    return `${length} bytes`;
  });
}

function readOption(reader: LayerReader, kind: number, size: number): void {
  const end = reader.at + size;
  reader.group(`TCP Option - ${NAMES[kind] ?? 'Unknown'}`, 'tcp.option', () => {
    reader.u8('Kind', 'tcp.option_kind', kindName);
    reader.u8('Length', 'tcp.option_len');
    if (kind === 2 && size === 4) return `${reader.u16('MSS Value', 'tcp.options.mss_val')} bytes`;
    if (kind === 3 && size === 3) {
      const shift = reader.u8('Shift count', 'tcp.options.wscale.shift');
      return `${shift} (multiply by ${2 ** Math.min(shift, 14)})`;
    }
    if (kind === 5 && size % 8 === 2) {
      while (reader.at < end) {
        reader.u32('Left edge', 'tcp.options.sack_le');
        reader.u32('Right edge', 'tcp.options.sack_re');
      }
      return undefined;
    }
    if (kind === 8 && size === 10) {
      const value = reader.u32('Timestamp value', 'tcp.options.timestamp.tsval');
      return `TSval ${value}, TSecr ${reader.u32('Timestamp echo reply', 'tcp.options.timestamp.tsecr')}`;
    }
    if (reader.at < end) reader.raw('Data', 'tcp.options.data', end - reader.at);
    return undefined;
  });
}
