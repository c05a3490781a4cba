import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex } from '../../src/lib/bytes.ts';
import { type Connection, encode, PROTOCOL_CREDSSP, PROTOCOL_TLS, parse } from '../../src/wire/tpkt.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';

/** [MS-RDPBCGR] §2.2.1.1 and §2.2.1.2, as Windows sends them. */
const REQUEST: Connection = {
  confirm: false,
  destination: 0,
  source: 0,
  cookie: 'Cookie: mstshash=alice',
  negotiation: { type: 1, flags: 0, value: PROTOCOL_TLS | PROTOCOL_CREDSSP },
};
const CONFIRM = hex('03000013 0e d0 0000 1234 00 02 1f 0800 02000000');

describe('the start of RDP', () => {
  test('a request says who is calling and what security it can do', () => {
    const bytes = encode(REQUEST);
    expect(bytes.subarray(0, 11)).toEqual(hex('0300002b 26 e0 0000 0000 00'));
    expect(bytes.subarray(-8)).toEqual(hex('01 00 0800 03000000'));
    const [layer] = layersOf(bytes, 'tpkt');
    expect(layer.summary).toBe('Connection Request');
    expect(displays(layer, 'rdp.rt_cookie')).toEqual(['Cookie: mstshash=alice']);
    expect(displays(layer, 'rdp.neg_protocols')).toEqual(['3']);
  });

  test('the confirm chooses one', () => {
    expect(parse(CONFIRM)).toEqual({
      ok: true,
      value: {
        confirm: true,
        destination: 0,
        source: 0x1234,
        negotiation: { type: 2, flags: 0x1f, value: PROTOCOL_CREDSSP },
      },
    });
  });

  test('requests and confirms come back from their bytes as they went in', () => {
    comesBack<Connection>(
      fc.record(
        {
          confirm: fc.boolean(),
          destination: fc.nat({ max: 0xffff }),
          source: fc.nat({ max: 0xffff }),
          cookie: fc.stringMatching(/^Cookie: mstshash=[a-z]{0,9}$/),
          negotiation: fc.record({
            type: fc.constantFrom(1, 2, 3),
            flags: fc.nat({ max: 255 }),
            value: fc.nat({ max: 0xffff }),
          }),
        },
        { requiredKeys: ['confirm', 'destination', 'source', 'negotiation'] },
      ),
      encode,
      parse,
    );
  });

  test('once TLS was chosen it runs without TPKT around it', () => {
    const layers = layersOf(hex('16 0303 0004 0e000000'), 'tpkt');
    expect(layers.map(({ protocol, length }) => [protocol, length])).toEqual([
      ['tpkt', 0],
      ['tls', 9],
    ]);
  });

  test('a segment from the middle of something is left alone', () => {
    expect(layersOf(hex('ff00112233'), 'tpkt')[0].kind).toBe('opaque');
  });

  test('a length shorter than the header is malformed', () => {
    expect(layersOf(hex('03000000 0102'), 'tpkt')[0]).toMatchObject({
      kind: 'malformed',
      why: "length 0 is less than the header's 4 bytes",
    });
  });

  survivesAnything('tpkt', [encode(REQUEST), CONFIRM], parse);
});
