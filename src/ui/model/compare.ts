/** The two sides of a packet next to each other: which fields and which bytes the router changed. @module */
import { equal } from '../../lib/bytes.ts';
import type { Field, Layer } from '../../wire/layer.ts';
import { type Look, looksOf } from '../design/families.ts';
import { look } from './packet.ts';

export interface FieldRow {
  /** Unique in the comparison: the layer's place and the field's place in it. */
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly depth: number;
  readonly before: Field | undefined;
  readonly after: Field | undefined;
  readonly changed: boolean;
}

export interface LayerRows extends Look {
  readonly id: string;
  readonly name: string;
  readonly before: Layer | undefined;
  readonly after: Layer | undefined;
  readonly rows: readonly FieldRow[];
  readonly changed: number;
}

/** Layers and fields of both sides, paired by place. Without `after` it lists the one side there is. */
export function compare(before: Uint8Array, after?: Uint8Array): readonly LayerRows[] {
  const left = look(before).layers;
  const right = after ? look(after).layers : [];
  const longer = left.length >= right.length ? left : right;
  return looksOf(longer).map((each, i) => compareLayer(String(i), each, left[i], right[i], after !== undefined));
}

function compareLayer(
  id: string,
  looks: Look,
  before: Layer | undefined,
  after: Layer | undefined,
  both: boolean,
): LayerRows {
  const layer = (before ?? after)!;
  const rows: FieldRow[] = [];
  pair(id, 0, before?.fields ?? [], after?.fields ?? [], both, rows);
  pairQuoted(id, before?.quoted ?? [], after?.quoted ?? [], both, rows);
  const changed = rows.filter((row) => row.changed && !row.before?.children?.length).length;
  return { id, name: layer.name, ...looks, before, after, rows, changed };
}

/** A quoted packet's fields follow those of the error that quotes it, one level deeper. */
function pairQuoted(id: string, left: readonly Layer[], right: readonly Layer[], both: boolean, into: FieldRow[]) {
  for (let i = 0; i < Math.max(left.length, right.length); i++)
    pair(`${id}.q${i}`, 1, left[i]?.fields ?? [], right[i]?.fields ?? [], both, into);
}

function pair(
  id: string,
  depth: number,
  left: readonly Field[],
  right: readonly Field[],
  both: boolean,
  into: FieldRow[],
): void {
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const before = left[i];
    const after = right[i];
    const field = (before ?? after)!;
    const own = `${id}.${i}`;
    const changed = both && !same(before, after);
    into.push({ id: own, key: field.key, name: field.name, depth, before, after, changed });
    if (before?.children || after?.children)
      pair(own, depth + 1, before?.children ?? [], after?.children ?? [], both, into);
  }
}

function same(a: Field | undefined, b: Field | undefined): boolean {
  if (!a || !b || a.key !== b.key) return false;
  if (a.children?.length || b.children?.length)
    return a.children?.length === b.children?.length && a.children!.every((child, i) => same(child, b.children![i]));
  if (a.value instanceof Uint8Array && b.value instanceof Uint8Array) return equal(a.value, b.value);
  return a.value === b.value;
}

/** Positions at which two packets of equal length differ; of unequal length, everything past the common start. */
export function changedBytes(before: Uint8Array, after: Uint8Array): ReadonlySet<number> {
  const changed = new Set<number>();
  const length = Math.max(before.length, after.length);
  for (let i = 0; i < length; i++) if (before[i] !== after[i]) changed.add(i);
  return changed;
}

/** What is worth a caption on the stage: not the fields that follow from others (checksums) or count hops. */
export function notable(rows: readonly LayerRows[]): readonly FieldRow[] {
  return rows
    .flatMap((layer) => layer.rows)
    .filter((row) => row.changed && row.before && row.after && !row.before.children?.length && !isConsequence(row.key));
}

function isConsequence(key: string): boolean {
  return /(checksum|\.ttl|\.sum|crc)/.test(key);
}

/** What a field is called where there is little room. */
const NAMES: Readonly<Record<string, string>> = {
  'ip.src': 'from',
  'ip.dst': 'to',
  'udp.srcport': 'port',
  'udp.dstport': 'port',
  'tcp.srcport': 'port',
  'tcp.dstport': 'port',
  'icmp.ident': 'id',
};

export function shortNameOf({ key, name }: FieldRow): string {
  return NAMES[key] ?? name;
}
