import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { encodePayloads, type Payload, parsePayloads } from '../../src/wire/ikev2.ts';
import { parse } from '../../src/wire/isakmp.ts';
import { displays, layersOf } from '../support/hostile.ts';
import { datagramsOf } from '../support/recorded.ts';

const INIT = datagramsOf('ike2-1client', 'lan')[0]!.payload;

const byte = fc.nat({ max: 255 });
const word = fc.nat({ max: 0xffff });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const data = fc.uint8Array({ maxLength: 40 });

const attribute = fc.record({ type: fc.nat({ max: 0x7fff }), value: fc.oneof(word, data) });
const transform = fc.record({ type: byte, id: word, attributes: fc.array(attribute, { maxLength: 2 }) });
const proposal = fc.record({
  number: byte,
  protocol: byte,
  spi: fc.constantFrom(0, 4, 8).chain(bytes),
  transforms: fc.array(transform, { maxLength: 4 }),
});
const selector = fc.constantFrom([7, 4] as const, [8, 16] as const).chain(([type, size]) =>
  fc.record({
    type: fc.constant(type),
    protocol: byte,
    firstPort: word,
    lastPort: word,
    firstAddress: bytes(size),
    lastAddress: bytes(size),
  }),
);
/** EAP carries its own length (RFC 3748 §4). */
const eap = data.map((rest) => {
  const length = 4 + rest.length;
  return Uint8Array.of(1, 7, length >>> 8, length & 255, ...rest);
});

function constant<const Type extends string>(type: Type) {
  return fc.constant(type);
}

