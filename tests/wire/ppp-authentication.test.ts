import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import * as chap from '../../src/wire/chap.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as pap from '../../src/wire/pap.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { chapPackets, papPackets } from './specimens-ppp.ts';

const text = fc.string({ maxLength: 30, unit: 'grapheme-ascii' });
const identifier = fc.nat({ max: 255 });

/** RFC 2759 §9.2. */
const PEER_CHALLENGE = hex('21402324255E262A28295F2B3A337C7E');
const NT_RESPONSE = hex('82309ECD8D708B5EA08FAA3981CD83544233114A3D85D6DF');

describe('PAP, RFC 1334', () => {
  const REQUEST = hex('01 05 000e 04 75736572 04 70617373');

  test('a request is the name and the password, each with its length', () => {
    const fields: pap.Packet = { kind: 'authenticate-request', identifier: 5, peer: 'user', password: 'pass' };
    expect(pap.parse(REQUEST)).toEqual({ ok: true, value: fields });
    expect(pap.encode(fields)).toEqual(REQUEST);
    expect(layersOf(REQUEST, 'pap')[0].summary).toBe("Authenticate-Request (Peer-ID='user')");
  });

  test('what was encoded is read back', () => {
    comesBack<pap.Packet>(
      fc.oneof(
        fc.record({ kind: fc.constant('authenticate-request'), identifier, peer: text, password: text }),
        fc.record({ kind: fc.constantFrom('authenticate-ack', 'authenticate-nak'), identifier, message: text }),
      ),
      pap.encode,
      pap.parse,
    );
  });

  test.each([
    ['a name longer than the packet', REQUEST.with(4, 20), { field: 'text length', found: 20 }],
    ['a request without a password', hex('01 05 0009 04 75736572'), { field: 'text length' }],
    ['an unknown code', REQUEST.with(0, 9), { field: 'code', found: 9 }],
    ['a length below the header', REQUEST.with(3, 4), { field: 'length', found: 4 }],
    ['three bytes', REQUEST.subarray(0, 3), { kind: 'truncated' }],
  ])('%s is refused', (_, bytes, error) => {
    expect(pap.parse(bytes)).toMatchObject({ ok: false, error });
  });

  survivesAnything('pap', papPackets.map(pap.encode), pap.parse);
});

describe('CHAP, RFC 1994, with MS-CHAPv2, RFC 2759', () => {
  const response = {
    kind: 'response',
    identifier: 1,
    value: chap.encodeMsChapV2({ peerChallenge: PEER_CHALLENGE, ntResponse: NT_RESPONSE }),
    name: 'User',
  } as const;

  test('an MS-CHAPv2 response is 49 bytes: challenge, eight zeros, response, flags', () => {
    expect(response.value).toEqual(concat(PEER_CHALLENGE, new Uint8Array(8), NT_RESPONSE, hex('00')));
    expect(chap.encode(response)).toEqual(concat(hex('02 01 003a 31'), response.value, hex('55736572')));
    expect(chap.parseMsChapV2(response.value)).toEqual({ peerChallenge: PEER_CHALLENGE, ntResponse: NT_RESPONSE });
  });

  test('it is shown with its parts', () => {
    const [layer] = layersOf(chap.encode(response), 'chap');
    expect(layer).toMatchObject({ kind: 'decoded', summary: "Response (NAME='User')" });
    expect(displays(layer, 'chap.mschap2.peer_challenge')).toEqual(['21402324255e262a28295f2b3a337c7e']);
    const value = layer.fields.find((field) => field.key === 'chap.value');
    expect(value?.children?.map((child) => [child.offset, child.length])).toEqual([
      [5, 16],
      [21, 8],
      [29, 24],
      [53, 1],
    ]);
  });

  test('a response of MS-CHAP version 1 is not taken for one', () => {
    const value = concat(hex('11'.repeat(24)), hex('22'.repeat(24)), hex('01'));
    expect(chap.parseMsChapV2(value)).toBeUndefined();
    const [layer] = layersOf(chap.encode({ kind: 'response', identifier: 1, value, name: 'User' }), 'chap');
    expect(displays(layer, 'chap.mschap.nt_response')).toEqual(['22'.repeat(24)]);
  });

  test('an MD5 response of 16 bytes has no parts', () => {
    const [layer] = layersOf(
      chap.encode({ kind: 'response', identifier: 1, value: new Uint8Array(16), name: 'u' }),
      'chap',
    );
    expect(layer.fields.find((field) => field.key === 'chap.value')).not.toHaveProperty('children');
  });

  test('success and failure carry a text', () => {
    const [success, failure] = [chapPackets[2]!, chapPackets[3]!];
    expect(layersOf(chap.encode(success), 'chap')[0].summary).toContain('S=407A5589115FD0D6209F510FE9C04566932CDA56');
    expect(layersOf(chap.encode(failure), 'chap')[0].summary).toContain('E=691');
  });

  test('what was encoded is read back', () => {
    comesBack<chap.Packet>(
      fc.oneof(
        fc.record({
          kind: fc.constantFrom('challenge', 'response'),
          identifier,
          value: fc.uint8Array({ maxLength: 60 }),
          name: text,
        }),
        fc.record({ kind: fc.constantFrom('success', 'failure'), identifier, message: text }),
      ),
      chap.encode,
      chap.parse,
    );
  });

  test.each([
    ['three bytes', hex('010100'), { kind: 'truncated' }],
    ['a length beyond the bytes', hex('03 01 0009 41'), { field: 'length', found: 9 }],
    ['a value longer than the packet', hex('01 01 0006 05 00'), { field: 'value size', found: 5 }],
    ['a challenge without a value size', hex('01 01 0004'), { field: 'value size' }],
    ['an unknown code', hex('05 01 0004'), { field: 'code', found: 5 }],
  ])('%s is refused', (_, bytes, error) => {
    expect(chap.parse(bytes)).toMatchObject({ ok: false, error });
  });

  test('bytes behind the length are padding', () => {
    const { layers } = dissect(concat(chap.encode(response), hex('0000')), 'chap');
    expect(layers.map((layer) => layer.protocol)).toEqual(['chap', 'padding']);
  });

  survivesAnything('chap', chapPackets.map(chap.encode), chap.parse);
});
