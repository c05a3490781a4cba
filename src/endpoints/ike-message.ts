/**
 * IKEv2 messages, open and protected (RFC 7296 §3.1, §3.14; RFC 5282 for AEAD ciphers).
 *
 *     |0 header |28 SK: inner type, reserved, length |32 IV | payloads, padding, pad length | ICV
 *                                                          ├────────── encrypted ─────────┤
 *     ├──────────────────────── covered by the ICV ────────────────────────────────────────┤
 *
 * @module
 */
import type { Rng } from '../lib/rng.ts';
import * as ikev2 from '../wire/ikev2.ts';
import * as isakmp from '../wire/isakmp.ts';
import type { Transform } from './crypto/esp-transforms.ts';
import type { CipherKeys } from './crypto/ike-keys.ts';
import { PROTOCOL_ID } from './ike-numbers.ts';

export type Payload = ikev2.Payload;
export type PayloadOf<Type extends Payload['type']> = Payload & { readonly type: Type };

/** What stands in the header besides lengths and payload types. */
export interface Envelope {
  readonly initiatorSpi: Uint8Array;
  readonly responderSpi: Uint8Array;
  readonly exchange: number;
  readonly messageId: number;
  readonly fromInitiator: boolean;
  readonly response: boolean;
}

/** The ciphers of an IKE SA as one end uses them. */
export interface Protection {
  readonly transform: Transform;
  readonly send: CipherKeys;
  readonly receive: CipherKeys;
}

const PAD_LENGTH_LEN = 1;

export function writeOpen(envelope: Envelope, payloads: readonly Payload[]): Uint8Array {
  const { first, bytes } = ikev2.encodePayloads(payloads);
  return isakmp.encode(header(envelope, first), bytes);
}

/** `count` numbers the messages of this end, from 1; an AEAD takes its IV from it. */
export function writeSealed(
  envelope: Envelope,
  payloads: readonly Payload[],
  { transform, send }: Protection,
  count: number,
  rng: Rng,
): Uint8Array {
  const inner = ikev2.encodePayloads(payloads);
  const plain = padded(inner.bytes, transform.blockLength);
  const room = transform.ivLength + plain.length + transform.icvLength;
  // The lengths in both headers are covered by the ICV, so the message is laid out before it is sealed.
  const sk = ikev2.encodePayloads([{ type: 'sk', inner: inner.first, body: new Uint8Array(room) }]);
  const message = isakmp.encode(header(envelope, sk.first), sk.bytes);
  const start = message.length - room;
  const iv = transform.iv(count, rng);
  message.set(iv, start);
  message.set(transform.seal(send, message.subarray(0, start), iv, plain), start + iv.length);
  return message;
}

function padded(bytes: Uint8Array, blockLength: number): Uint8Array {
  const length = Math.ceil((bytes.length + PAD_LENGTH_LEN) / blockLength) * blockLength;
  const plain = new Uint8Array(length);
  plain.set(bytes);
  plain[length - 1] = length - bytes.length - PAD_LENGTH_LEN;
  return plain;
}

function header(envelope: Envelope, first: number): isakmp.Header {
  const { fromInitiator, response, ...rest } = envelope;
  const flags = (fromInitiator ? isakmp.INITIATOR : 0) | (response ? isakmp.RESPONSE : 0);
  return { ...rest, first, version: isakmp.VERSION_2, flags };
}

/** Reads header and, of an open message, the payloads. Undefined where the bytes are no IKEv2 message. */
export function readEnvelope(bytes: Uint8Array): Envelope | undefined {
  const parsed = isakmp.parse(bytes);
  if (!parsed.ok || parsed.value.version !== isakmp.VERSION_2) return undefined;
  const { initiatorSpi, responderSpi, exchange, messageId, flags } = parsed.value;
  const fromInitiator = (flags & isakmp.INITIATOR) !== 0;
  return { initiatorSpi, responderSpi, exchange, messageId, fromInitiator, response: (flags & isakmp.RESPONSE) !== 0 };
}

export function readOpen(bytes: Uint8Array): readonly Payload[] | undefined {
  const message = isakmp.parse(bytes);
  if (!message.ok) return undefined;
  const payloads = ikev2.parsePayloads(message.value.first, message.value.body);
  return payloads.ok ? payloads.value : undefined;
}

/** The payloads inside a protected message, or undefined where it was not sealed with these keys. */
export function readSealed(bytes: Uint8Array, { transform, receive }: Protection): readonly Payload[] | undefined {
  const sk = readOpen(bytes)?.at(-1);
  if (sk?.type !== 'sk' || sk.body.length < transform.ivLength) return undefined;
  const before = bytes.subarray(0, bytes.length - sk.body.length);
  const iv = sk.body.subarray(0, transform.ivLength);
  const plain = transform.open(receive, before, iv, sk.body.subarray(transform.ivLength));
  if (!plain) return undefined;
  const length = plain.length - PAD_LENGTH_LEN - (plain.at(-1) ?? 0);
  if (length < 0) return undefined;
  const payloads = ikev2.parsePayloads(sk.inner, plain.subarray(0, length));
  return payloads.ok ? payloads.value : undefined;
}

export function find<Type extends Payload['type']>(
  payloads: readonly Payload[],
  type: Type,
): PayloadOf<Type> | undefined {
  return payloads.find((payload): payload is PayloadOf<Type> => payload.type === type);
}

export function findNotify(payloads: readonly Payload[], notify: number): PayloadOf<'notify'> | undefined {
  return payloads.find(
    (payload): payload is PayloadOf<'notify'> => payload.type === 'notify' && payload.notify === notify,
  );
}

const NOTHING = new Uint8Array(0);

/** `spi` names the ESP SA that the notify is about; left out, it is about the IKE SA or the message. */
export function notify(type: number, data: Uint8Array = NOTHING, spi: Uint8Array = NOTHING): Payload {
  const protocol = spi.length === 0 ? PROTOCOL_ID.none : PROTOCOL_ID.esp;
  return { type: 'notify', protocol, spi, notify: type, data };
}
