/**
 * Which dissected packets a display filter fits, as Wireshark 4 judges it: a field that is there several times fits if
 * one of its values does, but for `!=`, which all must differ from; a field that is not there fits nothing.
 * @module
 */
import { fromHex, toHex } from '../lib/bytes.ts';
import { parseIpv4, parsePrefix } from './address.ts';
import {
  type Expression,
  type FilterError,
  type Literal,
  type Named,
  type Relation,
  readExpression,
} from './filter-syntax.ts';
import { eachField, type Field, type Layer } from './layer.ts';
import { dissectors } from './protocols.ts';

export interface DisplayFilter {
  /** The names in it that can only be fields: "ip.addr". */
  readonly fields: readonly string[];
  /** `layers`: of one packet, outermost first. Quoted packets count, as in Wireshark. */
  fits(layers: readonly Layer[]): boolean;
}

export type ReadFilter =
  | { readonly ok: true; readonly value: DisplayFilter }
  | { readonly ok: false; readonly error: FilterError };

/** Wireshark's names, where they are not ours. */
const PROTOCOLS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    comp_data: ['mppe'],
    eth: ['ethernet'],
    ieee8021ad: ['service-vlan'],
    ip: ['ipv4'],
    l2tp: ['l2tp', 'l2tpv3-ip'],
    openvpn: ['openvpn-tcp', 'openvpn-udp', 'openvpn-continuation'],
    pppoes: ['pppoe'],
    pptp: ['pptp', 'pptp-continuation'],
    sll: ['sll', 'sll2'],
    ssl: ['tls', 'tls-continuation'],
    tls: ['tls', 'tls-continuation'],
    udpencap: ['natt'],
    wg: ['wireguard'],
  }),
);

/** Names that stand for several fields. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'eth.addr': ['eth.src', 'eth.dst'],
    'ip.addr': ['ip.src', 'ip.dst'],
    'ipv6.addr': ['ipv6.src', 'ipv6.dst'],
    'sctp.port': ['sctp.srcport', 'sctp.dstport'],
    'tcp.port': ['tcp.srcport', 'tcp.dstport'],
    'udp.port': ['udp.srcport', 'udp.dstport'],
  }),
);

/** A field may be any; a protocol must be one that is known here. */
export function displayFilter(text: string): ReadFilter {
  const read = readExpression(text);
  if (!read.ok) return read;
  const names = namesOf(read.value);
  const unknown = names.find(({ name }) => !isField(name) && !isProtocol(name));
  if (unknown)
    return { ok: false, error: { at: unknown.at, expected: 'a protocol', received: JSON.stringify(unknown.name) } };
  const fields = names.map(({ name }) => name).filter(isField);
  return { ok: true, value: { fields, fits: (layers) => fits(read.value, layers) } };
}

const isField = (name: string): boolean => name.includes('.');

/** Our own names count also where they are not Wireshark's. */
const isProtocol = (name: string): boolean => PROTOCOLS.has(name) || Object.hasOwn(dissectors, name);

function namesOf(expression: Expression): readonly Named[] {
  switch (expression.kind) {
    case 'all':
    case 'any':
      return expression.of.flatMap(namesOf);
    case 'not':
      return namesOf(expression.of);
    default:
      return [expression];
  }
}

function fits(expression: Expression, layers: readonly Layer[]): boolean {
  switch (expression.kind) {
    case 'all':
      return expression.of.every((each) => fits(each, layers));
    case 'any':
      return expression.of.some((each) => fits(each, layers));
    case 'not':
      return !fits(expression.of, layers);
    case 'has':
      return hasProtocol(layers, expression.name) || fieldsOf(layers, expression.name).length > 0;
    case 'relation': {
      const { relation, value } = expression;
      const fields = fieldsOf(layers, expression.name);
      if (relation === 'unequal') return fields.length > 0 && !fields.some((field) => equals(field, value));
      return fields.some((field) => relates(field, relation, value));
    }
    case 'among':
      return fieldsOf(layers, expression.name).some((field) =>
        expression.spans.some(({ from, to }) =>
          to ? relates(field, 'at-least', from) && relates(field, 'at-most', to) : equals(field, from),
        ),
      );
  }
}

function hasProtocol(layers: readonly Layer[], name: string): boolean {
  const ours = PROTOCOLS.get(name) ?? [name];
  return layers.some(({ protocol, quoted }) => ours.includes(protocol) || hasProtocol(quoted ?? [], name));
}

function fieldsOf(layers: readonly Layer[], name: string): readonly Field[] {
  const keys = FIELDS.get(name) ?? [name];
  const found: Field[] = [];
  for (const { fields, quoted } of layers) {
    eachField(fields, (field) => {
      if (keys.includes(field.key)) found.push(field);
    });
    if (quoted) found.push(...fieldsOf(quoted, name));
  }
  return found;
}

function relates(field: Field, relation: Relation, literal: Literal): boolean {
  if (relation === 'equal') return equals(field, literal);
  if (relation === 'contains') return contains(field, literal);
  const order = compare(field, literal);
  switch (relation) {
    case 'above':
      return order === 1;
    case 'below':
      return order === -1;
    case 'at-least':
      return order === 0 || order === 1;
    case 'at-most':
      return order === 0 || order === -1;
    default:
      return false;
  }
}

function equals(field: Field, literal: Literal): boolean {
  const { value, display } = field;
  if (value instanceof Uint8Array && bytesOf(literal) === toHex(value)) return true;
  const network = literal.quoted ? undefined : parsePrefix(literal.text);
  if (network && typeof value === 'number') {
    const mask = network.length === 0 ? 0 : -1 << (32 - network.length);
    return ((value ^ network.address) & mask) === 0;
  }
  return compare(field, literal) === 0 || wordsOf(display) === literal.text.toLowerCase();
}

/** "outgoing-call-request" of "Outgoing-Call-Request (7)" */
function wordsOf(display: string): string {
  return display.replace(/ \([^()]*\)$/, '').toLowerCase();
}

/** How the field's number, or else its text, stands to the value; undefined where they cannot be compared. */
function compare({ value, display }: Field, literal: Literal): -1 | 0 | 1 | undefined {
  const other = literal.quoted ? undefined : numberOf(literal.text);
  if (typeof value === 'string' || value instanceof Uint8Array) {
    const text = typeof value === 'string' ? value : display;
    return literal.quoted || other === undefined ? order<string>(text, literal.text) : undefined;
  }
  if (other === undefined) return undefined;
  return order<number | bigint>(value, other);
}

/** Numbers of either kind may be held against each other. */
function order<T extends number | bigint | string>(a: T, b: T): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** 10, 0x0a, 10.0.0.1, true */
function numberOf(text: string): number | bigint | undefined {
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  if (/^(\d+|0x[\da-f]+)$/i.test(text)) return BigInt(text);
  return parseIpv4(text);
}

/** As hex digits: of "00:1f-a2" and "001fa2", or the characters between quotation marks. */
function bytesOf({ text, quoted }: Literal): string | undefined {
  if (quoted) return toHex(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  const bytes = fromHex(text.replace(/[:.-]/g, ''));
  return bytes && toHex(bytes);
}

function contains({ value, display }: Field, literal: Literal): boolean {
  if (!(value instanceof Uint8Array)) return (typeof value === 'string' ? value : display).includes(literal.text);
  const part = bytesOf(literal);
  if (!part) return false;
  const whole = toHex(value);
  for (let at = whole.indexOf(part); at >= 0; at = whole.indexOf(part, at + 1)) if (at % 2 === 0) return true;
  return false;
}
