/**
 * PPPoE, RFC 2516: how a DSL router reaches its provider, so what its outside often looks like.
 *
 *     |0 version 4, type 4 |1 code |2 session id |4 length |6 PPP frame without address and control, or tags …
 *
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import type { Dissector } from './layer-reader.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { hex16, named } from './show.ts';
import { Writer } from './writer.ts';

export const HEADER_LEN = 6;
const VERSION_AND_TYPE = 0x11;
const SESSION_DATA = 0;

export interface Fields {
  /** 0 carries PPP; the others are discovery. */
  readonly code: number;
  readonly sessionId: number;
  readonly payload: Uint8Array;
}

export function parse(bytes: Uint8Array): Parsed<Fields> {
  if (bytes.length < HEADER_LEN) return truncated('pppoe', HEADER_LEN, bytes.length);
  if (bytes[0] !== VERSION_AND_TYPE) return badField('pppoe', 'version and type', bytes[0]!);
  const end = HEADER_LEN + u16(bytes, 4);
  if (end > bytes.length) return truncated('pppoe', end, bytes.length);
  return ok({ code: bytes[1]!, sessionId: u16(bytes, 2), payload: bytes.subarray(HEADER_LEN, end) });
}

export function encode(fields: Fields): Uint8Array {
  const { code, sessionId, payload } = fields;
  return new Writer().u8(VERSION_AND_TYPE).u8(code).u16(sessionId).u16(payload.length).raw(payload).take();
}

const CODES: Readonly<Record<number, string>> = {
  [SESSION_DATA]: 'Session Data',
  7: 'Active Discovery Offer (PADO)',
  9: 'Active Discovery Initiation (PADI)',
  25: 'Active Discovery Request (PADR)',
  101: 'Active Discovery Session-confirmation (PADS)',
  167: 'Active Discovery Terminate (PADT)',
};

export const dissect: Dissector = (reader, context) => {
  reader.name = 'PPP-over-Ethernet';
  const at = reader.need(1, 'Version');
  reader.bits('Version', 'pppoe.version', at, 1, 0xf0, reader.bytes[at]!);
  reader.bits('Type', 'pppoe.type', at, 1, 0x0f, reader.bytes[at]!);
  const code = reader.u8('Code', 'pppoe.code', (value) => named(CODES, value));
  const session = reader.u16('Session ID', 'pppoe.session_id', hex16);
  const length = reader.u16('Payload Length', 'pppoe.payload_length');
  reader.summary = code === SESSION_DATA ? `Session ${hex16(session)}` : (CODES[code] ?? `Code ${code}`);
  const whole = length <= reader.left;
  if (!whole) reader.short(`payload length says ${length} bytes, ${reader.left} are there`);
  const end = whole ? reader.at + length : reader.end;
  return [
    {
      protocol: code === SESSION_DATA ? 'ppp' : 'pppoe-tags',
      offset: reader.at,
      end,
      context: { partial: whole ? undefined : context.partial },
    },
    { protocol: 'padding', offset: end, end: reader.end },
  ];
};
