/**
 * VLAN tags, IEEE 802.1Q; two in a row are 802.1ad (Q-in-Q). The EtherType that announced the tag tells which kind.
 *
 *     |0 priority 3, DEI 1, VLAN id 12 |2 type of what follows |4 …
 *
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import { readerOf } from './ether-type.ts';
import { ieee, LARGEST_LENGTH, typeName } from './ethernet.ts';
import type { Dissector } from './layer-reader.ts';
import { ok, type Parsed, truncated } from './result.ts';

export const HEADER_LEN = 4;

export interface Fields {
  /** 0 … 7. */
  readonly priority: number;
  readonly dropEligible: boolean;
  /** 0 … 4095. */
  readonly id: number;
  readonly type: number;
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('vlan', HEADER_LEN, bytes.length);
  const tag = u16(bytes, 0);
  return ok({
    priority: tag >>> 13,
    dropEligible: (tag & 0x1000) !== 0,
    id: tag & 0xfff,
    type: u16(bytes, 2),
    payload: bytes.subarray(HEADER_LEN),
  });
}

export function encode(fields: Fields): Uint8Array {
  const bytes = new Uint8Array(HEADER_LEN + fields.payload.length);
  putU16(bytes, 0, (fields.priority << 13) | (fields.dropEligible ? 0x1000 : 0) | fields.id);
  putU16(bytes, 2, fields.type);
  bytes.set(fields.payload, HEADER_LEN);
  return bytes;
}

/** `prefix` begins the keys: Wireshark has one for each kind of tag. */
function tagDissector(name: string, prefix: string): Dissector {
  return (reader) => {
    reader.name = name;
    const at = reader.need(2, 'Tag');
    const tag = u16(reader.bytes, at);
    const priority = reader.bits('Priority', `${prefix}.priority`, at, 2, 0xe000, tag);
    reader.bits('DEI', `${prefix}.dei`, at, 2, 0x1000, tag);
    const id = reader.bits('ID', `${prefix}.id`, at, 2, 0x0fff, tag);
    reader.summary = `PRI: ${priority}, ID: ${id}`;
    // Up to 1500 it is a length, and what follows an LLC frame.
    if (reader.left >= 2 && u16(reader.bytes, reader.at) <= LARGEST_LENGTH) return ieee(reader, `${prefix}.len`);
    const type = reader.u16('Type', `${prefix}.etype`, typeName);
    return { protocol: readerOf(type), offset: reader.at, end: reader.end };
  };
}

export const dissect = tagDissector('802.1Q Virtual LAN', 'vlan');
export const dissectServiceTag = tagDissector('802.1ad Provider Bridge', 'ieee8021ad');
