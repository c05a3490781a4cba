/**
 * The record layer of TLS 1.3 (RFC 8446 §5): cuts a byte stream into records and back, and seals them once there are
 * keys.
 *
 *     |0 type |1 03 03 |3 length |5 fragment …
 *
 * A sealed record says type 23; its true type is the last byte of what is inside, before the padding.
 * @module
 */
import { concat, putU32, u16, u32 } from '../lib/bytes.ts';
import { Writer } from '../wire/writer.ts';
import * as aesGcm from './crypto/aes-gcm.ts';
import { type TrafficKeys, trafficKeys } from './crypto/tls-keys.ts';

export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, data: 23 } as const;

const HEADER_LEN = 5;
const LARGEST_PLAIN = 16_384;
const LARGEST_SEALED = LARGEST_PLAIN + 256;

export interface TlsRecord {
  readonly type: number;
  readonly fragment: Uint8Array;
}

/** A record that cannot be taken, as an alert names the fault. */
export type RecordFault = 'unexpected_message' | 'record_overflow' | 'bad_record_mac';

/** One direction's keys and how many records they have sealed. */
class Sealing {
  sequence = 0;
  private readonly keys: TrafficKeys;

  constructor(secret: Uint8Array) {
    this.keys = trafficKeys(secret);
  }

  seal(header: Uint8Array, plain: Uint8Array): Uint8Array {
    return aesGcm.seal(this.keys.key, this.nonce(), header, plain);
  }

  open(header: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
    return aesGcm.open(this.keys.key, this.nonce(), header, sealed);
  }

  /** §5.3: the sequence number, exclusive-or the initial vector. Fewer than 2^32 records are ever sent. */
  private nonce(): Uint8Array {
    const nonce = this.keys.iv.slice();
    putU32(nonce, 8, (u32(nonce, 8) ^ this.sequence++) >>> 0);
    return nonce;
  }
}

export class Records {
  private received: Uint8Array = new Uint8Array(0);
  private reading: Sealing | undefined;
  private writing: Sealing | undefined;

  readWith(secret: Uint8Array): void {
    this.reading = new Sealing(secret);
  }

  writeWith(secret: Uint8Array): void {
    this.writing = new Sealing(secret);
  }

  add(bytes: Uint8Array): void {
    this.received = concat(this.received, bytes);
  }

  /** The next whole record, why it cannot be taken, or undefined where more bytes are needed. */
  next(): TlsRecord | RecordFault | undefined {
    if (this.received.length < HEADER_LEN) return undefined;
    const type = this.received[0]!;
    const length = u16(this.received, 3);
    if (type < RECORD.changeCipherSpec || type > RECORD.data || this.received[1] !== 3) return 'unexpected_message';
    if (length > (this.reading ? LARGEST_SEALED : LARGEST_PLAIN)) return 'record_overflow';
    if (this.received.length < HEADER_LEN + length) return undefined;
    const header = this.received.subarray(0, HEADER_LEN);
    const fragment = this.received.subarray(HEADER_LEN, HEADER_LEN + length);
    this.received = this.received.subarray(HEADER_LEN + length);
    // Middleboxes are shown a change_cipher_spec that means nothing (appendix D.4).
    if (!this.reading || type === RECORD.changeCipherSpec) return { type, fragment };
    // Who could not make sense of our Hello has no keys to seal its alert with.
    if (type === RECORD.alert && this.reading.sequence === 0) return { type, fragment };
    return type === RECORD.data ? this.open(header, fragment) : 'unexpected_message';
  }

  /** `version`: only a client's first record says 03 01, for old middleboxes. */
  encode(type: number, bytes: Uint8Array, version = 0x0303): Uint8Array {
    const records: Uint8Array[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += LARGEST_PLAIN)
      records.push(this.encodeOne(type, bytes.subarray(at, at + LARGEST_PLAIN), version));
    return concat(...records);
  }

  private encodeOne(type: number, fragment: Uint8Array, version: number): Uint8Array {
    if (!this.writing || type === RECORD.changeCipherSpec)
      return concat(head(type, version, fragment.length), fragment);
    const plain = concat(fragment, Uint8Array.of(type));
    const header = head(RECORD.data, version, plain.length + 16);
    return concat(header, this.writing.seal(header, plain));
  }

  private open(header: Uint8Array, sealed: Uint8Array): TlsRecord | RecordFault {
    const plain = this.reading!.open(header, sealed);
    if (!plain) return 'bad_record_mac';
    const end = plain.findLastIndex((byte) => byte !== 0);
    return end < 0 ? 'unexpected_message' : { type: plain[end]!, fragment: plain.subarray(0, end) };
  }
}

function head(type: number, version: number, length: number): Uint8Array {
  return new Writer().u8(type).u16(version).u16(length).take();
}
