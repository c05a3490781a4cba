import { expect, test } from 'vitest';
import { filtered } from '../../../src/ui/packets/filter.ts';
import { twoLaptopsOff, twoLaptopsOn } from '../support/runs.ts';

const numbers = (run: ReturnType<typeof twoLaptopsOn>, words: string, only: 'all' | 'stopped' | 'rewritten' = 'all') =>
  filtered(run, { words, only }).positions.map((position) => position + 1);

test('no words leave every packet', () => {
  expect(numbers(twoLaptopsOff(), '  ')).toHaveLength(30);
});

test('every word must occur, in a name, an address or a protocol', () => {
  const run = twoLaptopsOn();
  expect(numbers(run, 'outgoing request')).toEqual([8, 34]);
  expect(numbers(run, 'OUTGOING .11')).toEqual([34, 35]);
  expect(numbers(run, 'gre ipcp').length).toBeGreaterThan(4);
  expect(numbers(run, 'wireguard')).toEqual([]);
});

test('only the stopped ones, or only those with more rewritten than addresses', () => {
  expect(numbers(twoLaptopsOff(), '', 'stopped')).toEqual([12, 27]);
  expect(numbers(twoLaptopsOn(), '', 'stopped')).toEqual([]);
  expect(numbers(twoLaptopsOn(), 'call-re', 'rewritten')).toEqual([8, 9, 34, 35]);
});

test('a display filter is read as in Wireshark, and meets either side of the router', () => {
  const run = twoLaptopsOn();
  expect(numbers(run, 'pptp.control_message_type == 7')).toEqual([8, 34]);
  expect(numbers(run, 'gre and ppp && ip.addr == 192.168.1.11')).toEqual(
    numbers(run, 'ppp && ip.addr == 192.168.1.11 && !tcp'),
  );
  expect(numbers(run, 'ip.addr == 203.0.113.1').length + numbers(run, '!(ip.addr == 203.0.113.1)').length).toBe(
    numbers(run, 'ip').length,
  );
  expect(numbers(run, 'ip.addr == 203.0.113.1').length).toBeGreaterThan(20);
});

test('what is no filter yet leaves every packet and says what is expected', () => {
  const found = filtered(twoLaptopsOff(), { words: 'tcp.port ==', only: 'all' });
  expect(found.positions).toHaveLength(30);
  expect(found.trouble).toBe('Not a filter yet: expected a value, received the end.');
});

test('a field or a protocol that nobody has is named', () => {
  expect(filtered(twoLaptopsOff(), { words: 'tcp.prt == 5', only: 'all' })).toEqual({
    positions: [],
    trouble: 'No packet of this run has a field tcp.prt.',
  });
  expect(filtered(twoLaptopsOff(), { words: 'gre && foo', only: 'all' }).trouble).toBe(
    'Not a filter yet: expected a protocol, received "foo".',
  );
});

test('words with dots and numbers stay words', () => {
  expect(filtered(twoLaptopsOn(), { words: '192.168.1.11 outgoing', only: 'all' }).positions).toHaveLength(2);
});
