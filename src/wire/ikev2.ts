/**
 * The payloads of IKEv2, RFC 7296 §3. Behind IKE_SA_INIT all of them travel inside an Encrypted payload (46), or in
 * pieces inside Encrypted Fragments (53, RFC 7383), so that a router sees them only in the first two messages.
 * @module
 */
import { type ChainReader, CRITICAL, extra, type Link, readChain, writeChain } from './ike-chain.ts';
import { ID_TYPES, readIdentity } from './ike-identity.ts';
import { readProposals, writeProposals } from './ike-proposal.ts';
import { vendorName } from './ike-vendors.ts';
import * as names from './ikev2-names.ts';
import { type Proposal, TRANSFORM } from './ikev2-sa.ts';
import {
  type Attributes,
  readConfiguration,
  readSelectors,
  type TrafficSelector,
  writeConfiguration,
  writeSelectors,
} from './ikev2-ts.ts';
import { type LayerReader, named } from './layer.ts';
import { parseWith, rest } from './record.ts';
import type { Parsed } from './result.ts';
import { Writer } from './writer.ts';

/** A payload that is nothing but bytes. */
interface Bytes<Type extends string> {
  readonly type: Type;
  readonly data: Uint8Array;
}

interface Identification<Type extends string> {
  readonly type: Type;
  readonly idType: number;
  readonly data: Uint8Array;
}

interface Certificate<Type extends string> {
  readonly type: Type;
  readonly encoding: number;
  readonly data: Uint8Array;
}

interface Selectors<Type extends string> {
  readonly type: Type;
  readonly selectors: readonly TrafficSelector[];
}

export type Payload =
  | { readonly type: 'sa'; readonly proposals: readonly Proposal[] }
  | { readonly type: 'ke'; readonly group: number; readonly data: Uint8Array }
  | Identification<'idi'>
  | Identification<'idr'>
  | Certificate<'cert'>
  | Certificate<'certreq'>
  | { readonly type: 'auth'; readonly method: number; readonly data: Uint8Array }
  | Bytes<'nonce'>
  | Bytes<'vendor'>
  | Bytes<'eap'>
  | {
      readonly type: 'notify';
      /** 0 where it is about the IKE SA; 2 or 3 with the SPI of an AH or ESP SA. */
      readonly protocol: number;
      readonly spi: Uint8Array;
      readonly notify: number;
      readonly data: Uint8Array;
    }
  | { readonly type: 'delete'; readonly protocol: number; readonly spis: readonly Uint8Array[] }
  | Selectors<'tsi'>
  | Selectors<'tsr'>
  | { readonly type: 'cp'; readonly kind: number; readonly attributes: Attributes }
  /** `inner`: the type of the first payload inside. `body`: IV, ciphertext and ICV. */
  | { readonly type: 'sk'; readonly inner: number; readonly body: Uint8Array }
  | {
      readonly type: 'skf';
      readonly inner: number;
      /** From 1 to `total`. */
      readonly number: number;
      readonly total: number;
      readonly body: Uint8Array;
    }
  | { readonly type: 'unknown'; readonly number: number; readonly critical: boolean; readonly body: Uint8Array };

/** Payload type numbers. */
const TYPES = {
  sa: 33,
  ke: 34,
  idi: 35,
  idr: 36,
  cert: 37,
  certreq: 38,
  auth: 39,
  nonce: 40,
  notify: 41,
  delete: 42,
  vendor: 43,
  tsi: 44,
  tsr: 45,
  sk: 46,
  cp: 47,
  eap: 48,
  skf: 53,
} as const;

const CHAIN: ChainReader<Payload> = {
  names: names.PAYLOADS,
  readReserved,
  body: readBody,
  remark,
  last: [TYPES.sk, TYPES.skf],
};

/** Reads the payloads of a message, or of what an Encrypted payload held, up to the reader's end. */
export function readPayloads(reader: LayerReader, first: number): Payload[] {
  return readChain(reader, first, CHAIN);
}

export function parsePayloads(first: number, bytes: Uint8Array): Parsed<Payload[]> {
  return parseWith('isakmp', bytes, (reader) => readPayloads(reader, first));
}

