/**
 * CHAP, RFC 1994 §4, with the values of MS-CHAP (RFC 2433) and MS-CHAPv2 (RFC 2759).
 *
 *     challenge, response: |0 code |1 identifier |2 length |4 value size |5 value … |name …
 *     success, failure:    |0 code |1 identifier |2 length |4 message …
 *     MS-CHAPv2 response value: |0 peer challenge 16 |16 zero 8 |24 NT response 24 |48 flags
 *
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import type { Dissector, LayerReader } from './layer-reader.ts';
import { padding } from './ppp-control-dissect.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { named, shortHex } from './show.ts';
import { latin1, Writer } from './writer.ts';

export type Packet =
  | {
      readonly kind: 'challenge' | 'response';
      readonly identifier: number;
      readonly value: Uint8Array;
      readonly name: string;
    }
  | { readonly kind: 'success' | 'failure'; readonly identifier: number; readonly message: string };

const CODES = { challenge: 1, response: 2, success: 3, failure: 4 } as const;

/** Length of an MS-CHAP response value, either version. */
const MS_RESPONSE_LEN = 49;

export interface MsChapV2Response {
  /** 16 bytes. */
  readonly peerChallenge: Uint8Array;
  /** 24 bytes. */
  readonly ntResponse: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Packet> {
  if (bytes.length < 4) return truncated('chap', 4, bytes.length);
  const length = u16(bytes, 2);
  if (length < 4 || length > bytes.length) return badField('chap', 'length', length);
  const code = bytes[0]!;
  const identifier = bytes[1]!;
  if (code === CODES.success || code === CODES.failure) {
    const message = latin1(bytes.subarray(4, length));
    return ok({ kind: code === CODES.success ? 'success' : 'failure', identifier, message });
  }
  if (code !== CODES.challenge && code !== CODES.response) return badField('chap', 'code', code);
  if (length < 5 || 5 + bytes[4]! > length) return badField('chap', 'value size', bytes[4] ?? 0);
  const valueEnd = 5 + bytes[4]!;
  return ok({
    kind: code === CODES.challenge ? 'challenge' : 'response',
    identifier,
    value: bytes.subarray(5, valueEnd),
    name: latin1(bytes.subarray(valueEnd, length)),
  });
}

export function encode(packet: Packet): Uint8Array {
  const body = new Writer();
  if ('message' in packet) body.text(packet.message);
  else body.u8(packet.value.length).raw(packet.value).text(packet.name);
  const bytes = body.take();
  return new Writer()
    .u8(CODES[packet.kind])
    .u8(packet.identifier)
    .u16(4 + bytes.length)
    .raw(bytes)
    .take();
}

/** The parts of a response value of RFC 2759 §4; undefined for one of another kind. */
export function parseMsChapV2(value: Uint8Array): MsChapV2Response | undefined {
  if (value.length !== MS_RESPONSE_LEN || !isV2(value)) return undefined;
  return { peerChallenge: value.subarray(0, 16), ntResponse: value.subarray(24, 48) };
}

export function encodeMsChapV2(response: MsChapV2Response): Uint8Array {
  return new Writer().raw(response.peerChallenge).zeros(8).raw(response.ntResponse).u8(0).take();
}

/** Version 2 keeps 8 bytes at zero that in version 1 are the last third of the LAN Manager response. */
function isV2(value: Uint8Array): boolean {
  return value.subarray(16, 24).every((byte) => byte === 0) && value.subarray(0, 16).some((byte) => byte !== 0);
}

const NAMES: Readonly<Record<number, string>> = { 1: 'Challenge', 2: 'Response', 3: 'Success', 4: 'Failure' };

export const dissect: Dissector = (reader) => {
  reader.name = 'PPP Challenge Handshake Authentication Protocol';
  const start = reader.at;
  const outerEnd = reader.end;
  const code = reader.u8('Code', 'chap.code', (value) => named(NAMES, value));
  reader.summary = NAMES[code] ?? `Code ${code}`;
  reader.u8('Identifier', 'chap.identifier');
  const length = reader.u16('Length', 'chap.length');
  if (length < 4) reader.fail(`length ${length} is less than the header's 4 bytes`);
  if (start + length > outerEnd) reader.short(`length says ${length} bytes, ${outerEnd - start} are there`);
  reader.end = Math.min(start + length, outerEnd);
  if (code === CODES.challenge || code === CODES.response) {
    readValue(reader, code);
    const name = reader.text('Name', 'chap.name', reader.left);
    reader.summary += ` (NAME='${name}')`;
  } else if (code === CODES.success || code === CODES.failure) {
    const message = reader.text('Message', 'chap.message', reader.left);
    reader.summary += ` (MESSAGE='${message}')`;
  } else if (reader.left > 0) reader.raw('Data', 'chap.data', reader.left);
  const at = reader.end;
  reader.end = outerEnd;
  return padding(at, outerEnd);
};

function readValue(reader: LayerReader, code: number): void {
  const size = reader.u8('Value Size', 'chap.value_size');
  const value = reader.raw('Value', 'chap.value', size);
  if (code !== CODES.response || size !== MS_RESPONSE_LEN) return;
  const whole = reader.last;
  const { offset } = whole;
  const parts = isV2(value) ? V2_PARTS : V1_PARTS;
  reader.amend(whole, {
    children: parts.map(([name, key, from, to]) => {
      const part = value.subarray(from, to);
      return { name, key, offset: offset + from, length: to - from, value: part, display: shortHex(part) };
    }),
  });
}

const V2_PARTS = [
  ['Peer Challenge', 'chap.mschap2.peer_challenge', 0, 16],
  ['Reserved', 'chap.mschap2.reserved', 16, 24],
  ['NT Response', 'chap.mschap2.nt_response', 24, 48],
  ['Flags', 'chap.mschap2.flags', 48, 49],
] as const;
const V1_PARTS = [
  ['LAN Manager Response', 'chap.mschap.lm_response', 0, 24],
  ['NT Response', 'chap.mschap.nt_response', 24, 48],
  ['Use NT Response', 'chap.mschap.use_nt_response', 48, 49],
] as const;
