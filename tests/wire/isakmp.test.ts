import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, putU16, putU32 } from '../../src/lib/bytes.ts';
import * as ikev1 from '../../src/wire/ikev1.ts';
import * as ikev2 from '../../src/wire/ikev2.ts';
import { ENCRYPTED, encode, looksLike, parse } from '../../src/wire/isakmp.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { datagramsOf } from '../support/recorded.ts';

/** The IKE messages of a recording, those of port 4500 without the marker before them. */
function messagesOf(name: string): Uint8Array[] {
  return datagramsOf(name).flatMap(({ sourcePort, destinationPort, payload }) => {
    if (sourcePort !== 4500 && destinationPort !== 4500) return [payload];
    return payload.length > 4 && payload.subarray(0, 4).every((byte) => byte === 0) ? [payload.subarray(4)] : [];
  });
}

const IKEV1 = ['ike1-1client', 'ike1-1client-aggressive', 'ike1-nonat'].flatMap(messagesOf);
const IKEV2 = ['ike2-1client', 'ike2-nonat', 'ike2-2clients'].flatMap(messagesOf);

/** A message with the given chain, by hand: what an honest encoder does not write. */
function crafted(version: number, first: number, chain: string): Uint8Array {
  const body = hex(chain);
  const spis = { initiatorSpi: hex('1122334455667788'), responderSpi: hex('0000000000000000') };
  const exchange = version === 0x10 ? 2 : 34;
  return encode({ ...spis, first, version, exchange, flags: 0, messageId: 0 }, body);
}

const header = fc.record({
  initiatorSpi: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  responderSpi: fc.uint8Array({ minLength: 8, maxLength: 8 }),
  first: fc.nat({ max: 255 }),
  version: fc.constantFrom(0x10, 0x20),
  exchange: fc.nat({ max: 255 }),
  flags: fc.nat({ max: 255 }),
  messageId: fc.nat({ max: 0xffffffff }),
  body: fc.uint8Array({ maxLength: 80 }),
});

describe('ISAKMP header, RFC 2408 §3.1 and RFC 7296 §3.1', () => {
  test('what was encoded is read back', () => {
    comesBack(header, ({ body, ...rest }) => encode(rest, body), parse);
  });

  test('every message of real peers is written again byte for byte from what was read', () => {
    for (const bytes of [...IKEV1, ...IKEV2]) {
      const parsed = parse(bytes);
      if (!parsed.ok) throw new Error('not understood');
      const { body, ...fields } = parsed.value;
      expect(encode(fields, body)).toEqual(bytes);
    }
    expect(IKEV1.length).toBeGreaterThan(20);
    expect(IKEV2.length).toBeGreaterThan(20);
  });

  test('and so are the payload chains that travel in the open', () => {
    let open = 0;
    for (const bytes of [...IKEV1, ...IKEV2]) {
      const parsed = parse(bytes);
      if (!parsed.ok || (parsed.value.version === 0x10 && parsed.value.flags === ENCRYPTED)) continue;
      const { first, body, version } = parsed.value;
      const payloads = version === 0x10 ? ikev1.parsePayloads(first, body) : ikev2.parsePayloads(first, body);
      if (!payloads.ok) throw new Error('payloads not understood');
      const written =
        version === 0x10
          ? ikev1.encodePayloads(payloads.value as ikev1.Payload[])
          : ikev2.encodePayloads(payloads.value as ikev2.Payload[]);
      expect(written).toEqual({ first, bytes: body });
      open++;
    }
    expect(open).toBeGreaterThan(40);
  });

  test('a length that differs from the bytes is no message, but is shown as far as it goes', () => {
    const long = IKEV2[0]!.slice();
    putU32(long, 24, long.length + 1);
    expect(parse(long).ok).toBe(false);
    expect(layersOf(long, 'isakmp')[0]).toMatchObject({ kind: 'malformed' });
    expect(displays(layersOf(long, 'isakmp')[0], 'isakmp.notify.msgtype')).toContain('NAT_DETECTION_SOURCE_IP (16388)');
    const layers = layersOf(Uint8Array.of(...IKEV2[0]!, 1, 2, 3), 'isakmp');
    expect(layers.map(({ protocol, length }) => [protocol, length])).toEqual([
      ['isakmp', IKEV2[0]!.length],
      ['padding', 3],
    ]);
  });

  test('an unknown major version is told apart and not guessed at', () => {
    const bytes = crafted(0x30, 33, '00000008 01020304');
    expect(layersOf(bytes, 'isakmp')[0]).toMatchObject({
      kind: 'opaque',
      why: 'IKE version 3 is not known; 1 and 2 are',
    });
  });

  test('messages are recognised on any port, and other bytes are not', () => {
    for (const bytes of [...IKEV1, ...IKEV2]) expect(looksLike(bytes, 0, bytes.length)).toBe(true);
    for (const { payload } of datagramsOf('wireguard-1client'))
      expect(looksLike(payload, 0, payload.length)).toBe(false);
    const longer = Uint8Array.of(...IKEV2[0]!, 0);
    expect(looksLike(longer, 0, longer.length)).toBe(false);
  });
});

