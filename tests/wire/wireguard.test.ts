import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { encode, looksLike, type Message, parse } from '../../src/wire/wireguard.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { datagramsOf } from '../support/recorded.ts';

/** What wireguard-go and the kernel's peer sent. */
const RECORDED = datagramsOf('wireguard-1client').map(({ payload }) => payload);

const index = fc.nat({ max: 0xffffffff });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const messages: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant('initiation' as const),
    sender: index,
    ephemeral: bytes(32),
    encryptedStatic: bytes(48),
    encryptedTimestamp: bytes(28),
    mac1: bytes(16),
    mac2: bytes(16),
  }),
  fc.record({
    type: fc.constant('response' as const),
    sender: index,
    receiver: index,
    ephemeral: bytes(32),
    encryptedNothing: bytes(16),
    mac1: bytes(16),
    mac2: bytes(16),
  }),
  fc.record({ type: fc.constant('cookie' as const), receiver: index, nonce: bytes(24), encryptedCookie: bytes(32) }),
  fc.record({
    type: fc.constant('data' as const),
    receiver: index,
    counter: fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }),
    body: fc.uint8Array({ minLength: 16, maxLength: 80 }),
  }),
);

describe('WireGuard', () => {
  test('every message comes back from its bytes as it went in', () => {
    comesBack(messages, encode, parse);
  });

  test('everything real peers sent is written again byte for byte', () => {
    const kinds = RECORDED.map((payload) => {
      const parsed = parse(payload);
      if (!parsed.ok) throw new Error('not understood');
      expect(encode(parsed.value)).toEqual(payload);
      return parsed.value.type;
    });
    expect(kinds.slice(0, 3)).toEqual(['initiation', 'response', 'data']);
    expect(kinds.length).toBeGreaterThan(10);
  });

  test('numbers are least significant byte first', () => {
    const message: Message = { type: 'data', receiver: 0x01020304, counter: 0x0506n, body: new Uint8Array(16) };
    expect(encode(message).subarray(0, 16)).toEqual(hex('04000000 04030201 0605000000000000'));
    const [layer] = layersOf(encode(message), 'wireguard');
    expect(layer.summary).toBe('Keepalive, receiver=0x01020304, counter=1286');
    expect(displays(layer, 'wg.counter')).toEqual(['1286']);
  });

  test('a handshake is one layer; data ends in ciphertext', () => {
    expect(layersOf(RECORDED[0]!, 'wireguard').map(({ length }) => length)).toEqual([148]);
    expect(layersOf(RECORDED[1]!, 'wireguard').map(({ length }) => length)).toEqual([92]);
    expect(layersOf(RECORDED[3]!, 'wireguard')).toMatchObject([
      { protocol: 'wireguard', length: 16 },
      { protocol: 'encrypted', why: 'encrypted', offset: 16, length: 112 },
    ]);
  });

  test.each([
    ['an unknown type', '05000000 00000000', 'message type 5 is not one of 1 to 4'],
    ['anything in the reserved bytes', '04000001 00000000', 'the three bytes after the type are not zero'],
    ['data without room for its tag', '04000000 01020304 0000000000000000 00112233', 'Encrypted Packet needs 16 bytes'],
    ['a cookie cut short', '03000000 01020304 0011', 'Nonce needs 24 bytes, 2 are left'],
  ])('%s is malformed', (_, text, why) => {
    expect(layersOf(hex(text), 'wireguard')[0]).toMatchObject({
      kind: 'malformed',
      why: expect.stringContaining(why),
    });
    expect(parse(hex(text)).ok).toBe(false);
  });

  test('bytes behind a handshake are malformed', () => {
    const longer = Uint8Array.of(...RECORDED[0]!, 0);
    expect(parse(longer).ok).toBe(false);
    expect(layersOf(longer, 'wireguard')[0]).toMatchObject({ kind: 'malformed', why: '1 bytes follow the message' });
  });

  test('its messages are recognised on any port, and other bytes are not', () => {
    for (const payload of RECORDED) expect(looksLike(payload, 0, payload.length)).toBe(true);
    for (const name of ['openvpn-udp', 'ike2-1client', 'l2tp-1client'])
      for (const { payload } of datagramsOf(name)) expect(looksLike(payload, 0, payload.length)).toBe(false);
  });

  survivesAnything('wireguard', RECORDED.slice(0, 4), parse);
});
