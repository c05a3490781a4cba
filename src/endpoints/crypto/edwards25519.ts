/** Points of edwards25519, the curve that Ed25519 signs with, and their multiples. RFC 8032 §5.1. @module */
import {
  add,
  type Element,
  element,
  elementOf,
  fromBytes,
  integerOf,
  invert,
  multiply,
  PRIME,
  power252,
  square,
  subtract,
  toBytes,
  toInteger,
} from './field25519.ts';

/** In extended coordinates: x = X/Z, y = Y/Z, xy = T/Z. */
export interface Point {
  readonly x: Element;
  readonly y: Element;
  readonly z: Element;
  readonly t: Element;
}

/** A point as it is best added to others. */
interface Summand {
  readonly yPlusX: Element;
  readonly yMinusX: Element;
  readonly z2: Element;
  readonly t2d: Element;
}

/** The order of the base point. */
export const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const ONE = elementOf(1n);
/** -121665/121666 */
const D = product(elementOf(PRIME - 121665n), invert(elementOf(121666n)));
const D2 = elementOf((2n * toInteger(D)) % PRIME);
/** 2^((p-1)/4), where (p-1)/4 = 2 (2^252-3) + 1. */
const ROOT_OF_MINUS_1 = product(squared(power252(elementOf(2n))), elementOf(2n));
/** The point with y = 4/5 and even x. */
const BASE = decodePoint(toBytes(product(elementOf(4n), invert(elementOf(5n)))))!;

/** A scalar goes in 64 digits from -8 to 8. */
const WINDOWS = 64;
const LARGEST = 8;

function product(a: Element, b: Element): Element {
  const out = element();
  multiply(out, a, b);
  return out;
}

function squared(a: Element): Element {
  const out = element();
  square(out, a);
  return out;
}

function sum(a: Element, b: Element): Element {
  const out = element();
  add(out, a, b);
  return out;
}

function difference(a: Element, b: Element): Element {
  const out = element();
  subtract(out, a, b);
  return out;
}

/** Undefined where the bytes are no point of the curve (RFC 8032 §5.1.3). */
export function decodePoint(bytes: Uint8Array): Point | undefined {
  const y = fromBytes(bytes);
  const isOdd = bytes[31]! >> 7 === 1;
  if (bytes.length !== 32 || (integerOf(bytes) & (2n ** 255n - 1n)) >= PRIME) return undefined;
  const x = rootOf(difference(squared(y), ONE), sum(product(D, squared(y)), ONE));
  const value = x && toInteger(x);
  if (!x || (value === 0n && isOdd)) return undefined;
  if (((value! & 1n) === 1n) !== isOdd) subtract(x, element(), x);
  return { x, y, z: ONE, t: product(x, y) };
}

/** The square root of u/v, if there is one. */
function rootOf(u: Element, v: Element): Element | undefined {
  const v3 = product(squared(v), v);
  const x = product(product(u, v3), power252(product(u, product(squared(v3), v))));
  const shown = toInteger(product(v, squared(x)));
  const wanted = toInteger(u);
  if (shown === wanted) return x;
  return shown === (PRIME - wanted) % PRIME ? product(x, ROOT_OF_MINUS_1) : undefined;
}

export function encodePoint({ x, y, z }: Point): Uint8Array {
  const inverse = invert(z);
  const bytes = toBytes(product(y, inverse));
  if (toInteger(product(x, inverse)) & 1n) bytes[31]! |= 0x80;
  return bytes;
}

export function negate({ x, y, z, t }: Point): Point {
  return { x: difference(element(), x), y, z, t: difference(element(), t) };
}

export function sumOf(p: Point, q: Point): Point {
  const out = zero();
  addTo(out, p, summand(q), false);
  return out;
}

