import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as lcp from '../../src/wire/lcp.ts';
import * as mppe from '../../src/wire/mppe.ts';
import * as ppp from '../../src/wire/ppp.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { ping } from './specimens.ts';
import { lcpPackets, mppePackets } from './specimens-ppp.ts';

describe('PPP frames, RFC 1661 §2', () => {
  test('address and control, and a protocol of two bytes', () => {
    const frame = hex('ff03 c021 01');
    const fields = { protocol: ppp.LCP, addressControl: true, shortProtocol: false, payload: hex('01') };
    expect(ppp.parse(frame)).toEqual({ ok: true, value: fields });
    expect(ppp.encode(fields)).toEqual(frame);
    expect(ppp.encode({ protocol: ppp.LCP, payload: hex('01') })).toEqual(frame);
  });

  test('both may be compressed away: an odd first byte is the whole protocol', () => {
    expect(ppp.parse(hex('21 45'))).toEqual({
      ok: true,
      value: { protocol: ppp.IPV4, addressControl: false, shortProtocol: true, payload: hex('45') },
    });
    expect(ppp.parse(hex('0021 45')).ok && ppp.parse(hex('0021 45'))).toMatchObject({
      value: { shortProtocol: false },
    });
    expect(ppp.parse(hex('ff03 21 45'))).toMatchObject({ value: { protocol: ppp.IPV4, addressControl: true } });
  });

  test('what was encoded is read back', () => {
    const frame = fc.record({
      protocol: fc.constantFrom(ppp.IPV4, ppp.LCP, ppp.CHAP, ppp.COMPRESSED, ppp.IPCP),
      addressControl: fc.boolean(),
      payload: fc.uint8Array({ maxLength: 32 }),
    });
    comesBack(
      frame.map((fields) => ({ ...fields, shortProtocol: false })),
      ppp.encode,
      ppp.parse,
    );
    comesBack(
      frame.map((fields) => ({ ...fields, protocol: ppp.COMPRESSED, shortProtocol: true })),
      ppp.encode,
      ppp.parse,
    );
  });

  test.each(['', 'ff03', 'ff03 c0', '00'])('"%s" is too short', (text) => {
    expect(ppp.parse(hex(text))).toMatchObject({ ok: false, error: { kind: 'truncated' } });
  });

  test.each([
    ['with everything', 'ff03 0021', 4],
    ['without address and control', '0021', 2],
    ['with a short protocol', 'ff03 21', 3],
    ['with a single byte', '21', 1],
  ])('a frame %s leads to IP', (_, header, length) => {
    const { layers } = dissect(concat(hex(header), ping), 'ppp');
    expect(layers.map((layer) => layer.protocol)).toEqual(['ppp', 'ipv4', 'icmp']);
    expect(layers[0]).toMatchObject({ length, summary: 'Internet Protocol version 4' });
  });

  test('an unknown protocol stays closed and is named by its number', () => {
    const { layers } = dissect(hex('ff03 4027 0102'), 'ppp');
    expect(layers[0]?.summary).toBe('PPP protocol 0x4027');
    expect(layers[1]).toMatchObject({ kind: 'opaque', protocol: 'data' });
  });

  survivesAnything(
    'ppp',
    [concat(hex('ff03 c021'), lcp.encode(lcpPackets[0]!)), hex('ff03 c223 02010007 01ff41')],
    ppp.parse,
  );
});

describe('MPPE, RFC 3078 §3.1', () => {
  test('four flags and twelve bits of count come before the ciphertext', () => {
    expect(mppe.encode({ flushed: true, encrypted: true, coherencyCount: 0x123, payload: hex('aa') })).toEqual(
      hex('9123 aa'),
    );
    expect(mppe.parse(hex('1fff'))).toEqual({
      ok: true,
      value: { flushed: false, encrypted: true, coherencyCount: 0xfff, payload: hex('') },
    });
    expect(mppe.parse(hex('90'))).toMatchObject({ ok: false });
  });

  test('what was encoded is read back', () => {
    comesBack(
      fc.record({
        flushed: fc.boolean(),
        encrypted: fc.boolean(),
        coherencyCount: fc.nat({ max: 0xfff }),
        payload: fc.uint8Array({ maxLength: 16 }),
      }),
      mppe.encode,
      mppe.parse,
    );
  });

  test('the content stays closed, and the layer says whether by cipher or by compression', () => {
    const [encrypted] = layersOf(mppe.encode(mppePackets[0]!), 'mppe');
    expect(encrypted).toMatchObject({ kind: 'opaque', why: expect.stringContaining('encrypted'), length: 14 });
    expect(displays(encrypted, 'mppe.flags.flushed')).toEqual(['Set']);
    expect(displays(encrypted, 'mppe.coherency_count')).toEqual(['0']);
    expect(layersOf(mppe.encode(mppePackets[1]!), 'mppe')[0].why).toContain('compressed');
  });

  survivesAnything('mppe', [mppe.encode(mppePackets[0]!)], mppe.parse);
});
