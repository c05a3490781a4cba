/**
 * Linux cooked capture: what the "any" interface gives, in two versions.
 *
 *     SLL:   |0 packet type |2 ARPHRD type |4 address length |6 address 8 |14 protocol |16 …
 *     SLL2:  |0 protocol |2 reserved |4 interface index 4 |8 ARPHRD type |10 packet type 1 |11 address length 1 |12 address 8 |20 …
 *
 * @module
 */
import { u16, u32 } from '../lib/bytes.ts';
import { readerOf } from './ether-type.ts';
import { readMac, typeName } from './ethernet.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { ok, type Parsed, truncated } from './result.ts';
import { named } from './show.ts';
import { Writer } from './writer.ts';

export const SLL_LEN = 16;
export const SLL2_LEN = 20;

export interface Fields {
  readonly version: 1 | 2;
  /** 0 to us, 1 broadcast, 2 multicast, 3 to someone else, 4 from us. */
  readonly packetType: number;
  /** Linux ARPHRD number: 1 for Ethernet. */
  readonly hardwareType: number;
  /** The sender's, at most 8 bytes. */
  readonly address: Uint8Array;
  /** An EtherType, as a rule. */
  readonly protocol: number;
  /** SLL2 only; 0 in SLL. */
  readonly interfaceIndex: number;
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array, version: 1 | 2): Parsed<Fields> {
  const headerLength = version === 1 ? SLL_LEN : SLL2_LEN;
  if (bytes.length < headerLength) return truncated('sll', headerLength, bytes.length);
  const at = version === 1 ? 6 : 12;
  const addressLength = version === 1 ? u16(bytes, 4) : bytes[11]!;
  return ok({
    version,
    packetType: version === 1 ? u16(bytes, 0) : bytes[10]!,
    hardwareType: u16(bytes, version === 1 ? 2 : 8),
    address: bytes.subarray(at, at + Math.min(addressLength, 8)),
    protocol: u16(bytes, version === 1 ? 14 : 0),
    interfaceIndex: version === 1 ? 0 : u32(bytes, 4),
    payload: bytes.subarray(headerLength),
  });
}

export function encode(fields: Fields): Uint8Array {
  const { address } = fields;
  const writer = new Writer();
  if (fields.version === 1) writer.u16(fields.packetType).u16(fields.hardwareType).u16(address.length);
  else {
    writer.u16(fields.protocol).zeros(2).u32(fields.interfaceIndex).u16(fields.hardwareType);
    writer.u8(fields.packetType).u8(address.length);
  }
  writer.raw(address).zeros(8 - address.length);
  if (fields.version === 1) writer.u16(fields.protocol);
  return writer.raw(fields.payload).take();
}

const PACKET_TYPES: Readonly<Record<number, string>> = {
  0: 'Unicast to us',
  1: 'Broadcast',
  2: 'Multicast',
  3: 'Unicast to another host',
  4: 'Sent by us',
};
const packetType = (value: number) => named(PACKET_TYPES, value);

/** ARPHRD numbers whose protocol field is no EtherType: netlink, and 802.11 without and with extra headers. */
const FOREIGN = [801, 802, 803, 824];

export const dissect: Dissector = (reader) => {
  reader.name = 'Linux cooked capture v1';
  const type = reader.u16('Packet type', 'sll.pkttype', packetType);
  const hardwareType = reader.u16('Link-layer address type', 'sll.hatype');
  addressField(reader, reader.u16('Link-layer address length', 'sll.halen'));
  const protocol = reader.u16('Protocol', 'sll.etype', typeName);
  reader.summary = packetType(type);
  return { protocol: inner(hardwareType, protocol), offset: reader.at, end: reader.end };
};

export const dissect2: Dissector = (reader) => {
  reader.name = 'Linux cooked capture v2';
  const protocol = reader.u16('Protocol', 'sll.etype', typeName);
  reader.raw('Reserved', 'sll.reserved', 2);
  const index = reader.u32('Interface index', 'sll.ifindex');
  const hardwareType = reader.u16('Link-layer address type', 'sll.hatype');
  const type = reader.u8('Packet type', 'sll.pkttype', packetType);
  addressField(reader, reader.u8('Link-layer address length', 'sll.halen'));
  reader.summary = `${packetType(type)}, interface ${index}`;
  return { protocol: inner(hardwareType, protocol), offset: reader.at, end: reader.end };
};

function addressField(reader: LayerReader, length: number): void {
  if (length === 6) readMac(reader, 'Source', 'sll.src.eth');
  else if (length > 0) reader.raw('Source', 'sll.src.other', Math.min(length, 8));
  if (length < 8) reader.raw('Unused', 'sll.unused', 8 - length);
}

function inner(hardwareType: number, protocol: number): string {
  return FOREIGN.includes(hardwareType) ? 'data' : readerOf(protocol);
}
