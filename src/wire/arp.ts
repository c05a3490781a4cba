/**
 * ARP for IPv4 over Ethernet, RFC 826.
 *
 *     |0 hardware type |2 protocol type |4 sizes 1+1 |6 operation |8 sender MAC, IP |18 target MAC, IP
 *
 * @module
 */
import { u16, u32 } from '../lib/bytes.ts';
import { formatIpv4 } from './address.ts';
import { readMac, typeName } from './ethernet.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { named } from './show.ts';
import { Writer } from './writer.ts';

export const LENGTH = 28;

export interface Fields {
  readonly operation: 'request' | 'reply';
  readonly senderMac: Uint8Array;
  readonly sender: number;
  readonly targetMac: Uint8Array;
  readonly target: number;
}

/** Ethernet, IPv4 and their address sizes. */
const FIXED = 0x0001_0800;
const SIZES = 0x0604;

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < LENGTH) return truncated('arp', LENGTH, bytes.length);
  if (u32(bytes, 0) !== FIXED || u16(bytes, 4) !== SIZES) return badField('arp', 'address types', u32(bytes, 0));
  const operation = u16(bytes, 6);
  if (operation !== 1 && operation !== 2) return badField('arp', 'operation', operation);
  return ok({
    operation: operation === 1 ? 'request' : 'reply',
    senderMac: bytes.subarray(8, 14),
    sender: u32(bytes, 14),
    targetMac: bytes.subarray(18, 24),
    target: u32(bytes, 24),
  });
}

export function encode(fields: Fields): Uint8Array {
  return new Writer()
    .u32(FIXED)
    .u16(SIZES)
    .u16(fields.operation === 'request' ? 1 : 2)
    .raw(fields.senderMac)
    .u32(fields.sender)
    .raw(fields.targetMac)
    .u32(fields.target)
    .take();
}

const OPERATIONS: Readonly<Record<number, string>> = { 1: 'request', 2: 'reply' };

export const dissect: Dissector = (reader) => {
  reader.name = 'Address Resolution Protocol';
  const hardware = reader.u16('Hardware type', 'arp.hw.type');
  const protocol = reader.u16('Protocol type', 'arp.proto.type', typeName);
  const hardwareSize = reader.u8('Hardware size', 'arp.hw.size');
  const protocolSize = reader.u8('Protocol size', 'arp.proto.size');
  const operation = reader.u16('Opcode', 'arp.opcode', (value) => named(OPERATIONS, value));
  if (hardware === 1 && protocol === 0x0800 && hardwareSize === 6 && protocolSize === 4) addresses(reader, operation);
  else reader.raw('Addresses', 'arp.addresses', Math.min(reader.left, 2 * (hardwareSize + protocolSize)));
  return { protocol: 'padding', offset: reader.at, end: reader.end };
};

function addresses(reader: LayerReader, operation: number): void {
  const senderMac = readMac(reader, 'Sender MAC address', 'arp.src.hw_mac');
  const sender = formatIpv4(reader.ipv4('Sender IP address', 'arp.src.proto_ipv4'));
  readMac(reader, 'Target MAC address', 'arp.dst.hw_mac');
  const target = formatIpv4(reader.ipv4('Target IP address', 'arp.dst.proto_ipv4'));
  if (operation === 1) reader.summary = `Who has ${target}? Tell ${sender}`;
  else if (operation === 2) reader.summary = `${sender} is at ${senderMac}`;
  else reader.summary = `Opcode ${operation}`;
}
