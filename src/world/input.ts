/**
 * Checks for data from outside, put together like the types they stand for. A check answers the value, typed, or
 * refuses it with its path, what was expected and what was received. Fields nobody knows are refused as well: most
 * are misspelt.
 * @module
 */

export interface InputError {
  /** "clients[0].vpn.kind"; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  readonly received: string;
}

export type Input<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: InputError };

export type Check<T> = (value: unknown, path: string) => T;

type Shape = Readonly<Record<string, Check<unknown>>>;
type Of<S extends Shape> = { readonly [Key in keyof S]: ReturnType<S[Key]> };
/** Fields that must be there, and fields that may be left out. */
type Fields = readonly [required: Shape, optional?: Shape];
type Recorded<F extends Fields> = Of<F[0]> & (F[1] extends Shape ? Partial<Of<F[1]>> : unknown);

/** Thrown between a check and `accept`, never further. */
class Refusal extends Error {
  readonly error: InputError;

  constructor(path: string, expected: string, value: unknown) {
    super(expected);
    this.error = { path, expected, received: shown(value) };
  }
}

export function refuse(path: string, expected: string, value: unknown): never {
  throw new Refusal(path, expected, value);
}

export function accept<T>(check: Check<T>, value: unknown): Input<T> {
  try {
    return { ok: true, value: check(value, '') };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: error.error };
    throw error;
  }
}

export const boolean: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, 'true or false', value);

export function integer(low: number, high: number): Check<number> {
  return (value, path) =>
    typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high
      ? value
      : refuse(path, `a whole number from ${low} to ${high}`, value);
}

export function between(low: number, high: number): Check<number> {
  return (value, path) =>
    typeof value === 'number' && value >= low && value <= high
      ? value
      : refuse(path, `a number from ${low} to ${high}`, value);
}

/** Text that fits; `expected` says what kind of text that is. */
export function text(expected: string, fits: (text: string) => boolean): Check<string> {
  return (value, path) => (typeof value === 'string' && fits(value) ? value : refuse(path, expected, value));
}

export function oneOf<const T extends string>(...words: readonly T[]): Check<T> {
  return (value, path) =>
    words.find((word) => word === value) ?? refuse(path, words.map((word) => `"${word}"`).join(' or '), value);
}

export function listOf<T>(check: Check<T>, most: number, least = 0): Check<readonly T[]> {
  const expected = `a list of ${least === 0 ? 'at most' : `${least} to`} ${most}`;
  return (value, path) =>
    Array.isArray(value) && value.length >= least && value.length <= most
      ? value.map((item, index) => check(item, `${path}[${index}]`))
      : refuse(path, expected, Array.isArray(value) ? `a list of ${value.length}` : value);
}

/** A list with at least one item, as its type says. */
export function someOf<T>(check: Check<T>, most: number): Check<readonly [T, ...T[]]> {
  const list = listOf(check, most, 1);
  return (value, path) => {
    const [first, ...others] = list(value, path);
    return [first!, ...others];
  };
}

export function record<const F extends Fields>(...[required, optional = {}]: F): Check<Recorded<F>> {
  const known = [...Object.keys(required), ...Object.keys(optional)];
  return (value, path) => {
    const given = fieldsOf(value, path);
    for (const name of Object.keys(given))
      if (!known.includes(name)) refuse(within(path, shown(name)), `one of ${known.join(', ')}`, 'another name');
    const entries = Object.entries(required).map(([name, check]) => [name, check(given[name], within(path, name))]);
    for (const [name, check] of Object.entries(optional))
      if (given[name] !== undefined) entries.push([name, check(given[name], within(path, name))]);
    return Object.fromEntries(entries) as Recorded<F>;
  };
}

/** Records of several kinds, told apart by one field. */
export function tagged<const Tag extends string, const K extends Readonly<Record<string, Fields>>>(
  tag: Tag,
  kinds: K,
): Check<{ [Kind in keyof K]: Recorded<K[Kind]> & { readonly [T in Tag]: Kind } }[keyof K]> {
  const names = Object.keys(kinds);
  return (value, path) => {
    const kind = oneOf(...names)(fieldsOf(value, path)[tag], within(path, tag));
    const [required, optional] = kinds[kind]!;
    return record({ [tag]: oneOf(kind), ...required }, optional)(value, path) as never;
  };
}

function fieldsOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!plain) return refuse(path, 'an object', value);
  return Object.fromEntries(Object.entries(value));
}

const within = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

const SHOWN = 60;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const said = String(value);
  return said.length > SHOWN ? `${said.slice(0, SHOWN)}…` : said;
}