describe('what a router sees of IKE', () => {
  test('IKEv2 hides everything behind IKE_SA_INIT in one encrypted payload', () => {
    const auth = IKEV2.find((bytes) => bytes[18] === 35)!;
    const [isakmp, encrypted, ...more] = layersOf(auth, 'isakmp');
    expect(isakmp).toMatchObject({ kind: 'decoded', length: 32, summary: 'IKE_AUTH MID=01 Initiator Request' });
    expect(displays(isakmp, 'isakmp.typepayload')).toEqual(['Encrypted and Authenticated (46)']);
    expect(encrypted).toMatchObject({ kind: 'opaque', why: 'encrypted', length: auth.length - 32 });
    expect(more).toEqual([]);
    const answer = IKEV2.find((bytes) => bytes[18] === 35 && bytes[19] === 0x20)!;
    expect(layersOf(answer, 'isakmp')[0].summary).toBe('IKE_AUTH MID=01 Responder Response');
  });

  test('IKEv1 says by a flag that all behind the header is encrypted', () => {
    const quick = IKEV1.find((bytes) => bytes[18] === 32)!;
    expect(layersOf(quick, 'isakmp')).toMatchObject([
      { protocol: 'isakmp', length: 28, summary: 'Quick Mode' },
      { protocol: 'encrypted', why: 'encrypted', length: quick.length - 28 },
    ]);
  });

  test('an IKEv2 fragment gives its number and count in the open', () => {
    const { first, bytes } = ikev2.encodePayloads([
      { type: 'skf', inner: 35, number: 2, total: 3, body: hex('aabbccdd') },
    ]);
    const spis = { initiatorSpi: hex('1122334455667788'), responderSpi: hex('8877665544332211') };
    const message = encode({ ...spis, first, version: 0x20, exchange: 35, flags: 8, messageId: 1 }, bytes);
    const [isakmp, encrypted] = layersOf(message, 'isakmp');
    expect(displays(isakmp, 'isakmp.typepayload')).toEqual([
      'Encrypted and Authenticated Fragment (53) - fragment 2 of 3',
    ]);
    expect(displays(isakmp, 'isakmp.frag.total')).toEqual(['3']);
    expect(encrypted).toMatchObject({ why: 'encrypted', offset: 36, length: 4 });
  });
});

describe('hostile payload chains', () => {
  test('a payload that names its own type as the next one is no loop', () => {
    const [layer] = layersOf(crafted(0x10, 13, '0d00000841424344 0d00000841424344 0000000841424344'), 'isakmp');
    expect(layer.kind).toBe('decoded');
    expect(displays(layer, 'isakmp.typepayload')).toHaveLength(3);
  });

  test('a payload of length 0 ends the reading and says so', () => {
    for (const version of [0x10, 0x20])
      expect(layersOf(crafted(version, 43, '2b000000 2b000000'), 'isakmp')[0]).toMatchObject({
        kind: 'malformed',
        why: expect.stringContaining("length 0 is less than the payload header's 4 bytes"),
      });
  });

  test('a payload longer than the message is malformed, and its beginning is shown', () => {
    const [layer] = layersOf(crafted(0x20, 40, '00001000 0102030405'), 'isakmp');
    expect(layer).toMatchObject({ kind: 'malformed', why: 'Nonce (40) says 4092 bytes, 5 are left' });
    expect(displays(layer, 'isakmp.nonce')).toEqual(['0102030405']);
  });

  test('a proposal that reaches out of its payload is malformed', () => {
    expect(layersOf(crafted(0x20, 33, '0000000c 000000ff 01010001'), 'isakmp')[0].kind).toBe('malformed');
  });

  test('announcing more transforms than there are is malformed', () => {
    const [layer] = layersOf(crafted(0x20, 33, '00000014 00000010 01010002 00000008 01000003'), 'isakmp');
    expect(layer).toMatchObject({ kind: 'malformed', why: '2 transforms announced, 1 there' });
  });

  test('sixty thousand bytes of the smallest payloads end in a bounded number of fields', () => {
    const chain = new Uint8Array(60_000);
    for (let at = 0; at < chain.length; at += 4) {
      chain[at] = 43;
      putU16(chain, at + 2, 4);
    }
    const spis = { initiatorSpi: hex('1122334455667788'), responderSpi: hex('0000000000000000') };
    const message = encode({ ...spis, first: 43, version: 0x20, exchange: 34, flags: 8, messageId: 0 }, chain);
    expect(layersOf(message, 'isakmp')[0]).toMatchObject({ kind: 'malformed', why: expect.stringContaining('fields') });
  });

  survivesAnything('isakmp', [IKEV1[0]!, IKEV1[2]!, IKEV2[0]!, IKEV2[2]!], parse);
});
