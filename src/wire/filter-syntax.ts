/**
 * The syntax of display filters, as Wireshark's users type them (wireshark-filter(4)):
 *
 *     gre && ip.addr == 192.168.1.10
 *     tcp.port in {1723, 3389} and not tcp.flags.syn == 1
 *
 * Not spoken: slices, arithmetic, functions, `matches`, `xor`.
 * @module
 */

export type Relation = 'equal' | 'unequal' | 'above' | 'below' | 'at-least' | 'at-most' | 'contains';

/** A value as it was typed; what it means depends on the field it is held against. */
export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
}

/** A value, or all from one to another. */
export interface Span {
  readonly from: Literal;
  readonly to?: Literal;
}

export type Expression =
  | { readonly kind: 'all' | 'any'; readonly of: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | Statement;

/** What is said of one protocol or field: that the packet has it, how it stands to a value, that it is one of some. */
export type Statement = Named &
  (
    | { readonly kind: 'has' }
    | { readonly kind: 'relation'; readonly relation: Relation; readonly value: Literal }
    | { readonly kind: 'among'; readonly spans: readonly Span[] }
  );

/** A protocol's or a field's name, and where it stands in the text, counted in characters from 0. */
export interface Named {
  readonly name: string;
  readonly at: number;
}

export interface FilterError {
  /** Where in the text, counted in characters from 0. */
  readonly at: number;
  readonly expected: string;
  readonly received: string;
}

export type Read =
  | { readonly ok: true; readonly value: Expression }
  | { readonly ok: false; readonly error: FilterError };

/** More parentheses and negations one inside the other than anybody means. */
const MAX_DEPTH = 64;

const RELATIONS: Readonly<Record<string, Relation>> = {
  '==': 'equal',
  eq: 'equal',
  '!=': 'unequal',
  ne: 'unequal',
  '>': 'above',
  gt: 'above',
  '<': 'below',
  lt: 'below',
  '>=': 'at-least',
  ge: 'at-least',
  '<=': 'at-most',
  le: 'at-most',
  contains: 'contains',
};

/** Words that stand between values and names and are neither. */
const OPERATORS: ReadonlySet<string> = new Set([...Object.keys(RELATIONS), 'and', 'or', 'not', 'in']);

/** A name of a protocol or of a field: "gre", "ip.addr". */
const NAME = /^[a-z][\w-]*(\.[\w-]+)*$/i;

interface Token {
  readonly at: number;
  readonly text: string;
  readonly kind: 'word' | 'quoted' | 'sign' | 'end';
}

/** Never throws: what cannot be read is an error that says where. */
export function readExpression(text: string): Read {
  const reader = new FilterReader(tokensOf(text));
  try {
    return { ok: true, value: reader.whole() };
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, error: error.what };
    throw error;
  }
}

class Unreadable extends Error {
  readonly what: FilterError;

  constructor(what: FilterError) {
    super(what.expected);
    this.what = what;
  }
}

function tokensOf(text: string): readonly Token[] {
  const pattern = /"((?:[^"\\]|\\.)*)"|(==|!=|<=|>=|&&|\|\||[!()<>{},])|([^\s()!=<>&|{},"]+)|\S/g;
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const [whole, quoted, sign, word] = match;
    const at = match.index;
    if (quoted !== undefined) tokens.push({ at, text: quoted.replace(/\\(.)/g, '$1'), kind: 'quoted' });
    else if (word !== undefined) tokens.push({ at, text: word, kind: OPERATORS.has(word) ? 'sign' : 'word' });
    else tokens.push({ at, text: sign ?? whole, kind: 'sign' });
  }
  return [...tokens, { at: text.length, text: 'the end', kind: 'end' }];
}

/** Recursive descent: `or` binds least, then `and`, then `not`. */
class FilterReader {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  whole(): Expression {
    const expression = this.any();
    if (this.next.kind !== 'end') this.complain('"&&", "||" or the end');
    return expression;
  }

  private get next(): Token {
    return this.tokens[this.at]!;
  }

  private complain(expected: string): never {
    const { at, text, kind } = this.next;
    throw new Unreadable({ at, expected, received: kind === 'end' ? text : `"${text}"` });
  }

  /** Takes one of these signs, if it is the next. */
  private takes(...signs: readonly string[]): boolean {
    const fits = this.next.kind === 'sign' && signs.includes(this.next.text);
    if (fits) this.at++;
    return fits;
  }

  private any(): Expression {
    const of = [this.all()];
    while (this.takes('||', 'or')) of.push(this.all());
    return of.length === 1 ? of[0]! : { kind: 'any', of };
  }

  private all(): Expression {
    const of = [this.one()];
    while (this.takes('&&', 'and')) of.push(this.one());
    return of.length === 1 ? of[0]! : { kind: 'all', of };
  }

  private one(): Expression {
    if (++this.depth > MAX_DEPTH) this.complain(`at most ${MAX_DEPTH} parentheses and negations`);
    const expression = this.negation() ?? this.group() ?? this.statement();
    this.depth--;
    return expression;
  }

  private negation(): Expression | undefined {
    return this.takes('!', 'not') ? { kind: 'not', of: this.one() } : undefined;
  }

  private group(): Expression | undefined {
    if (!this.takes('(')) return undefined;
    const inside = this.any();
    if (!this.takes(')')) this.complain('")"');
    return inside;
  }

  private statement(): Statement {
    const { kind, text: name, at } = this.next;
    if (kind !== 'word' || !NAME.test(name)) this.complain('a protocol or a field, as "gre" or "ip.addr"');
    this.at++;
    if (this.takes('in')) return { kind: 'among', name, at, spans: this.spans() };
    const relation = this.next.kind === 'sign' ? RELATIONS[this.next.text] : undefined;
    if (!relation) return { kind: 'has', name, at };
    this.at++;
    return { kind: 'relation', name, at, relation, value: this.literal() };
  }

  private literal(): Literal {
    const { kind, text } = this.next;
    if (kind !== 'word' && kind !== 'quoted') this.complain('a value');
    this.at++;
    return { text, quoted: kind === 'quoted' };
  }

  private spans(): readonly Span[] {
    if (!this.takes('{')) this.complain('"{" and values');
    const spans = [this.span()];
    while (this.takes(',')) spans.push(this.span());
    if (!this.takes('}')) this.complain('"," or "}"');
    return spans;
  }

  private span(): Span {
    const { text, quoted } = this.literal();
    const [from, to, ...more] = quoted ? [text] : text.split('..');
    if (to === undefined) return { from: { text, quoted } };
    if (!from || !to || more.length > 0) {
      this.at--;
      this.complain('a value, or two with ".." between them');
    }
    return { from: { text: from, quoted }, to: { text: to, quoted } };
  }
}