/** A chain as bytes, with the type of its first payload for the header in front of it. */
export function encodePayloads(payloads: readonly Payload[]): { readonly first: number; readonly bytes: Uint8Array } {
  return writeChain(payloads.map(link));
}

function readReserved(reader: LayerReader): boolean {
  const offset = reader.need(1, 'Critical Bit');
  const byte = reader.bytes[offset]!;
  const critical = (byte & CRITICAL) !== 0;
  reader.bits(
    'Critical Bit',
    'isakmp.criticalpayload',
    offset,
    1,
    CRITICAL,
    byte,
    critical ? 'Critical' : 'Not critical',
  );
  reader.bits('Reserved', 'isakmp.reserved7', offset, 1, 0x7f, byte);
  return critical;
}

function readBody(reader: LayerReader, type: number, critical: boolean, next: number): Payload {
  switch (type) {
    case TYPES.sa:
      return { type: 'sa', proposals: readProposals(reader, TRANSFORM) };
    case TYPES.ke:
      return readKeyExchange(reader);
    case TYPES.idi:
    case TYPES.idr:
      return readId(reader, type === TYPES.idi ? 'idi' : 'idr');
    case TYPES.cert:
      return { type: 'cert', ...readCertificate(reader, 'isakmp.cert.encoding') };
    case TYPES.certreq:
      return { type: 'certreq', ...readCertificate(reader, 'isakmp.certreq.type') };
    case TYPES.auth: {
      const method = reader.u8('Authentication Method', 'isakmp.auth.method', (v) => named(names.AUTH_METHODS, v));
      reader.u24('Reserved', 'isakmp.reserved');
      return { type: 'auth', method, data: reader.raw('Authentication Data', 'isakmp.auth.data', reader.left) };
    }
    case TYPES.nonce:
      return { type: 'nonce', data: reader.raw('Nonce DATA', 'isakmp.nonce', reader.left) };
    case TYPES.vendor:
      return { type: 'vendor', data: reader.raw('Vendor ID', 'isakmp.vid_bytes', reader.left) };
    case TYPES.eap:
      return readEap(reader);
    case TYPES.notify:
      return readNotify(reader);
    case TYPES.delete:
      return readDelete(reader);
    case TYPES.tsi:
    case TYPES.tsr:
      return { type: type === TYPES.tsi ? 'tsi' : 'tsr', selectors: readSelectors(reader) };
    case TYPES.cp:
      return { type: 'cp', ...readConfiguration(reader) };
    case TYPES.sk:
      return { type: 'sk', inner: next, body: rest(reader) };
    case TYPES.skf: {
      const number = reader.u16('Fragment Number', 'isakmp.frag.number');
      const total = reader.u16('Total Fragments', 'isakmp.frag.total');
      return { type: 'skf', inner: next, number, total, body: rest(reader) };
    }
    default:
      return {
        type: 'unknown',
        number: type,
        critical,
        body: reader.raw('Data Payload', 'isakmp.datapayload', reader.left),
      };
  }
}

function readKeyExchange(reader: LayerReader): Payload {
  const group = reader.u16('DH Group #', 'isakmp.key_exchange.dh_group', (value) => named(names.GROUPS, value));
  reader.u16('Reserved', 'isakmp.reserved');
  return { type: 'ke', group, data: reader.raw('Key Exchange Data', 'isakmp.key_exchange.data', reader.left) };
}

function readId(reader: LayerReader, type: 'idi' | 'idr'): Payload {
  const idType = reader.u8('ID type', 'isakmp.id.type', (value) => named(ID_TYPES, value));
  reader.u24('Reserved', 'isakmp.reserved');
  return { type, idType, data: readIdentity(reader, idType) };
}

/** EAP (RFC 3748 §4) goes through whole; its first fields are shown. */
function readEap(reader: LayerReader): Payload {
  const data = rest(reader);
  reader.u8('Code', 'eap.code', (value) => named(names.EAP_CODES, value));
  reader.u8('Id', 'eap.id');
  const length = reader.u16('Length', 'eap.len');
  if (length !== data.length) reader.malformed(`EAP length says ${length} bytes, ${data.length} are there`);
  if (reader.left > 0) reader.u8('Type', 'eap.type');
  extra(reader);
  return { type: 'eap', data };
}

