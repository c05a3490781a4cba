/**
 * PAP, RFC 1334 §2.
 *
 *     |0 code |1 identifier |2 length |4 length and text, once or twice …
 *
 * @module
 */
import { concat, u16 } from '../lib/bytes.ts';
import type { Dissector } from './layer-reader.ts';
import { padding } from './ppp-control-dissect.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';
import { named } from './show.ts';
import { latin1, Writer } from './writer.ts';

export type Packet =
  | {
      readonly kind: 'authenticate-request';
      readonly identifier: number;
      readonly peer: string;
      readonly password: string;
    }
  | {
      readonly kind: 'authenticate-ack' | 'authenticate-nak';
      readonly identifier: number;
      readonly message: string;
    };

export function parse(bytes: Uint8Array): Parsed<Packet> {
  if (bytes.length < 4) return truncated('pap', 4, bytes.length);
  const length = u16(bytes, 2);
  if (length < 5 || length > bytes.length) return badField('pap', 'length', length);
  const code = bytes[0]!;
  const identifier = bytes[1]!;
  const first = counted(bytes, 4, length);
  if (!first) return badField('pap', 'text length', bytes[4]!);
  if (code === 2 || code === 3) {
    return ok({ kind: code === 2 ? 'authenticate-ack' : 'authenticate-nak', identifier, message: first.text });
  }
  if (code !== 1) return badField('pap', 'code', code);
  const second = counted(bytes, first.end, length);
  if (!second) return badField('pap', 'text length', bytes[first.end] ?? 0);
  return ok({ kind: 'authenticate-request', identifier, peer: first.text, password: second.text });
}

function counted(
  bytes: Uint8Array,
  at: number,
  to: number,
): { readonly text: string; readonly end: number } | undefined {
  const end = at + 1 + (bytes[at] ?? 0);
  return at < to && end <= to ? { text: latin1(bytes.subarray(at + 1, end)), end } : undefined;
}

export function encode(packet: Packet): Uint8Array {
  const texts = packet.kind === 'authenticate-request' ? [packet.peer, packet.password] : [packet.message];
  const code = packet.kind === 'authenticate-request' ? 1 : packet.kind === 'authenticate-ack' ? 2 : 3;
  const body = concat(...texts.map((text) => new Writer().u8(text.length).text(text).take()));
  return new Writer()
    .u8(code)
    .u8(packet.identifier)
    .u16(4 + body.length)
    .raw(body)
    .take();
}

const NAMES: Readonly<Record<number, string>> = {
  1: 'Authenticate-Request',
  2: 'Authenticate-Ack',
  3: 'Authenticate-Nak',
};

export const dissect: Dissector = (reader) => {
  reader.name = 'PPP Password Authentication Protocol';
  const start = reader.at;
  const outerEnd = reader.end;
  const code = reader.u8('Code', 'pap.code', (value) => named(NAMES, value));
  reader.summary = NAMES[code] ?? `Code ${code}`;
  reader.u8('Identifier', 'pap.identifier');
  const length = reader.u16('Length', 'pap.length');
  if (length < 4) reader.fail(`length ${length} is less than the header's 4 bytes`);
  if (start + length > outerEnd) reader.short(`length says ${length} bytes, ${outerEnd - start} are there`);
  reader.end = Math.min(start + length, outerEnd);
  if (code === 1) {
    const peer = reader.text('Peer-ID', 'pap.peer_id', reader.u8('Peer-ID-Length', 'pap.peer_id.length'));
    reader.text('Password', 'pap.password', reader.u8('Password-Length', 'pap.password.length'));
    reader.summary += ` (Peer-ID='${peer}')`;
  } else if ((code === 2 || code === 3) && reader.left > 0) {
    reader.text('Message', 'pap.message', reader.u8('Message-Length', 'pap.message.length'));
  }
  if (reader.left > 0) reader.raw('Data', 'pap.data', reader.left);
  const at = reader.end;
  reader.end = outerEnd;
  return padding(at, outerEnd);
};
