/**
 * The payloads of IKEv2, RFC 7296 §3. Behind IKE_SA_INIT all of them travel inside an Encrypted payload (46), or in
 * pieces inside Encrypted Fragments (53, RFC 7383), so that a router sees them only in the first two messages.
 * @module
 */
import { type ChainReader, CRITICAL, extra, type Link, readChain, writeChain } from './ike-chain.ts';
import { ID_TYPES, readIdentity } from './ike-identity.ts';
import {
  type Bytes,
  type Certificate,
  type Deletion,
  type Notification,
  readCertificate,
  readDeletion,
  readNotification,
  writeCertificate,
  writeDeletion,
  writeNotification,
} from './ike-parts.ts';
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
import type { LayerReader } from './layer-reader.ts';
import { parseWith, rest } from './record.ts';
import type { Parsed } from './result.ts';
import { named } from './show.ts';
import { Writer } from './writer.ts';

interface Identification<Type extends string> {
  readonly type: Type;
  readonly idType: number;
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
  | ({ readonly type: 'notify' } & Notification)
  | ({ readonly type: 'delete' } & Deletion)
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
      return { type: 'cert', ...readCertificate(reader, 'isakmp.cert.encoding', names.CERT_ENCODINGS) };
    case TYPES.certreq:
      return { type: 'certreq', ...readCertificate(reader, 'isakmp.certreq.type', names.CERT_ENCODINGS) };
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
      return { type: 'notify', ...readNotification(reader, names.PROTOCOLS, names.NOTIFIES) };
    case TYPES.delete:
      return { type: 'delete', ...readDeletion(reader, names.PROTOCOLS) };
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
      return writeCertificate(payload);
    case 'auth':
      return writer.u8(payload.method).u24(0).raw(payload.data).take();
    case 'nonce':
    case 'vendor':
    case 'eap':
      return payload.data;
    case 'notify':
      return writeNotification(writer, payload);
    case 'delete':
      return writeDeletion(writer, payload);
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
