import { expect, test } from 'vitest';
import { asksForHelp, choice, flag, type Option, optionHelp, readArguments } from '../../src/cli/options.ts';

const many: Option<readonly number[]> = {
  placeholder: 'N',
  help: 'numbers',
  expected: 'a digit',
  parse: (text) => (/^\d$/.test(text) ? [Number(text)] : undefined),
  otherwise: [],
  add: (before, value) => [...before, ...value],
};
const options = { loud: flag('be loud'), side: choice('SIDE', 'which side', { lan: 1, wan: 2 }, 'lan'), many };

test('values are typed, defaults filled in, and what is no option is an operand', () => {
  expect(readArguments(['a', '--side', 'wan', '--loud', 'b', '--many=1', '--many', '2'], options)).toEqual({
    ok: true,
    values: { loud: true, side: 2, many: [1, 2] },
    operands: ['a', 'b'],
  });
  expect(readArguments([], options)).toMatchObject({ values: { loud: false, side: 1, many: [] }, operands: [] });
});

test('after -- all is operands, and a lone - is one too', () => {
  expect(readArguments(['-', '--', '--loud', '-h'], options)).toMatchObject({ operands: ['-', '--loud', '-h'] });
});

test.each([
  [['--quiet'], 'unknown option --quiet'],
  [['-q'], 'unknown option -q'],
  [['-side', 'lan'], 'unknown option -side; did you mean --side?'],
  [['--sid', 'lan'], 'unknown option --sid; did you mean --side?'],
  [['--hepl'], 'unknown option --hepl; did you mean --help?'],
  [['--constructor'], 'unknown option --constructor'],
  [['--side'], '--side needs a value: lan or wan'],
  [['--side', '--loud'], '--side needs a value: lan or wan'],
  [['--side', 'up'], '--side: expected lan or wan, received "up"'],
  [['--side', 'WAM'], '--side: expected lan or wan, received "WAM"; did you mean wan or lan?'],
  [['--side', 'lan', '--side=wan'], '--side is given twice'],
  [['--loud', '--loud'], '--loud is given twice'],
  [['--side=toString'], '--side: expected lan or wan, received "toString"'],
  [['--loud=yes'], '--loud takes no value'],
])('%j is refused: %s', (args, complaint) => {
  expect(readArguments(args, options)).toEqual({ ok: false, complaint });
});

test('help lists every option with its default', () => {
  expect(optionHelp(options)).toBe(
    [
      '  --loud       be loud',
      '  --side SIDE  which side (default lan): lan or wan',
      '  --many N     numbers',
      '  --help       show this text',
    ].join('\n'),
  );
});

test('help lists the words of an option in lines of 120 columns, but those that its placeholder lists', () => {
  const words = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`word-${index}`, index]));
  const lines = optionHelp({
    one: choice('WORD', 'one of many', words, 'word-0'),
    on: choice('on|off', 'a switch', { on: true, off: false }, 'on'),
  }).split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^ {2}--one WORD {3}one of many \(default word-0\): word-0, word-1, .*,$/),
    expect.stringMatching(/^ {15}word-\d+, /),
  ]);
  expect(lines).toContain('  --on on|off  a switch (default on)');
});

test('help is asked for before --, not behind it', () => {
  expect([['--side', '--help'], ['a', '-h', '--', 'b'], ['--', '-h'], []].map(asksForHelp)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
