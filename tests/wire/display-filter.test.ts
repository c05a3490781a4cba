/** Display filters, where Wireshark's own answers (tests/tshark) do not reach: errors, texts, what is not there. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayFilter } from '../../src/wire/display-filter.ts';
import { dissect } from '../../src/wire/dissect.ts';
import { packets } from './specimens.ts';

const dissected = packets.map(({ first, bytes }) => dissect(bytes, first).layers);

function left(filter: string): number {
  const read = displayFilter(filter);
  if (!read.ok) throw new Error(read.error.expected);
  return dissected.filter((layers) => read.value.fits(layers)).length;
}

test.each([
  ['ip.addr ==', 10, 'a value', 'the end'],
  ['ip.addr == 1.2.3.4 gre', 19, '"&&", "||" or the end', '"gre"'],
  ['(gre', 4, '")"', 'the end'],
  ['gre && && esp', 7, 'a protocol or a field, as "gre" or "ip.addr"', '"&&"'],
  ['tcp.port in 5', 12, '"{" and values', '"5"'],
  ['tcp.port in {5 6}', 15, '"," or "}"', '"6"'],
  ['tcp.port in {5..}', 13, 'a value, or two with ".." between them', '"5.."'],
  ['tcp & 2', 4, '"&&", "||" or the end', '"&"'],
  ['', 0, 'a protocol or a field, as "gre" or "ip.addr"', 'the end'],
  ['gre && nonsense', 7, 'a protocol', '"nonsense"'],
  ['no.such or !esp == foo or foo == 5', 26, 'a protocol', '"foo"'],
  ['5 == 5', 0, 'a protocol or a field, as "gre" or "ip.addr"', '"5"'],
])('%j cannot be read, from character %i on', (filter, at, expected, received) => {
  expect(displayFilter(filter)).toEqual({ ok: false, error: { at, expected, received } });
});

test('parentheses have an end, however many are opened', () => {
  expect(displayFilter('('.repeat(100_000))).toMatchObject({ ok: false });
  expect(displayFilter('!'.repeat(100_000))).toMatchObject({ ok: false });
});

test('any text is read or refused, and what was read fits or does not', () => {
  const pieces = fc.constantFrom(
    'gre',
    'ip.addr',
    '==',
    '!=',
    '!',
    '(',
    ')',
    '&&',
    'or',
    '"a"',
    '7',
    'in',
    '{',
    '}',
    ',',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(pieces, { maxLength: 12 }).map((some) => some.join(' ')),
      ),
      (text) => {
        const read = displayFilter(text);
        if (read.ok) expect(read.value.fits(dissected[0]!)).toBeTypeOf('boolean');
        else expect(read.error.at).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});

test('a negation leaves over what the filter itself does not', () => {
  for (const filter of ['gre', 'ip.addr == 192.168.1.10', 'tcp.port in {1..2000}', 'pptp.call_id > 5'])
    expect(left(filter) + left(`!(${filter})`)).toBe(dissected.length);
});

test('a field that is not there fits nothing, not even being different', () => {
  expect(left('no.such == 1 or no.such != 1 or no.such < 1 or no.such in {1}')).toBe(0);
});

test('names of values can be asked for in words', () => {
  expect(left('pptp.control_message_type == "Outgoing-Call-Request"')).toBeGreaterThan(0);
  expect(left('pptp.control_message_type contains "Outgoing"')).toBeGreaterThan(
    left('pptp.control_message_type == "Outgoing-Call-Request"'),
  );
});

test('bytes can be asked for by their digits and as text', () => {
  const name = left('chap.name contains "e"');
  expect(name).toBeGreaterThan(0);
  expect(left('chap.value contains 0')).toBe(0);
});

test('a flag is true or false in words too', () => {
  expect(left('tcp.flags.syn == true')).toBe(left('tcp.flags.syn == 1'));
  expect(left('tcp.flags.syn == False')).toBe(left('tcp.flags.syn == 0'));
  expect(left('tcp.flags.syn == true')).toBeGreaterThan(0);
});

test('says which names are fields', () => {
  expect(displayFilter('gre and (ip.addr == 1.2.3.4 or !esp)')).toMatchObject({
    ok: true,
    value: { fields: ['ip.addr'] },
  });
});
