import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TransformName, transforms } from '../../src/endpoints/crypto/esp-transforms.ts';
import {
  notify,
  type Payload,
  type Protection,
  readEnvelope,
  readOpen,
  readSealed,
  writeOpen,
  writeSealed,
} from '../../src/endpoints/ike-message.ts';
import { hex, toHex } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';

const envelope = {
  initiatorSpi: hex('c0c1c2c3c4c5c6c7'),
  responderSpi: hex('d0d1d2d3d4d5d6d7'),
  exchange: 37,
  messageId: 9,
  fromInitiator: false,
  response: false,
};

/** Both ends hold the same keys here, so that what is sealed can be opened by whoever sealed it. */
function protection(name: TransformName): Protection {
  const rng = new Rng(11);
  const { encryption, integrity } = transforms[name].keyLengths;
  const keys = { encryption: rng.bytes(encryption), integrity: rng.bytes(integrity) };
  return { transform: transforms[name], send: keys, receive: keys };
}

test('a sealed message is that of RFC 7634 appendix B, byte for byte', () => {
  const keys = {
    encryption: hex('808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f a0a1a2a3'),
    integrity: new Uint8Array(0),
  };
  const transform = { ...transforms['chacha20-poly1305'], iv: () => hex('1011121314151617') };
  const message = writeSealed(
    envelope,
    [{ type: 'notify', protocol: 0, spi: new Uint8Array(0), notify: 16385, data: hex('0000000a') }],
    { transform, send: keys, receive: keys },
    1,
    new Rng(1),
  );
  expect(toHex(message)).toBe(
    toHex(
      hex(`c0c1c2c3c4c5c6c7 d0d1d2d3d4d5d6d7 2e202500 00000009 00000045 29000029 1011121314151617
        610394701f8d017f7c12924889 6b71bfe25236efd7cdc67066906315b2`),
    ),
  );
});

const payloads: readonly Payload[] = [
  { type: 'nonce', data: hex('0102030405') },
  notify(16390, hex('aabb')),
  { type: 'delete', protocol: 3, spis: [hex('c0000001')] },
];

test.each(Object.keys(transforms) as TransformName[])('%s: what is sealed is read back', (name) => {
  const keys = protection(name);
  const message = writeSealed(envelope, payloads, keys, 1, new Rng(2));
  expect(readEnvelope(message)).toEqual(envelope);
  expect(readSealed(message, keys)).toEqual(payloads);
});

test.each(Object.keys(transforms) as TransformName[])('%s: any changed byte makes the message unreadable', (name) => {
  const keys = protection(name);
  const message = writeSealed(envelope, payloads, keys, 1, new Rng(2));
  for (let at = 0; at < message.length; at++) {
    const changed = message.slice();
    changed[at] = changed[at]! ^ 1;
    expect(readSealed(changed, keys)).toBeUndefined();
  }
});

test('an empty message can be sealed: it is how a peer is asked whether it lives', () => {
  const keys = protection('aes-cbc-sha2-256-128');
  expect(readSealed(writeSealed(envelope, [], keys, 1, new Rng(2)), keys)).toEqual([]);
});

test('an open message keeps its payloads', () => {
  const message = writeOpen(envelope, payloads);
  expect(readEnvelope(message)).toEqual(envelope);
  expect(readOpen(message)).toEqual(payloads);
});

test('reading never throws, and takes no IKEv1 message for its own', () => {
  const keys = protection('aes-gcm-16');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      readEnvelope(bytes);
      readOpen(bytes);
      expect(readSealed(bytes, keys)).toBeUndefined();
    }),
  );
  const old = writeOpen(envelope, payloads);
  old[17] = 0x10;
  expect(readEnvelope(old)).toBeUndefined();
});
