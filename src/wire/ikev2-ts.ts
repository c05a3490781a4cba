/**
 * Two IKEv2 payloads that are lists: traffic selectors (RFC 7296 §3.13) say which packets an SA is for, the
 * configuration payload (§3.15) hands out the address to use inside the tunnel.
 *
 *     selectors       |0 number |1 reserved |4 selector …
 *     selector        |0 type |1 IP protocol |2 length |4 first port |6 last port |8 first address … last address …
 *     configuration   |0 type |1 reserved |4 attribute: |0 type |2 length |4 value …
 * @module
 */

import { u32 } from '../lib/bytes.ts';
import { formatIpv4 } from './address.ts';
import { extra } from './ike-chain.ts';
import { CFG_ATTRIBUTES, CFG_TYPES, TS_TYPES } from './ikev2-names.ts';
import type { LayerReader } from './layer-reader.ts';
import { within } from './record.ts';
import { named, shortHex } from './show.ts';
import { Writer } from './writer.ts';

export interface TrafficSelector {
  /** 7 a range of IPv4 addresses, 8 of IPv6 addresses. */
  readonly type: number;
  /** 0 any. */
  readonly protocol: number;
  readonly firstPort: number;
  readonly lastPort: number;
  readonly firstAddress: Uint8Array;
  readonly lastAddress: Uint8Array;
}

export type Attributes = readonly { readonly type: number; readonly value: Uint8Array }[];

const SELECTOR_HEADER_LEN = 8;

export function readSelectors(reader: LayerReader): TrafficSelector[] {
  const count = reader.u8('Number of Traffic Selectors', 'isakmp.ts.number');
  reader.u24('Reserved', 'isakmp.reserved');
  const selectors: TrafficSelector[] = [];
  while (selectors.length < count)
    reader.group('Traffic Selector', 'isakmp.ts.data', () => {
      const type = reader.u8('Traffic Selector Type', 'isakmp.ts.type', (value) => named(TS_TYPES, value));
      const protocol = reader.u8('Protocol ID', 'isakmp.ts.protoid');
      const length = reader.u16('Selector Length', 'isakmp.ts.selector_length');
      if (length < SELECTOR_HEADER_LEN) reader.fail(`selector length ${length} is less than its header's 8 bytes`);
      return within(reader, length - 4, 'selector', () => {
        const firstPort = reader.u16('Start Port', 'isakmp.ts.start_port');
        const lastPort = reader.u16('End Port', 'isakmp.ts.end_port');
        const size = reader.left >>> 1;
        const firstAddress = address(reader, 'Starting Addr', 'isakmp.ts.start_ipv4', size);
        const lastAddress = address(reader, 'Ending Addr', 'isakmp.ts.end_ipv4', size);
        extra(reader);
        selectors.push({ type, protocol, firstPort, lastPort, firstAddress, lastAddress });
        return `${show(firstAddress)} - ${show(lastAddress)}`;
      });
    });
  return selectors;
}

function address(reader: LayerReader, name: string, key: string, size: number): Uint8Array {
  const offset = reader.at;
  if (size === 4) reader.ipv4(name, key);
  else reader.raw(name, key.replace('ipv4', 'ipv6'), size);
  return reader.bytes.subarray(offset, offset + size);
}

function show(bytes: Uint8Array): string {
  return bytes.length === 4 ? formatIpv4(u32(bytes, 0)) : shortHex(bytes);
}

export function writeSelectors(selectors: readonly TrafficSelector[]): Uint8Array {
  const writer = new Writer().u8(selectors.length).u24(0);
  for (const { type, protocol, firstPort, lastPort, firstAddress, lastAddress } of selectors)
    writer
      .u8(type)
      .u8(protocol)
      .u16(SELECTOR_HEADER_LEN + firstAddress.length + lastAddress.length)
      .u16(firstPort)
      .u16(lastPort)
      .raw(firstAddress)
      .raw(lastAddress);
  return writer.take();
}

export function readConfiguration(reader: LayerReader): { readonly kind: number; readonly attributes: Attributes } {
  const kind = reader.u8('CFG Type', 'isakmp.cfg.type', (value) => named(CFG_TYPES, value));
  reader.u24('Reserved', 'isakmp.reserved');
  const attributes: { type: number; value: Uint8Array }[] = [];
  while (reader.left > 0)
    reader.group('Attribute', 'isakmp.cfg.attr', () => {
      const type =
        reader.u16('Type', 'isakmp.cfg.attr.type', (value) => named(CFG_ATTRIBUTES, value & 0x7fff)) & 0x7fff;
      const length = reader.u16('Length', 'isakmp.cfg.attr.length');
      const value = length > 0 ? reader.raw('Value', 'isakmp.cfg.attr.value', length) : new Uint8Array(0);
      attributes.push({ type, value });
      return `${named(CFG_ATTRIBUTES, type)}: ${show(value)}`;
    });
  return { kind, attributes };
}

export function writeConfiguration(kind: number, attributes: Attributes): Uint8Array {
  const writer = new Writer().u8(kind).u24(0);
  for (const { type, value } of attributes) writer.u16(type).u16(value.length).raw(value);
  return writer.take();
}
