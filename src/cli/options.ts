/** Command-line options as data: one table gives the parser, the types of the values and the help text. @module */
import { didYouMean } from './near.ts';

export interface Option<T> {
  /** Stands for the value in help: "PREFIX". A flag has none. */
  readonly placeholder?: string;
  readonly help: string;
  /** What is accepted, for the complaint: "on or off". */
  readonly expected: string;
  /** The words it takes, where they are few enough to be listed: help shows them, a complaint has the nearest. */
  readonly words?: readonly string[];
  readonly parse: (text: string) => T | undefined;
  /** Value where the option is not given. */
  readonly otherwise: T;
  /** As help shows it; left out where there is nothing to show. */
  readonly shown?: string;
  /** May be given several times; each value is added to the ones before. */
  add?(before: T, value: T): T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;

export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

export function flag(help: string): Option<boolean> {
  return { help, expected: 'no value', parse: () => true, otherwise: false };
}

/** One of a few words, each standing for a value. */
export function choice<T>(
  placeholder: string,
  help: string,
  choices: Readonly<Record<string, T>>,
  otherwise: string,
): Option<T> {
  return {
    placeholder,
    help,
    expected: oneOf(Object.keys(choices)),
    words: Object.keys(choices),
    parse: (text) => (Object.hasOwn(choices, text) ? choices[text] : undefined),
    otherwise: choices[otherwise]!,
    shown: otherwise,
  };
}

/** "on or off"; "linux, dd-wrt or pf". */
function oneOf(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ');
}

export type Read<O extends Options> =
  | { readonly ok: true; readonly values: Values<O>; readonly operands: readonly string[] }
  | { readonly ok: false; readonly complaint: string };

export function readArguments<O extends Options>(args: readonly string[], options: O): Read<O> {
  const given = new Map<string, unknown>();
  const operands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (!arg.startsWith('-') || arg === '-') {
      operands.push(arg);
      continue;
    }
    const [name, inline] = split(arg);
    const option = Object.hasOwn(options, name) && arg.startsWith('--') ? options[name] : undefined;
    if (!option) return { ok: false, complaint: `unknown option ${arg}${nearOptions(name, options)}` };
    if (given.has(name) && !option.add) return { ok: false, complaint: `--${name} is given twice` };
    const takes = option.placeholder !== undefined;
    if (!takes && inline !== undefined) return { ok: false, complaint: `--${name} takes no value` };
    const text = takes ? (inline ?? valueAt(args, ++i)) : '';
    if (text === undefined) return { ok: false, complaint: `--${name} needs a value: ${option.expected}` };
    const value = option.parse(text);
    if (value === undefined) return { ok: false, complaint: `--${name}: ${refusal(option, text)}` };
    given.set(name, option.add ? option.add(given.get(name) ?? option.otherwise, value) : value);
  }
  const values = Object.entries(options).map(([name, { otherwise }]) => [
    name,
    given.has(name) ? given.get(name) : otherwise,
  ]);
  return { ok: true, values: Object.fromEntries(values) as Values<O>, operands };
}

/** Does somebody ask for help, whatever else is said? What follows "--" asks for nothing. */
export function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? args.length : end).some((arg) => arg === '--help' || arg === '-h');
}

function refusal({ expected, words = [] }: Option<unknown>, text: string): string {
  return `expected ${expected}, received ${JSON.stringify(text)}${didYouMean(text, words)}`;
}

/** What follows an option is its value, unless it is an option itself; a value like that is given with "=". */
function valueAt(args: readonly string[], at: number): string | undefined {
  return args[at]?.startsWith('--') ? undefined : args[at];
}

function nearOptions(name: string, options: Options): string {
  // A single letter is like anything.
  if (name.length < 2) return '';
  return didYouMean(name, [...Object.keys(options), 'help'], '--');
}

/** "--lan=192.168.1.1/24" to its name and value. */
function split(arg: string): readonly [name: string, value: string | undefined] {
  const at = arg.indexOf('=');
  return at < 0 ? [arg.replace(/^-+/, ''), undefined] : [arg.slice(0, at).replace(/^-+/, ''), arg.slice(at + 1)];
}

/** Help texts are no wider. */
const WIDTH = 120;

/** The option list of a help text. */
export function optionHelp(options: Options): string {
  const rows = Object.entries(options).map(([name, option]): readonly [string, string] => [
    option.placeholder === undefined ? `--${name}` : `--${name} ${option.placeholder}`,
    [
      option.shown === undefined ? option.help : `${option.help} (default ${option.shown})`,
      ...(option.words && option.placeholder !== option.words.join('|') ? [oneOf(option.words)] : []),
    ].join(': '),
  ]);
  rows.push(['--help', 'show this text']);
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows
    .map(([name, text]) => `  ${name}`.padEnd(left) + wrapped(text, WIDTH - left).join(`\n${' '.repeat(left)}`))
    .join('\n');
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length > width) lines.push(word);
    else lines.splice(-1, 1, longer);
  }
  return lines;
}
