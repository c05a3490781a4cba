/** Command-line options as data: one table gives the parser, the types of the values and the help text. @module */
import { didYouMean } from './near.ts';

export interface Option<T> {
  /** Stands for the value in help: "PREFIX". A flag has none. */
  readonly placeholder?: string;
  readonly help: string;
  /** What is accepted, for the complaint: "on or off". */
  readonly expected: string;
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
    expected: Object.keys(choices).join(' or '),
    parse: (text) => (Object.hasOwn(choices, text) ? choices[text] : undefined),
    otherwise: choices[otherwise]!,
    shown: otherwise,
  };
}

export type Read<O extends Options> =
  | { readonly ok: true; readonly values: Values<O>; readonly operands: readonly string[]; readonly help: boolean }
  | { readonly ok: false; readonly complaint: string };

export function readArguments<O extends Options>(args: readonly string[], options: O): Read<O> {
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) values[name] = option.otherwise;
  const operands: string[] = [];
  let help = false;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      operands.push(...args.slice(i + 1));
      break;
    }
    if (arg === '--help' || arg === '-h') help = true;
    else if (!arg.startsWith('-') || arg === '-') operands.push(arg);
    else {
      const [name, inline] = split(arg);
      const option = Object.hasOwn(options, name) && arg.startsWith('--') ? options[name] : undefined;
      if (!option) return { ok: false, complaint: `unknown option ${arg}${nearOptions(name, options)}` };
      const takes = option.placeholder !== undefined;
      if (!takes && inline !== undefined) return { ok: false, complaint: `--${name} takes no value` };
      const text = takes ? (inline ?? valueAt(args, ++i)) : '';
      if (text === undefined) return { ok: false, complaint: `--${name} needs a value: ${option.expected}` };
      const value = option.parse(text);
      if (value === undefined)
        return { ok: false, complaint: `--${name}: expected ${option.expected}, received ${JSON.stringify(text)}` };
      values[name] = option.add ? option.add(values[name], value) : value;
    }
  }
  return { ok: true, values: values as Values<O>, operands, help };
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

/** The option list of a help text. */
export function optionHelp(options: Options): string {
  const rows = Object.entries(options).map(([name, option]): readonly [string, string] => [
    option.placeholder === undefined ? `--${name}` : `--${name} ${option.placeholder}`,
    option.shown === undefined ? option.help : `${option.help} (default ${option.shown})`,
  ]);
  rows.push(['--help', 'show this text']);
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}
