import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { vendorName } from '../../src/wire/ike-vendors.ts';
import { encodePayloads, type Payload, parsePayloads } from '../../src/wire/ikev1.ts';
import { encode } from '../../src/wire/isakmp.ts';
import { displays, layersOf } from '../support/hostile.ts';
import { datagramsOf } from '../support/recorded.ts';

const byte = fc.nat({ max: 255 });
const word = fc.nat({ max: 0xffff });
const long = fc.nat({ max: 0xffffffff });
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const data = fc.uint8Array({ maxLength: 40 });

const attribute = fc.record({ type: fc.nat({ max: 0x7fff }), value: fc.oneof(word, data) });
const transform = fc.record({ number: byte, id: byte, attributes: fc.array(attribute, { maxLength: 6 }) });
const proposal = fc.record({
  number: byte,
  protocol: fc.constantFrom(1, 2, 3),
  spi: fc.constantFrom(0, 4, 8).chain(bytes),
  transforms: fc.array(transform, { maxLength: 3 }),
});

function constant<const Type extends string>(type: Type) {
  return fc.constant(type);
}

const payload: fc.Arbitrary<Payload> = fc.oneof(
  fc.record({
    type: constant('sa'),
    doi: long,
    situation: long,
    proposals: fc.array(proposal, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ type: constant('ke'), data }),
  fc.record({ type: constant('hash'), data }),
  fc.record({ type: constant('signature'), data }),
  fc.record({ type: constant('nonce'), data }),
  fc.record({ type: constant('vendor'), data }),
  fc.record({ type: constant('id'), idType: byte, protocol: byte, port: word, data }),
  fc.record({ type: constant('cert'), encoding: byte, data }),
  fc.record({ type: constant('certreq'), encoding: byte, data }),
  fc.record({
    type: constant('notify'),
    doi: long,
    protocol: byte,
    spi: fc.constantFrom(0, 4, 16).chain(bytes),
    notify: word,
    data,
  }),
  fc.record({ type: constant('delete'), doi: long, protocol: byte, spis: fc.array(bytes(16), { maxLength: 3 }) }),
  fc.record({ type: constant('nat-d'), draft: fc.boolean(), hash: data }),
  fc.record({
    type: constant('nat-oa'),
    draft: fc.boolean(),
    idType: byte,
    address: fc.constantFrom(4, 16).chain(bytes),
  }),
  fc.record({ type: constant('fragment'), id: word, number: byte, last: fc.boolean(), body: data }),
  fc.record({ type: constant('unknown'), number: fc.integer({ min: 133, max: 255 }), body: data }),
);

describe('IKEv1 payloads, RFC 2407, 2408 and 3947', () => {
  test('every chain comes back from its bytes as it went in', () => {
    fc.assert(
      fc.property(fc.array(payload, { maxLength: 5 }), (chain) => {
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

  test('phase 1 of strongSwan is shown attribute by attribute', () => {
    const [layer] = layersOf(datagramsOf('ike1-1client', 'lan')[0]!.payload, 'isakmp');
    expect(layer.summary).toBe('Identity Protection (Main Mode)');
    expect(displays(layer, 'isakmp.ike.attr')).toEqual([
      'Encryption-Algorithm (1): AES-CBC (7)',
      'Key-Length (14): 128',
      'Hash-Algorithm (2): SHA2-256 (4)',
      'Group-Description (4): 2048 bit MODP group (14)',
      'Authentication-Method (3): Pre-shared key (1)',
      'Life-Type (11): Seconds (1)',
      expect.stringMatching(/^Life-Duration \(12\): \d+$/),
    ]);
    expect(displays(layer, 'isakmp.typepayload')).toContain(
      'Vendor ID (13) - RFC 3947 Negotiation of NAT-Traversal in the IKE',
    );
  });

  test('the third and fourth message of main mode carry two NAT-D payloads each', () => {
    const messages = datagramsOf('ike1-1client', 'lan').filter(({ destinationPort, sourcePort }) =>
      [sourcePort, destinationPort].includes(500),
    );
    for (const { payload: message } of messages.slice(2, 4)) {
      const [layer] = layersOf(message, 'isakmp');
      expect(displays(layer, 'isakmp.typepayload').filter((name) => name === 'NAT-D (RFC 3947) (20)')).toHaveLength(2);
    }
  });

  test('NAT-D and NAT-OA are also known by the numbers of the drafts', () => {
    const chain: Payload[] = [
      { type: 'nat-d', draft: true, hash: hex('00112233445566778899aabbccddeeff') },
      { type: 'nat-oa', draft: true, idType: 1, address: hex('c0a8010b') },
    ];
    const { first, bytes: written } = encodePayloads(chain);
    expect([first, written[0]]).toEqual([130, 131]);
    expect(parsePayloads(first, written)).toEqual({ ok: true, value: chain });
  });

  test('a stray byte behind the attributes of a transform is refused', () => {
    const sa = '00000001 00000001  00 00 0012 01 01 00 01  00 00 000a 01 01 0000 80 01';
    expect(parsePayloads(1, hex(`00 00 001e ${sa}`)).ok).toBe(false);
    const whole = '00000001 00000001  00 00 0014 01 01 00 01  00 00 000c 01 01 0000 8001 0007';
    expect(parsePayloads(1, hex(`00 00 0020 ${whole}`)).ok).toBe(true);
    const stray = '00000001 00000001  00 00 0015 01 01 00 01  00 00 000d 01 01 0000 8001 0007 00';
    expect(parsePayloads(1, hex(`00 00 0021 ${stray}`)).ok).toBe(false);
  });

  test('a delete payload that counts more SPIs than there are is refused', () => {
    expect(parsePayloads(12, hex('00000010 00000001 03 04 ffff 01020304')).ok).toBe(false);
  });
});

describe('identities', () => {
  test.each([
    [1, 'c0a8010a', 'isakmp.id.data.ipv4_addr', ['192.168.1.10']],
    [2, '76706e2e6578616d706c65', 'isakmp.id.data.fqdn', ['vpn.example']],
    [3, '61406578616d706c65', 'isakmp.id.data.user_fqdn', ['a@example']],
    [4, '0a000000 ffffff00', 'isakmp.id.data.ipv4_subnet', ['255.255.255.0']],
    [7, '0a000001 0a000009', 'isakmp.id.data.ipv4_range_end', ['10.0.0.9']],
    [11, '00ff', 'isakmp.id.data', ['00ff']],
    [1, 'c0a801', 'isakmp.id.data', ['c0a801']],
    [4, '0a000000', 'isakmp.id.data', ['0a000000']],
  ])('type %i with %s is shown for what it is', (idType, text, key, shown) => {
    const chain: Payload[] = [{ type: 'id', idType, protocol: 0, port: 0, data: hex(text) }];
    const { first, bytes: body } = encodePayloads(chain);
    const spis = { initiatorSpi: hex('1122334455667788'), responderSpi: hex('0000000000000000') };
    const message = encode({ ...spis, first, version: 0x10, exchange: 32, flags: 0, messageId: 1 }, body);
    const [layer] = layersOf(message, 'isakmp');
    expect(displays(layer, key)).toEqual(shown);
    expect(displays(layer, 'isakmp.id.port')).toEqual(['Any (0)']);
  });
});

describe('vendor IDs', () => {
  test.each([
    ['RFC 3947', 'RFC 3947 Negotiation of NAT-Traversal in the IKE'],
    ['draft-ietf-ipsec-nat-t-ike-00', 'draft-ietf-ipsec-nat-t-ike-00'],
    ['draft-ietf-ipsec-nat-t-ike-02', 'draft-ietf-ipsec-nat-t-ike-02'],
    ['draft-ietf-ipsec-nat-t-ike-02\n', 'draft-ietf-ipsec-nat-t-ike-02\\n'],
    ['draft-ietf-ipsec-nat-t-ike-03', 'draft-ietf-ipsec-nat-t-ike-03'],
    ['draft-ietf-ipsec-nat-t-ike', 'draft-ietf-ipsec-nat-t-ike'],
    ['FRAGMENTATION', 'Cisco Fragmentation'],
    ['strongSwan', 'strongSwan'],
    ['MS NT5 ISAKMPOAKLEY', 'MS NT5 ISAKMPOAKLEY'],
    ['MS-Negotiation Discovery Capable', 'MS-Negotiation Discovery Capable'],
    ['Vid-Initial-Contact', 'Microsoft Vid-Initial-Contact'],
    ['IKE CGA version 1', 'Microsoft IKE CGA version 1'],
    ['GSSAPI', 'GSSAPI'],
  ])('the MD5 of %j is known', (text, name) => {
    expect(vendorName(createHash('md5').update(text).digest())).toBe(name);
  });

  test.each([
    ['afcad71368a1f1c96b8696fc77570100', 'RFC 3706 DPD (Dead Peer Detection)'],
    ['12f5f28c457168a9702d9fe274cc0100', 'Cisco Unity'],
    ['4048b7d56ebce88525e7de7f00d6c2d380000000', 'Cisco Fragmentation'],
    ['1e2b516905991c7d7c96fcbfb587e46100000009', 'MS NT5 ISAKMPOAKLEY'],
    ['09002689dfd6b712', 'XAUTH'],
  ])('%s is known, whatever version follows it', (id, name) => {
    expect(vendorName(hex(id))).toBe(name);
  });

  test('an ID nobody published has no name', () => {
    expect(vendorName(hex('00112233445566778899aabbccddeeff'))).toBeUndefined();
    expect(vendorName(new Uint8Array(0))).toBeUndefined();
  });
});
