/**
 * The packet format that LCP and the network control protocols share, RFC 1661 §5 and §6.
 *
 *     |0 code |1 identifier |2 length |4 options, or data by code …
 *     option: |0 type |1 length |2 data …
 *
 * Each protocol declares its options (`OptionSpec`); what is not declared, or has an odd length, is kept as bytes.
 * @module
 */
import { concat, putU16, u16, u32 } from '../lib/bytes.ts';
import { encodeFields, type FieldSpec, parseFields, type RecordOf, widthOf } from './field-spec.ts';
import { badField, ok, type Parsed, truncated } from './result.ts';

export const HEADER_LEN = 4;

export interface OptionSpec {
  readonly type: number;
  readonly title: string;
  readonly fields: readonly FieldSpec[];
}

/** One option list: specs by kind. Two kinds may share a type where their lengths differ. */
export type OptionTable = Readonly<Record<string, OptionSpec>>;

export interface OtherOption {
  readonly kind: 'other';
  readonly type: number;
  readonly data: Uint8Array;
}

export type OptionOf<Table extends OptionTable> =
  | { [K in keyof Table & string]: { readonly kind: K } & RecordOf<Table[K]['fields']> }[keyof Table & string]
  | OtherOption;

/** Codes 1 … 15 by name; which of them a protocol uses is its own affair. */
export const CODES = {
  'configure-request': 1,
  'configure-ack': 2,
  'configure-nak': 3,
  'configure-reject': 4,
  'terminate-request': 5,
  'terminate-ack': 6,
  'code-reject': 7,
  'protocol-reject': 8,
  'echo-request': 9,
  'echo-reply': 10,
  'discard-request': 11,
  identification: 12,
  'time-remaining': 13,
  'reset-request': 14,
  'reset-ack': 15,
} as const;

type Kind = keyof typeof CODES;
type ConfigureKind = 'configure-request' | 'configure-ack' | 'configure-nak' | 'configure-reject';
type MagicKind = 'echo-request' | 'echo-reply' | 'discard-request' | 'identification' | 'time-remaining';
type DataKind = 'terminate-request' | 'terminate-ack' | 'code-reject' | 'reset-request' | 'reset-ack';

export type Packet<Option> =
  | { readonly kind: ConfigureKind; readonly identifier: number; readonly options: readonly Option[] }
  | { readonly kind: MagicKind; readonly identifier: number; readonly magic: number; readonly data: Uint8Array }
  | {
      readonly kind: 'protocol-reject';
      readonly identifier: number;
      readonly protocol: number;
      readonly data: Uint8Array;
    }
  | { readonly kind: DataKind; readonly identifier: number; readonly data: Uint8Array }
  | { readonly kind: 'other'; readonly code: number; readonly identifier: number; readonly data: Uint8Array };

const KINDS: readonly (Kind | undefined)[] = [undefined, ...(Object.keys(CODES) as Kind[])];

export const kindOf = (code: number): Kind | undefined => KINDS[code];

/** Bytes past the length are padding and left out (RFC 1661 §5). */
export function parsePacket<Table extends OptionTable>(
  bytes: Uint8Array,
  table: Table,
): Parsed<Packet<OptionOf<Table>>> {
  if (bytes.length < HEADER_LEN) return truncated('ppp', HEADER_LEN, bytes.length);
  const length = u16(bytes, 2);
  if (length < HEADER_LEN) return badField('ppp', 'length', length);
  if (length > bytes.length) return truncated('ppp', length, bytes.length);
  const code = bytes[0]!;
  const identifier = bytes[1]!;
  const data = bytes.subarray(HEADER_LEN, length);
  const kind = kindOf(code);
  switch (kind) {
    case undefined:
      return ok({ kind: 'other', code, identifier, data });
    case 'configure-request':
    case 'configure-ack':
    case 'configure-nak':
    case 'configure-reject': {
      const options = parseOptions(data, table);
      return options.ok ? ok({ kind, identifier, options: options.value }) : options;
    }
    case 'protocol-reject':
      if (data.length < 2) return truncated('ppp', 6, bytes.length);
      return ok({ kind, identifier, protocol: u16(data, 0), data: data.subarray(2) });
    case 'echo-request':
    case 'echo-reply':
    case 'discard-request':
    case 'identification':
    case 'time-remaining':
      if (data.length < 4) return truncated('ppp', 8, bytes.length);
      return ok({ kind, identifier, magic: u32(data, 0), data: data.subarray(4) });
    default:
      return ok({ kind, identifier, data });
  }
}

export function encodePacket<Table extends OptionTable>(packet: Packet<OptionOf<Table>>, table: Table): Uint8Array {
  const body = bodyOf(packet, table);
  const bytes = new Uint8Array(HEADER_LEN + body.length);
  bytes[0] = packet.kind === 'other' ? packet.code : CODES[packet.kind];
  bytes[1] = packet.identifier;
  putU16(bytes, 2, bytes.length);
  bytes.set(body, HEADER_LEN);
  return bytes;
}

function bodyOf<Table extends OptionTable>(packet: Packet<OptionOf<Table>>, table: Table): Uint8Array {
  if ('options' in packet) return concat(...packet.options.map((option) => encodeOption(option, table)));
  if ('magic' in packet) {
    const { magic } = packet;
    return concat(Uint8Array.of(magic >>> 24, magic >>> 16, magic >>> 8, magic), packet.data);
  }
  if ('protocol' in packet) return concat(Uint8Array.of(packet.protocol >>> 8, packet.protocol), packet.data);
  return packet.data;
}

function parseOptions<Table extends OptionTable>(bytes: Uint8Array, table: Table): Parsed<readonly OptionOf<Table>[]> {
  const options: OptionOf<Table>[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at + 1] ?? 0;
    if (length < 2 || at + length > bytes.length) return badField('ppp', 'option length', length);
    options.push(parseOption(bytes[at]!, bytes.subarray(at + 2, at + length), table));
    at += length;
  }
  return ok(options);
}

function parseOption<Table extends OptionTable>(type: number, data: Uint8Array, table: Table): OptionOf<Table> {
  const kind = findOption(table, type, data.length);
  if (kind === undefined) return { kind: 'other', type, data };
  return { kind, ...parseFields(table[kind]!.fields, data, 0, data.length) } as OptionOf<Table>;
}

export function encodeOption<Table extends OptionTable>(option: OptionOf<Table>, table: Table): Uint8Array {
  if (isOther(option)) return concat(Uint8Array.of(option.type, option.data.length + 2), option.data);
  const spec = table[option.kind]!;
  const data = encodeFields(spec.fields, option);
  return concat(Uint8Array.of(spec.type, data.length + 2), data);
}

function isOther(option: { readonly kind: string }): option is OtherOption {
  return option.kind === 'other';
}

/** The kind with that type whose fields fill `length` bytes of data. */
export function findOption<Table extends OptionTable>(
  table: Table,
  type: number,
  length: number,
): (keyof Table & string) | undefined {
  for (const kind in table) {
    const { type: ofKind, fields } = table[kind]!;
    if (ofKind !== type) continue;
    const width = widthOf(fields);
    if (length === width || (length > width && fields.at(-1)?.type === 'rest')) return kind;
  }
  return undefined;
}