/** `scalar`: 32 bytes, little-endian, below 2^255. */
export function multiplyPoint(point: Point, scalar: Uint8Array): Point {
  const multiples = multiplesOf(point);
  const digits = digitsOf(scalar);
  const out = zero();
  for (let window = WINDOWS - 1; window >= 0; window--) {
    for (let bit = 0; bit < 4 && window < WINDOWS - 1; bit++) double(out, out, bit === 3);
    addDigit(out, multiples, digits[window]!);
  }
  return out;
}

let baseMultiples: readonly (readonly Summand[])[] | undefined;

/** The same of the base point: the multiples of all its windows are worked out once. */
export function multiplyBase(scalar: Uint8Array): Point {
  baseMultiples ??= allMultiples(BASE);
  const digits = digitsOf(scalar);
  const out = zero();
  for (let window = 0; window < WINDOWS; window++) addDigit(out, baseMultiples[window]!, digits[window]!);
  return out;
}

function allMultiples(point: Point): readonly (readonly Summand[])[] {
  const unit = { x: point.x.slice(), y: point.y.slice(), z: point.z.slice(), t: point.t.slice() };
  return Array.from({ length: WINDOWS }, () => {
    const multiples = multiplesOf(unit);
    for (let bit = 0; bit < 4; bit++) double(unit, unit, true);
    return multiples;
  });
}

/** Once to eight times the point. */
function multiplesOf(point: Point): readonly Summand[] {
  const once = summand(point);
  const multiples = [once];
  const out = zero();
  addTo(out, out, once, false);
  while (multiples.length < LARGEST) {
    addTo(out, out, once, false);
    multiples.push(summand(out));
  }
  return multiples;
}

function digitsOf(scalar: Uint8Array): Int8Array {
  const digits = new Int8Array(WINDOWS);
  let carry = 0;
  for (let window = 0; window < WINDOWS; window++) {
    const digit = ((scalar[window >> 1]! >> ((window & 1) * 4)) & 15) + carry;
    carry = digit > LARGEST ? 1 : 0;
    digits[window] = digit - 16 * carry;
  }
  return digits;
}

function addDigit(out: Point, multiples: readonly Summand[], digit: number): void {
  if (digit !== 0) addTo(out, out, multiples[Math.abs(digit) - 1]!, digit < 0);
}

function zero(): Point {
  return { x: element(), y: ONE.slice(), z: ONE.slice(), t: element() };
}

function summand({ x, y, z, t }: Point): Summand {
  return { yPlusX: sum(y, x), yMinusX: difference(y, x), z2: sum(z, z), t2d: product(t, D2) };
}

const [a, b, c, d] = [element(), element(), element(), element()];
const [e, f, g, h] = [element(), element(), element(), element()];

/** p + q, or p - q; the names are those of RFC 8032 §5.1.4. */
function addTo(out: Point, p: Point, q: Summand, isMinus: boolean): void {
  subtract(a, p.y, p.x);
  multiply(a, a, isMinus ? q.yPlusX : q.yMinusX);
  add(b, p.y, p.x);
  multiply(b, b, isMinus ? q.yMinusX : q.yPlusX);
  multiply(c, p.t, q.t2d);
  multiply(d, p.z, q.z2);
  subtract(e, b, a);
  subtract(isMinus ? g : f, d, c);
  add(isMinus ? f : g, d, c);
  add(h, b, a);
  multiply(out.x, e, f);
  multiply(out.y, g, h);
  multiply(out.z, f, g);
  multiply(out.t, e, h);
}

/** T is left as it was where it is not wanted: doubling does not look at it, addition does. */
function double(out: Point, p: Point, wantsT: boolean): void {
  square(a, p.x);
  square(b, p.y);
  square(c, p.z);
  add(c, c, c);
  add(h, a, b);
  add(e, p.x, p.y);
  square(e, e);
  subtract(e, h, e);
  subtract(g, a, b);
  add(f, c, g);
  multiply(out.x, e, f);
  multiply(out.y, g, h);
  multiply(out.z, f, g);
  if (wantsT) multiply(out.t, e, h);
}
