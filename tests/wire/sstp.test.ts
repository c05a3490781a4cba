import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { encode, type Packet, parse, request } from '../../src/wire/sstp.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';

/** [MS-SSTP] §4.1: the first packet of every session. */
const CONNECT_REQUEST = hex('10 01 000e 0001 0001 00 01 0006 0001');
const DATA = encode({ kind: 'data', frame: hex('ff03 c021 09010008 00000000') });

describe('SSTP, [MS-SSTP] §2.2', () => {
  test('the published connect request is read and written', () => {
    const packet: Packet = { kind: 'control', message: 1, attributes: [{ id: 1, value: hex('0001') }] };
    expect(parse(CONNECT_REQUEST)).toEqual({ ok: true, value: packet });
    expect(encode(packet)).toEqual(CONNECT_REQUEST);
  });

  test('every packet comes back from its bytes as it went in', () => {
    const attribute = fc.record({ id: fc.nat({ max: 255 }), value: fc.uint8Array({ maxLength: 30 }) });
    comesBack<Packet>(
      fc.oneof(
        fc.record({
          kind: fc.constant('control' as const),
          message: fc.nat({ max: 0xffff }),
          attributes: fc.array(attribute, { maxLength: 4 }),
        }),
        fc.record({ kind: fc.constant('data' as const), frame: fc.uint8Array({ maxLength: 100 }) }),
      ),
      encode,
      parse,
    );
  });

  test('messages are called as §2.2.9 calls them', () => {
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((message) => {
      return layersOf(encode({ kind: 'control', message, attributes: [] }), 'sstp')[0].summary;
    });
    expect(names).toEqual([
      'SSTP_MSG_CALL_CONNECT_REQUEST',
      'SSTP_MSG_CALL_CONNECT_ACK',
      'SSTP_MSG_CALL_CONNECT_NAK',
      'SSTP_MSG_CALL_CONNECTED',
      'SSTP_MSG_CALL_ABORT',
      'SSTP_MSG_CALL_DISCONNECT',
      'SSTP_MSG_CALL_DISCONNECT_ACK',
      'SSTP_MSG_ECHO_REQUEST',
      'SSTP_MSG_ECHO_RESPONSE',
      'message type 10',
    ]);
  });

  test('packets follow each other, and data hands its PPP frame on', () => {
    const layers = layersOf(concat(CONNECT_REQUEST, DATA, CONNECT_REQUEST), 'sstp');
    expect(layers.map(({ protocol }) => protocol)).toEqual(['sstp', 'sstp', 'ppp', 'lcp', 'sstp']);
    expect(layers[0].summary).toBe('SSTP_MSG_CALL_CONNECT_REQUEST');
    expect(displays(layers[0], 'sstp.attribute')).toEqual(['Encapsulated Protocol ID (1)']);
  });

  test('the HTTP request that opens the tunnel is known', () => {
    const bytes = request('vpn.example.com', '00000000-0000-0000-0000-000000000001');
    expect(layersOf(bytes, 'sstp')[0]).toMatchObject({ kind: 'decoded', summary: 'SSTP_DUPLEX_POST' });
    const text = String.fromCharCode(...bytes);
    expect(text).toContain('Content-Length: 18446744073709551615\r\n');
    expect(text.endsWith('\r\n\r\n')).toBe(true);
  });

  test.each([
    ['a length of 0', '10 00 0000', "length 0 is less than the header's 4 bytes"],
    [
      'an attribute of length 0',
      '10 01 000c 0001 0001 00 01 0000',
      "attribute length 0 is less than its header's 4 bytes",
    ],
    ['another version', '20 00 0004', 'version 2.0 is not 1.0'],
    ['a length beyond the end', '10 00 0fff 00', 'packet says 4091 bytes, 1 are left'],
  ])('%s is malformed', (_, text, why) => {
    expect(layersOf(hex(text), 'sstp')[0]).toMatchObject({ kind: 'malformed', why });
    expect(parse(hex(text)).ok).toBe(false);
  });

  survivesAnything('sstp', [CONNECT_REQUEST, DATA], parse);
});
