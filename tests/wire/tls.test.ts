import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { parse as parseOpenVpn } from '../../src/wire/openvpn.ts';
import {
  APPLICATION_DATA,
  CHANGE_CIPHER_SPEC,
  encodeHandshake,
  encodeRecord,
  HANDSHAKE,
  looksLike,
  parseHandshakes,
  parseRecords,
} from '../../src/wire/tls.ts';
import { type ClientHello, type Handshake, serverName } from '../../src/wire/tls-handshake.ts';
import { displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { segmentsOf } from '../support/recorded.ts';

/** OpenSSL's TLS 1.3 as OpenVPN carried it: a client hello; server hello, change cipher spec and the start of the rest. */
const [CLIENT, SERVER] = segmentsOf('openvpn-tcp').flatMap(({ payload }) => {
  const packet = parseOpenVpn(payload.subarray(2));
  return packet.ok && packet.value.kind === 'control' && packet.value.payload.length > 0 ? [packet.value.payload] : [];
}) as [Uint8Array, Uint8Array];

const RANDOM = Uint8Array.from({ length: 32 }, (_, at) => at);
const HELLO: ClientHello = {
  type: 'client-hello',
  version: 0x0303,
  random: RANDOM,
  sessionId: hex('aabb'),
  cipherSuites: [0x1301, 0xc02f],
  compression: hex('00'),
  extensions: [serverName('vpn.example.com'), { type: 43, data: hex('04 0304 0303') }],
};
const DONE: Handshake = { type: 'other', number: 14, body: new Uint8Array(0) };
const CERTIFICATES: Handshake = { type: 'certificate', certificates: [hex('3003020101'), hex('3003020102')] };

function record(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return encodeRecord({ type, version: 0x0303, fragment: concat(...parts) });
}

const word = fc.nat({ max: 0xffff });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const random = fc.uint8Array({ minLength: 32, maxLength: 32 });
const other = fc.record({
  type: fc.nat({ max: 0xffff }).filter((type) => ![0, 10, 16, 43].includes(type)),
  data: bytes(20),
});
const extensions = fc.record({ extensions: fc.array(other, { maxLength: 3 }) }, { requiredKeys: [] });
const handshakes: fc.Arbitrary<Handshake> = fc.oneof(
  fc
    .record({
      type: fc.constant('client-hello' as const),
      version: word,
      random,
      sessionId: bytes(32),
      cipherSuites: fc.array(word, { maxLength: 8 }),
      compression: bytes(3),
    })
    .chain((hello) => extensions.map((more) => ({ ...hello, ...more }))),
  fc
    .record({
      type: fc.constant('server-hello' as const),
      version: word,
      random,
      sessionId: bytes(32),
      cipherSuite: word,
      compression: fc.nat({ max: 255 }),
    })
    .chain((hello) => extensions.map((more) => ({ ...hello, ...more }))),
  fc.record({ type: fc.constant('certificate' as const), certificates: fc.array(bytes(30), { maxLength: 3 }) }),
  fc.record({ type: fc.constant('other' as const), number: fc.constantFrom(4, 12, 14, 16, 20, 200), body: bytes(30) }),
);

describe('TLS records and handshakes, RFC 8446 and RFC 5246', () => {
  test('handshake messages come back from their bytes as they went in', () => {
    fc.assert(
      fc.property(fc.array(handshakes, { maxLength: 4 }), (messages) => {
        expect(parseHandshakes(concat(...messages.map(encodeHandshake)))).toEqual({ ok: true, value: messages });
      }),
    );
  });

  test('records do, too', () => {
    const records = fc.array(
      fc.record({ type: fc.integer({ min: 20, max: 24 }), version: word, fragment: bytes(40) }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(records, (value) => {
        expect(parseRecords(concat(...value.map(encodeRecord)))).toEqual({ ok: true, value });
      }),
    );
  });

  test('the hellos of OpenSSL are written again byte for byte', () => {
    const records = parseRecords(CLIENT);
    if (!records.ok) throw new Error('not understood');
    const messages = parseHandshakes(records.value[0]!.fragment);
    if (!messages.ok) throw new Error('hello not understood');
    expect(messages.value[0]).toMatchObject({ type: 'client-hello', version: 0x0303, cipherSuites: { length: 25 } });
    const fragment = concat(...messages.value.map(encodeHandshake));
    expect(encodeRecord({ ...records.value[0]!, fragment })).toEqual(CLIENT);
  });

  test('a client hello shows whom it calls and what it offers', () => {
    const [layer] = layersOf(record(HANDSHAKE, encodeHandshake(HELLO)), 'tls');
    expect(layer.summary).toBe('Client Hello (SNI=vpn.example.com)');
    expect(displays(layer, 'tls.handshake.extensions_server_name')).toEqual(['vpn.example.com']);
    expect(displays(layer, 'tls.handshake.ciphersuite')).toEqual([
      'TLS_AES_128_GCM_SHA256 (0x1301)',
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (0xc02f)',
    ]);
    expect(displays(layer, 'tls.handshake.extension')).toEqual([
      'server_name (0): vpn.example.com',
      'supported_versions (43): TLS 1.3 (0x0304), TLS 1.2 (0x0303)',
    ]);
  });

  test('several messages in a record and several records in a segment are all listed', () => {
    const segment = concat(
      record(HANDSHAKE, encodeHandshake(CERTIFICATES), encodeHandshake(DONE)),
      record(CHANGE_CIPHER_SPEC, hex('01')),
      record(HANDSHAKE, hex('ff00112233445566778899aabbccddee')),
      record(APPLICATION_DATA, RANDOM),
    );
    const layers = layersOf(segment, 'tls');
    expect(layers).toHaveLength(1);
    expect(layers[0]).toMatchObject({ kind: 'decoded', length: segment.length });
    expect(layers[0].summary).toBe(
      'Certificate, Server Hello Done, Change Cipher Spec, Encrypted Handshake Message, Application Data',
    );
    expect(displays(layers[0], 'tls.handshake.certificate')).toEqual(['3003020101', '3003020102']);
  });

  test('a message that takes more than one record is followed through them', () => {
    const message = encodeHandshake(CERTIFICATES);
    for (const cut of [4, 9, message.length - 1]) {
      const segment = concat(
        record(HANDSHAKE, message.subarray(0, cut)),
        record(HANDSHAKE, message.subarray(cut), encodeHandshake(DONE)),
      );
      expect(layersOf(segment, 'tls')[0]).toMatchObject({ kind: 'decoded', summary: 'Certificate, Server Hello Done' });
    }
  });

  test('a server name list that names nobody, or more than one, is shown as far as it is one', () => {
    const named = (data: string) => encodeHandshake({ ...HELLO, extensions: [{ type: 0, data: hex(data) }] });
    expect(layersOf(record(HANDSHAKE, named('')), 'tls')[0]).toMatchObject({
      kind: 'decoded',
      summary: 'Client Hello',
    });
    const [layer] = layersOf(record(HANDSHAKE, named('0008 00 0001 61 00 0001 62')), 'tls');
    expect(layer).toMatchObject({ kind: 'decoded', summary: 'Client Hello (SNI=a)' });
    expect(displays(layer, 'tls.handshake.extension.data')).toEqual(['00000162']);
  });

  test('heartbeats are named and unknown handshake types taken for ciphertext', () => {
    expect(layersOf(record(24, RANDOM), 'tls')[0].summary).toBe('Heartbeat');
    expect(layersOf(record(HANDSHAKE, hex('63 000001 00')), 'tls')[0].summary).toBe('Encrypted Handshake Message');
  });

  test('application data alone is closed', () => {
    expect(layersOf(record(APPLICATION_DATA, RANDOM), 'tls')[0]).toMatchObject({
      kind: 'opaque',
      why: 'encrypted',
      summary: 'Application Data',
    });
  });

  test('alerts are named; encrypted ones cannot be', () => {
    expect(layersOf(hex('15 0303 0002 0228'), 'tls')[0].summary).toBe('Alert: Handshake Failure');
    expect(layersOf(record(21, RANDOM), 'tls')[0]).toMatchObject({ kind: 'opaque', summary: 'Encrypted Alert' });
  });
});

describe('segments do not keep to records', () => {
  test('a hello cut off by the end of its segment is read as far as it goes and is no fault', () => {
    const whole = record(HANDSHAKE, encodeHandshake(HELLO));
    for (let end = 9; end < whole.length; end++) {
      const [layer] = layersOf(whole.subarray(0, end), 'tls');
      expect(layer).toMatchObject({ kind: 'decoded', why: 'the rest of the last record is in a later packet' });
    }
    const almost = layersOf(whole.subarray(0, whole.length - 3), 'tls')[0];
    expect(displays(almost, 'tls.handshake.extensions_server_name')).toEqual(['vpn.example.com']);
  });

  test('a segment that begins inside a record is not misread, wherever it begins', () => {
    const stream = concat(CLIENT, SERVER);
    const starts = new Set([0]);
    for (let at = 0; at + 5 < stream.length; ) {
      at += 5 + ((stream[at + 3]! << 8) | stream[at + 4]!);
      starts.add(at);
    }
    for (let at = 0; at + 5 < stream.length; at++) {
      const [layer] = layersOf(stream.subarray(at), 'tls');
      if (starts.has(at)) expect(layer.kind).not.toBe('malformed');
      else expect(layer).toMatchObject({ kind: 'opaque', why: expect.stringContaining('no record begins here') });
    }
    expect(starts.size).toBeGreaterThan(4);
  });

  test('bytes that are no record behind one that is are malformed', () => {
    expect(layersOf(concat(record(CHANGE_CIPHER_SPEC, hex('01')), RANDOM), 'tls')[0]).toMatchObject({
      kind: 'malformed',
      why: 'no record begins at byte 6, where one should',
    });
  });

  test('thirteen thousand empty records in a segment end in a bounded number of fields', () => {
    const flood = new Uint8Array(65_000);
    for (let at = 0; at < flood.length; at += 5) flood.set([APPLICATION_DATA, 3, 3, 0, 0], at);
    const [layer] = layersOf(flood, 'tls');
    expect(layer).toMatchObject({ kind: 'malformed', why: expect.stringContaining('fields') });
    expect(layer.summary.length).toBeLessThan(400);
  });

  test('records are recognised by type, version and length', () => {
    expect(looksLike(CLIENT, 0, CLIENT.length)).toBe(true);
    for (const text of ['1703', '19 0303 0001 00', '16 0200 0004 00000000', '16 0303 ffff 00', '14 0303 0002 0101'])
      expect(looksLike(hex(text), 0, hex(text).length)).toBe(false);
  });

  test('a list of cipher suites longer than its message is malformed', () => {
    const hello = encodeHandshake(HELLO);
    hello[4 + 2 + 32 + 3] = 0xff;
    const segment = record(HANDSHAKE, hello);
    expect(layersOf(segment, 'tls')[0].kind).toBe('malformed');
    expect(parseHandshakes(hello).ok).toBe(false);
  });

  test('an odd number of bytes is no list of cipher suites', () => {
    const hello = encodeHandshake({ ...HELLO, cipherSuites: [0x1301], compression: hex('') });
    const suites = 4 + 2 + 32 + 3;
    // The last byte of the suite becomes the number of compression methods.
    hello[suites + 1] = 1;
    expect(parseHandshakes(hello).ok).toBe(false);
    expect(layersOf(record(HANDSHAKE, hello), 'tls')[0]).toMatchObject({
      kind: 'malformed',
      why: 'Cipher Suite needs 2 bytes, 1 are left',
    });
  });

  survivesAnything(
    'tls',
    [CLIENT, SERVER.subarray(0, 300), record(HANDSHAKE, encodeHandshake(HELLO), encodeHandshake(CERTIFICATES))],
    parseRecords,
    parseHandshakes,
  );
});
