/** What parsing answers: a record, or why there is none. Bad packets are the subject here, so they are values. @module */

export type WireError =
  | { readonly kind: 'truncated'; readonly protocol: string; readonly need: number; readonly have: number }
  | { readonly kind: 'bad-field'; readonly protocol: string; readonly field: string; readonly found: number };

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: WireError };

export function ok<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function truncated(protocol: string, need: number, have: number): Parsed<never> {
  return { ok: false, error: { kind: 'truncated', protocol, need, have } };
}

export function badField(protocol: string, field: string, found: number): Parsed<never> {
  return { ok: false, error: { kind: 'bad-field', protocol, field, found } };
}

export function describe(error: WireError): string {
  return error.kind === 'truncated'
    ? `${error.protocol} needs ${error.need} bytes, ${error.have} are there`
    : `${error.protocol}: ${error.field} cannot be ${error.found}`;
}
