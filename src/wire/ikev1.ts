/**
 * The payloads of IKEv1: ISAKMP (RFC 2408 §3), the IPsec DOI (RFC 2407 §4.6), NAT traversal (RFC 3947 §3.2, §5.2) and
 * Cisco's fragments. From Main Mode message 5 on they are encrypted as a whole, which a flag in the header says.
 * @module
 */
import { type ChainReader, type Link, readChain, writeChain } from './ike-chain.ts';
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
import { vendorName } from './ike-vendors.ts';
import * as names from './ikev1-names.ts';
import { readSa, type SecurityAssociation, writeSa } from './ikev1-sa.ts';
import type { LayerReader } from './layer-reader.ts';
import { parseWith, rest } from './record.ts';
import type { Parsed } from './result.ts';
import { named } from './show.ts';
import { Writer } from './writer.ts';

export type Payload =
  | ({ readonly type: 'sa' } & SecurityAssociation)
  | Bytes<'ke'>
  | Bytes<'hash'>
  | Bytes<'signature'>
  | Bytes<'nonce'>
  | Bytes<'vendor'>
  | {
      readonly type: 'id';
      readonly idType: number;
      /** IP protocol and port that the identity is limited to; 0 for all. */
      readonly protocol: number;
      readonly port: number;
      readonly data: Uint8Array;
    }
  | Certificate<'cert'>
  | Certificate<'certreq'>
  | ({ readonly type: 'notify'; readonly doi: number } & Notification)
  | ({ readonly type: 'delete'; readonly doi: number } & Deletion)
  /** HASH(initiator cookie, responder cookie, address, port). `draft`: with the number used before RFC 3947. */
  | { readonly type: 'nat-d'; readonly draft: boolean; readonly hash: Uint8Array }
  | { readonly type: 'nat-oa'; readonly draft: boolean; readonly idType: number; readonly address: Uint8Array }
  /** A piece of another message, as Cisco cuts them. */
  | {
      readonly type: 'fragment';
      readonly id: number;
      readonly number: number;
      readonly last: boolean;
      readonly body: Uint8Array;
    }
  | { readonly type: 'unknown'; readonly number: number; readonly body: Uint8Array };

/** Payload type numbers. */
const TYPES = {
  sa: 1,
  ke: 4,
  id: 5,
  cert: 6,
  certreq: 7,
  hash: 8,
  signature: 9,
  nonce: 10,
  notify: 11,
  delete: 12,
  vendor: 13,
  'nat-d': 20,
  'nat-oa': 21,
  fragment: 132,
} as const;
/** The numbers NAT-D and NAT-OA had in the drafts, which old software still sends. */
const DRAFT_NAT_D = 130;
const DRAFT_NAT_OA = 131;

const CHAIN: ChainReader<Payload> = { names: names.PAYLOADS, readReserved, body: readBody, remark, last: [] };

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
  reader.u8('Reserved', 'isakmp.reserved');
  return false;
}

function readBody(reader: LayerReader, type: number): Payload {
  switch (type) {
    case TYPES.sa:
      return { type: 'sa', ...readSa(reader) };
    case TYPES.ke:
      return { type: 'ke', data: reader.raw('Key Exchange Data', 'isakmp.key_exchange.data', reader.left) };
    case TYPES.id:
      return readId(reader);
    case TYPES.cert:
      return { type: 'cert', ...readCertificate(reader, 'isakmp.cert.encoding', names.CERT_ENCODINGS) };
    case TYPES.certreq:
      return { type: 'certreq', ...readCertificate(reader, 'isakmp.certreq.type', names.CERT_ENCODINGS) };
    case TYPES.hash:
      return { type: 'hash', data: reader.raw('Hash DATA', 'isakmp.hash', reader.left) };
    case TYPES.signature:
      return { type: 'signature', data: reader.raw('Signature DATA', 'isakmp.sig', reader.left) };
    case TYPES.nonce:
      return { type: 'nonce', data: reader.raw('Nonce DATA', 'isakmp.nonce', reader.left) };
    case TYPES.notify:
      return {
        type: 'notify',
        doi: readDoi(reader, 'isakmp.notify.doi'),
        ...readNotification(reader, names.PROTOCOLS, names.NOTIFIES),
      };
    case TYPES.delete:
      return {
        type: 'delete',
        doi: readDoi(reader, 'isakmp.delete.doi'),
        ...readDeletion(reader, names.PROTOCOLS),
      };
    case TYPES.vendor:
      return { type: 'vendor', data: reader.raw('Vendor ID', 'isakmp.vid_bytes', reader.left) };
    case TYPES['nat-d']:
    case DRAFT_NAT_D: {
      const hash = reader.raw('HASH of the address and port', 'isakmp.ike.nat_hash', reader.left);
      return { type: 'nat-d', draft: type === DRAFT_NAT_D, hash };
    }
    case TYPES['nat-oa']:
    case DRAFT_NAT_OA:
      return readOriginalAddress(reader, type === DRAFT_NAT_OA);
    case TYPES.fragment:
      return readFragment(reader);
    default:
      return { type: 'unknown', number: type, body: reader.raw('Data Payload', 'isakmp.datapayload', reader.left) };
  }
}

