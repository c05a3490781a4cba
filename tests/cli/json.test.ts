import { expect, test } from 'vitest';
import { toJson } from '../../src/cli/json.ts';
import { hex } from '../../src/lib/bytes.ts';
import type { Reason } from '../../src/router/reason.ts';
import { ipv4 } from '../../src/wire/address.ts';

test('addresses are dotted text wherever a reason holds one; numbers that are no addresses stay numbers', () => {
  const client = ipv4('192.168.1.11');
  const reasons: readonly Reason[] = [
    { code: 'tuple-clash', protocol: 50, owner: 7, client },
    { code: 'no-route', destination: ipv4('10.0.0.1') },
    { code: 'martian', address: 0 },
    { code: 'source-translated', from: { address: client, key: 500 }, to: { address: 0xcb007101, key: 319 } },
  ];
  expect(JSON.parse(toJson(reasons))).toEqual([
    { code: 'tuple-clash', protocol: 50, owner: 7, client: '192.168.1.11' },
    { code: 'no-route', destination: '10.0.0.1' },
    { code: 'martian', address: '0.0.0.0' },
    {
      code: 'source-translated',
      from: { address: '192.168.1.11', key: 500 },
      to: { address: '203.0.113.1', key: 319 },
    },
  ]);
});

test('tuples keep source and destination as ends of a flow', () => {
  const tuple = { protocol: 6, source: { address: 1, key: 2 }, destination: { address: 3, key: 4 } };
  expect(JSON.parse(toJson(tuple))).toEqual({
    protocol: 6,
    source: { address: '0.0.0.1', key: 2 },
    destination: { address: '0.0.0.3', key: 4 },
  });
});

test('bytes are hex, and whole numbers too large for JSON are text', () => {
  expect(toJson({ packet: hex('00ff10'), small: 5n, large: 0xffff_ffff_ffff_ffffn })).toBe(
    '{"packet":"00ff10","small":5,"large":"18446744073709551615"}',
  );
});