function readCertificate(reader: LayerReader, key: string): Omit<Certificate<string>, 'type'> {
  const encoding = reader.u8('Certificate Encoding', key, (value) => named(names.CERT_ENCODINGS, value));
  return { encoding, data: reader.raw('Certificate Data', 'isakmp.cert.data', reader.left) };
}

function readNotify(reader: LayerReader): Payload {
  const protocol = reader.u8('Protocol ID', 'isakmp.notify.protoid', (value) => named(names.PROTOCOLS, value));
  const spiSize = reader.u8('SPI Size', 'isakmp.spisize');
  const notify = reader.u16('Notify Message Type', 'isakmp.notify.msgtype', (value) => named(names.NOTIFIES, value));
  const spi = spiSize > 0 ? reader.raw('SPI', 'isakmp.spi', spiSize) : new Uint8Array(0);
  const data = rest(reader);
  if (data.length > 0) reader.raw('Notification DATA', 'isakmp.notify.data', data.length);
  return { type: 'notify', protocol, spi, notify, data };
}

function readDelete(reader: LayerReader): Payload {
  const protocol = reader.u8('Protocol ID', 'isakmp.delete.protoid', (value) => named(names.PROTOCOLS, value));
  const size = reader.u8('SPI Size', 'isakmp.spisize');
  const count = reader.u16('Number of SPIs', 'isakmp.spinum');
  const spis: Uint8Array[] = [];
  // Without a size there is nothing to count: the IKE SA itself is meant (RFC 7296 §3.11).
  if (size > 0) for (let i = 0; i < count; i++) spis.push(reader.raw('Delete SPI', 'isakmp.delete.spi', size));
  return { type: 'delete', protocol, spis };
}

function remark(payload: Payload): string | undefined {
  switch (payload.type) {
    case 'notify':
      return names.NOTIFIES[payload.notify] ?? String(payload.notify);
    case 'vendor':
      return vendorName(payload.data);
    case 'skf':
      return `fragment ${payload.number} of ${payload.total}`;
    default:
      return undefined;
  }
}

function link(payload: Payload): Link {
  if (payload.type === 'unknown') return { type: payload.number, critical: payload.critical, body: payload.body };
  const type = TYPES[payload.type];
  const body = writeBody(payload);
  return payload.type === 'sk' || payload.type === 'skf' ? { type, body, inner: payload.inner } : { type, body };
}

function writeBody(payload: Exclude<Payload, { readonly type: 'unknown' }>): Uint8Array {
  const writer = new Writer();
  switch (payload.type) {
    case 'sa':
      return writeProposals(payload.proposals, TRANSFORM);
    case 'ke':
      return writer.u16(payload.group).u16(0).raw(payload.data).take();
    case 'idi':
    case 'idr':
      return writer.u8(payload.idType).u24(0).raw(payload.data).take();
    case 'cert':
    case 'certreq':
      return writer.u8(payload.encoding).raw(payload.data).take();
    case 'auth':
      return writer.u8(payload.method).u24(0).raw(payload.data).take();
    case 'nonce':
    case 'vendor':
    case 'eap':
      return payload.data;
    case 'notify':
      writer.u8(payload.protocol).u8(payload.spi.length).u16(payload.notify);
      return writer.raw(payload.spi).raw(payload.data).take();
    case 'delete':
      writer
        .u8(payload.protocol)
        .u8(payload.spis[0]?.length ?? 0)
        .u16(payload.spis.length);
      for (const spi of payload.spis) writer.raw(spi);
      return writer.take();
    case 'tsi':
    case 'tsr':
      return writeSelectors(payload.selectors);
    case 'cp':
      return writeConfiguration(payload.kind, payload.attributes);
    case 'sk':
      return payload.body;
    case 'skf':
      return writer.u16(payload.number).u16(payload.total).raw(payload.body).take();
  }
}