function readId(reader: LayerReader): Payload {
  const idType = reader.u8('ID type', 'isakmp.id.type', (value) => named(ID_TYPES, value));
  const protocol = reader.u8('Protocol ID', 'isakmp.id.protoid', anyOrNumber);
  const port = reader.u16('Port', 'isakmp.id.port', anyOrNumber);
  return { type: 'id', idType, protocol, port, data: readIdentity(reader, idType) };
}

function anyOrNumber(value: number): string {
  return value === 0 ? 'Any (0)' : String(value);
}

function readDoi(reader: LayerReader, key: string): number {
  return reader.u32('Domain of interpretation', key, (value) => named(names.DOIS, value));
}

function readOriginalAddress(reader: LayerReader, draft: boolean): Payload {
  const idType = reader.u8('ID type', 'isakmp.id.type', (value) => named(ID_TYPES, value));
  reader.u24('Reserved', 'isakmp.reserved');
  const address = rest(reader);
  if (address.length === 4) reader.ipv4('NAT Original IPv4 Address', 'isakmp.ike.nat_original_address_ipv4');
  else reader.raw('NAT Original IPv6 Address', 'isakmp.ike.nat_original_address_ipv6', address.length);
  return { type: 'nat-oa', draft, idType, address };
}

function readFragment(reader: LayerReader): Payload {
  const id = reader.u16('Frag ID', 'isakmp.frag.packetid');
  const number = reader.u8('Frag seq', 'isakmp.frag.seq');
  const last =
    reader.u8('Frag last', 'isakmp.frag.last', (value) => `${value === 1 ? 'Last' : 'More'} (${value})`) === 1;
  const body = reader.raw('Fragment of a message', 'isakmp.frag.data', reader.left);
  return { type: 'fragment', id, number, last, body };
}

function remark(payload: Payload): string | undefined {
  switch (payload.type) {
    case 'notify':
      return names.NOTIFIES[payload.notify] ?? String(payload.notify);
    case 'vendor':
      return vendorName(payload.data);
    case 'fragment':
      return `fragment ${payload.number} of message ${payload.id}`;
    default:
      return undefined;
  }
}

function link(payload: Payload): Link {
  if (payload.type === 'unknown') return { type: payload.number, body: payload.body };
  const body = writeBody(payload);
  if (payload.type === 'nat-d' && payload.draft) return { type: DRAFT_NAT_D, body };
  if (payload.type === 'nat-oa' && payload.draft) return { type: DRAFT_NAT_OA, body };
  return { type: TYPES[payload.type], body };
}

function writeBody(payload: Exclude<Payload, { readonly type: 'unknown' }>): Uint8Array {
  const writer = new Writer();
  switch (payload.type) {
    case 'sa':
      return writeSa(payload);
    case 'ke':
    case 'hash':
    case 'signature':
    case 'nonce':
    case 'vendor':
      return payload.data;
    case 'id':
      return writer.u8(payload.idType).u8(payload.protocol).u16(payload.port).raw(payload.data).take();
    case 'cert':
    case 'certreq':
      return writeCertificate(payload);
    case 'notify':
      return writeNotification(writer.u32(payload.doi), payload);
    case 'delete':
      return writeDeletion(writer.u32(payload.doi), payload);
    case 'nat-d':
      return payload.hash;
    case 'nat-oa':
      return writer.u8(payload.idType).u24(0).raw(payload.address).take();
    case 'fragment':
      writer
        .u16(payload.id)
        .u8(payload.number)
        .u8(payload.last ? 1 : 0);
      return writer.raw(payload.body).take();
  }
}