const open: fc.Arbitrary<Payload> = fc.oneof(
  fc.record({ type: constant('sa'), proposals: fc.array(proposal, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: constant('ke'), group: word, data }),
  fc.record({ type: constant('idi'), idType: byte, data }),
  fc.record({ type: constant('idr'), idType: byte, data }),
  fc.record({ type: constant('cert'), encoding: byte, data }),
  fc.record({ type: constant('certreq'), encoding: byte, data }),
  fc.record({ type: constant('auth'), method: byte, data }),
  fc.record({ type: constant('nonce'), data }),
  fc.record({ type: constant('vendor'), data }),
  fc.record({ type: constant('eap'), data: eap }),
  fc.record({ type: constant('notify'), protocol: byte, spi: fc.constantFrom(0, 4).chain(bytes), notify: word, data }),
  fc.record({ type: constant('delete'), protocol: byte, spis: fc.array(bytes(4), { maxLength: 3 }) }),
  fc.record({ type: constant('tsi'), selectors: fc.array(selector, { maxLength: 3 }) }),
  fc.record({ type: constant('tsr'), selectors: fc.array(selector, { maxLength: 3 }) }),
  fc.record({
    type: constant('cp'),
    kind: byte,
    attributes: fc.array(fc.record({ type: fc.nat({ max: 0x7fff }), value: data }), { maxLength: 3 }),
  }),
  fc.record({
    type: constant('unknown'),
    number: fc.integer({ min: 128, max: 255 }),
    critical: fc.boolean(),
    body: data,
  }),
);
const closed: fc.Arbitrary<Payload> = fc.oneof(
  fc.record({ type: constant('sk'), inner: byte, body: data }),
  fc.record({ type: constant('skf'), inner: byte, number: word, total: word, body: data }),
);

describe('IKEv2 payloads, RFC 7296 §3', () => {
  test('every chain comes back from its bytes as it went in', () => {
    const chains = fc.tuple(fc.array(open, { maxLength: 5 }), fc.option(closed, { nil: undefined }));
    fc.assert(
      fc.property(chains, ([payloads, last]) => {
        const chain = last ? [...payloads, last] : payloads;
        const { first, bytes: written } = encodePayloads(chain);
        expect(parsePayloads(first, written)).toEqual({ ok: true, value: chain });
      }),
    );
  });

  test('any bytes are parsed or refused, and never throw', () => {
    fc.assert(
      fc.property(byte, fc.uint8Array({ maxLength: 200 }), (first, noise) => {
        expect(parsePayloads(first, noise)).toHaveProperty('ok');
      }),
    );
  });

  test('the first message of strongSwan offers what its configuration says', () => {
    const message = parse(INIT);
    const payloads = message.ok ? parsePayloads(message.value.first, message.value.body) : message;
    if (!payloads.ok) throw new Error('not understood');
    const [sa, ke, nonce] = payloads.value;
    expect(sa).toEqual({
      type: 'sa',
      proposals: [
        {
          number: 1,
          protocol: 1,
          spi: new Uint8Array(0),
          transforms: [
            { type: 1, id: 12, attributes: [{ type: 14, value: 128 }] },
            { type: 3, id: 12, attributes: [] },
            { type: 2, id: 5, attributes: [] },
            { type: 4, id: 14, attributes: [] },
          ],
        },
      ],
    });
    expect(ke).toMatchObject({ type: 'ke', group: 14, data: { length: 256 } });
    expect(nonce).toMatchObject({ type: 'nonce', data: { length: 32 } });
  });

  test('notifications are named, and say so where the payload is listed', () => {
    const [layer] = layersOf(INIT, 'isakmp');
    expect(displays(layer, 'isakmp.typepayload')).toEqual([
      'Security Association (33)',
      '1: IKE, 4 transforms',
      'ENCR_AES_CBC 128',
      'AUTH_HMAC_SHA2_256_128',
      'PRF_HMAC_SHA2_256',
      '2048 bit MODP group',
      'Key Exchange (34)',
      'Nonce (40)',
      'Notify (41) - NAT_DETECTION_SOURCE_IP',
      'Notify (41) - NAT_DETECTION_DESTINATION_IP',
      'Notify (41) - IKEV2_FRAGMENTATION_SUPPORTED',
      'Notify (41) - SIGNATURE_HASH_ALGORITHMS',
      'Notify (41) - REDIRECT_SUPPORTED',
    ]);
  });

  test('a deletion of the IKE SA names no SPI whatever its count says', () => {
    expect(parsePayloads(42, hex('0000000c 01 00 ffff 00000000')).ok).toBe(true);
    expect(parsePayloads(42, hex('00000008 01 00 ffff'))).toEqual({
      ok: true,
      value: [{ type: 'delete', protocol: 1, spis: [] }],
    });
  });

  test('proposals and transforms say by 2 and 3 that another one follows (RFC 7296 §3.3)', () => {
    const transforms = [
      { type: 1, id: 20, attributes: [{ type: 14, value: 256 }] },
      { type: 5, id: 0, attributes: [] },
    ];
    const chain: Payload[] = [
      {
        type: 'sa',
        proposals: [
          { number: 1, protocol: 3, spi: hex('c1'), transforms },
          { number: 2, protocol: 1, spi: new Uint8Array(0), transforms: transforms.slice(1) },
        ],
      },
    ];
    expect(encodePayloads(chain).bytes).toEqual(
      hex(`00 00 0031
           02 00 001d 01 03 01 02 c1  03 00 000c 01 00 0014 800e 0100  00 00 0008 05 00 0000
           00 00 0010 02 01 00 01     00 00 0008 05 00 0000`),
    );
  });

  test('reserved bytes are written as zeros', () => {
    const chain: Payload[] = [
      { type: 'idi', idType: 1, data: hex('01020304') },
      { type: 'auth', method: 2, data: hex('aa') },
      { type: 'ke', group: 31, data: hex('bb') },
      { type: 'tsi', selectors: [] },
      { type: 'cp', kind: 2, attributes: [{ type: 1, value: hex('0a000001') }] },
    ];
    expect(encodePayloads(chain)).toEqual({
      first: 35,
      bytes: hex(`27 00 000c 01 000000 01020304
                  22 00 0009 02 000000 aa
                  2c 00 0009 001f 0000 bb
                  2f 00 0008 00 000000
                  00 00 0010 02 000000 0001 0004 0a000001`),
    });
  });

  test('a traffic selector that is too short for its header is refused', () => {
    expect(parsePayloads(44, hex('00000010 01000000 07000004 00000000'))).toEqual({
      ok: false,
      error: { kind: 'bad-field', protocol: 'isakmp', field: 'Selector Length', found: 4 },
    });
  });
});
