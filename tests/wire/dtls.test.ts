import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { encodeRecord, looksLike, parseRecords } from '../../src/wire/dtls.ts';
import { serverName, writeHandshake } from '../../src/wire/tls-handshake.ts';
import { displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { encodeHandshakePart } from './dtls-part.ts';

const { type, body } = writeHandshake({
  type: 'client-hello',
  version: 0xfefd,
  random: Uint8Array.from({ length: 32 }, (_, at) => at),
  sessionId: new Uint8Array(0),
  cookie: hex('c0ffee'),
  cipherSuites: [0xc02b],
  compression: hex('00'),
  extensions: [serverName('vpn.example.com')],
});

function record(fragment: Uint8Array, epoch = 0, sequence = 1): Uint8Array {
  return encodeRecord({ type: 22, version: 0xfefd, epoch, sequence, fragment });
}

const WHOLE = encodeHandshakePart({ type, length: body.length, messageSequence: 1, offset: 0, fragment: body });
const HELLO = record(WHOLE);

describe('DTLS, RFC 6347', () => {
  test('records come back from their bytes as they went in, with sequence numbers of 48 bits', () => {
    const records = fc.array(
      fc.record({
        type: fc.nat({ max: 255 }),
        version: fc.nat({ max: 0xffff }),
        epoch: fc.nat({ max: 0xffff }),
        sequence: fc.maxSafeInteger().map((value) => Math.abs(value) % 2 ** 48),
        fragment: fc.uint8Array({ maxLength: 40 }),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(records, (value) => {
        expect(parseRecords(concat(...value.map(encodeRecord)))).toEqual({ ok: true, value });
      }),
    );
  });

  test('a client hello shows its cookie and whom it calls', () => {
    const [layer] = layersOf(HELLO, 'dtls');
    expect(layer).toMatchObject({ kind: 'decoded', summary: 'Client Hello (SNI=vpn.example.com)' });
    expect(displays(layer, 'dtls.handshake.cookie')).toEqual(['c0ffee']);
    expect(displays(layer, 'dtls.handshake.message_seq')).toEqual(['1']);
  });

  test('a part of a message is called one', () => {
    const part = encodeHandshakePart({
      type,
      length: body.length,
      messageSequence: 1,
      offset: 10,
      fragment: hex('0102'),
    });
    expect(layersOf(record(part), 'dtls')[0].summary).toBe('Client Hello (fragment)');
  });

  test('alerts are named', () => {
    const alert = encodeRecord({ type: 21, version: 0xfefd, epoch: 0, sequence: 2, fragment: hex('0228') });
    expect(layersOf(alert, 'dtls')[0].summary).toBe('Alert: Handshake Failure (40)');
  });

  test('from epoch 1 on all is encrypted', () => {
    expect(layersOf(record(hex('0011223344'), 1), 'dtls')[0]).toMatchObject({
      kind: 'opaque',
      why: 'encrypted',
      summary: 'Encrypted Handshake',
    });
    expect(layersOf(concat(HELLO, record(hex('0011223344'), 1)), 'dtls')[0].kind).toBe('decoded');
  });

  test('what is no DTLS 1.0 or 1.2 is left alone', () => {
    expect(layersOf(hex('2f 1234567890abcdef00112233445566'), 'dtls')[0].kind).toBe('opaque');
    expect(looksLike(HELLO, 0, HELLO.length)).toBe(true);
    expect(looksLike(HELLO, 0, HELLO.length - 1)).toBe(false);
  });

  test('a stray byte behind a message is malformed', () => {
    expect(layersOf(record(concat(WHOLE, hex('00'))), 'dtls')[0]).toMatchObject({
      kind: 'malformed',
      why: 'handshake header needs 12 bytes, 1 are left',
    });
    expect(layersOf(concat(HELLO, hex('16')), 'dtls')[0].kind).toBe('malformed');
  });

  test('a fragment that says it is longer than its record is malformed', () => {
    const part = encodeHandshakePart({ type, length: 300, messageSequence: 0, offset: 0, fragment: hex('0102') });
    part[11] = 200;
    expect(layersOf(record(part), 'dtls')[0].kind).toBe('malformed');
  });

  survivesAnything('dtls', [HELLO, concat(HELLO, record(hex('0011'), 1))], parseRecords);
});
