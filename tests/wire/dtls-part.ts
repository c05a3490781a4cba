/** Parts of DTLS handshake messages (RFC 6347 §4.2.2). */
import { Writer } from '../../src/wire/writer.ts';

/** One part, mostly the only one, of a handshake message. */
interface HandshakePart {
  readonly type: number;
  /** Of the whole message. */
  readonly length: number;
  readonly messageSequence: number;
  readonly offset: number;
  readonly fragment: Uint8Array;
}

export function encodeHandshakePart(part: HandshakePart): Uint8Array {
  const writer = new Writer().u8(part.type).u24(part.length).u16(part.messageSequence);
  return writer.u24(part.offset).u24(part.fragment.length).raw(part.fragment).take();
}
