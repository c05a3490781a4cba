/** Which bytes belong to a field, which bytes a checksum or an integrity value is made of, and which are encrypted. @module */
import { GUARDS } from '../../explain/guards.ts';
import type { Field, Layer } from '../../wire/layer.ts';
import type { FieldRow, LayerRows } from './compare.ts';

export type Side = 'before' | 'after';

/** Half-open: from, to. */
export type Span = readonly [number, number];

export function spanOf(row: FieldRow | undefined, side: Side): Span | undefined {
  const field = row?.[side];
  return field && [field.offset, field.offset + field.length];
}

/** The row whose field is the smallest around this byte. */
export function rowAt(layers: readonly LayerRows[], side: Side, at: number): FieldRow | undefined {
  let best: FieldRow | undefined;
  for (const { rows } of layers)
    for (const row of rows) {
      const field = row[side];
      if (!field || at < field.offset || at >= field.offset + field.length) continue;
      if (!best || field.length < best[side]!.length || (field.length === best[side]!.length && !field.mask))
        best = row;
    }
  return best;
}

export function rowById(layers: readonly LayerRows[], id: string | undefined): FieldRow | undefined {
  if (id === undefined) return undefined;
  for (const { rows } of layers) for (const row of rows) if (row.id === id) return row;
  return undefined;
}

/** The bytes that a checksum or integrity field is computed over; nothing for any other field. */
export function coveredBy(layers: readonly LayerRows[], row: FieldRow | undefined, side: Side): readonly Span[] {
  if (row?.key === 'ah.icv') return coveredByAh(layers, row, side);
  if (!row || !/checksum$/.test(row.key)) return [];
  const place = layers.findIndex((layer) => layer.rows.includes(row));
  const layer = layers[place]?.[side];
  if (!layer) return [];
  if (row.key === 'ip.checksum') return [[layer.offset, layer.offset + layer.length]];
  const end = endOf(layers, side);
  const pseudo = row.key === 'icmp.checksum' || row.key === 'gre.checksum' ? [] : pseudoHeader(layers, place, side);
  return [...pseudo, [layer.offset, end]];
}

/**
 * AH covers all that does not change on an honest way: the IP header without type of service, flags, fragment offset,
 * time to live and checksum, then its own header without the ICV, then the rest (RFC 4302 §3.3.3.1).
 */
function coveredByAh(layers: readonly LayerRows[], row: FieldRow, side: Side): readonly Span[] {
  const place = layers.findIndex((layer) => layer.rows.includes(row));
  const ip = layers.slice(0, place).findLast((layer) => layer[side]?.protocol === 'ipv4')?.[side];
  const icv = spanOf(row, side);
  const ah = layers[place]?.[side];
  if (!ip || !icv || !ah) return [];
  const at = ip.offset;
  const header: readonly Span[] = [
    [at, at + 1],
    [at + 2, at + 6],
    [at + 9, at + 10],
    [at + 12, at + 20],
  ];
  return [...header, [ah.offset, icv[0]], [icv[1], endOf(layers, side)]];
}

/** What guards bytes against change or against eyes, as one can point at it. */
export interface Guard {
  readonly id: string;
  /** "TCP checksum", "AH ICV", "Encrypted" */
  readonly name: string;
  /** Of what is underlined. */
  readonly says: string;
  readonly before: readonly Span[];
  readonly after: readonly Span[];
}

export function guardsOf(layers: readonly LayerRows[]): readonly Guard[] {
  return layers.flatMap((layer) => [...sums(layers, layer), ...seals(layers, layer)]);
}

function sums(layers: readonly LayerRows[], layer: LayerRows): readonly Guard[] {
  return layer.rows
    .filter(({ key, depth }) => key === 'ah.icv' || (depth === 0 && key.endsWith('checksum')))
    .map((row) => ({
      id: row.id,
      name: row.key === 'ah.icv' ? 'AH ICV' : `${layer.label} checksum`,
      says: row.key === 'ah.icv' ? GUARDS.ah : GUARDS.checksum,
      before: coveredBy(layers, row, 'before'),
      after: coveredBy(layers, row, 'after'),
    }))
    .filter(({ before, after }) => before.length + after.length > 0);
}

/** ESP's own integrity value lies somewhere in what is encrypted; where it begins, only the two ends know. */
function seals(layers: readonly LayerRows[], layer: LayerRows): readonly Guard[] {
  const { id, before, after } = layer;
  const within = (side: Side): readonly Span[] => {
    const found = layer[side];
    return found ? [[found.offset, endOf(layers, side)]] : [];
  };
  if ((before ?? after)?.protocol === 'esp')
    return [
      {
        id: `${id}.icv`,
        name: 'ESP ICV',
        says: GUARDS.esp,
        before: within('before'),
        after: within('after'),
      },
    ];
  const sealed = (side: Side): readonly Span[] => (isSealed(layer[side]) ? within(side) : []);
  const [left, right] = [sealed('before'), sealed('after')];
  if (left.length + right.length === 0) return [];
  return [{ id: `${id}.sealed`, name: 'Encryption', says: GUARDS.sealed, before: left, after: right }];
}

/** Whole, and readable only with keys. */
export function isSealed(layer: Layer | undefined): boolean {
  return layer?.kind === 'opaque' && (layer.why?.startsWith('encrypted') ?? false);
}

/** TCP and UDP also sum the addresses and the protocol number of the IP header before them (RFC 793 §3.1, RFC 768). */
function pseudoHeader(layers: readonly LayerRows[], before: number, side: Side): readonly Span[] {
  const ip = layers.slice(0, before).findLast((layer) => layer[side]?.protocol === 'ipv4')?.[side];
  if (!ip) return [];
  return ['ip.proto', 'ip.src', 'ip.dst'].flatMap((key) => {
    const field = fieldOf(ip, key);
    return field ? [[field.offset, field.offset + field.length] as const] : [];
  });
}

function fieldOf(layer: Layer, key: string): Field | undefined {
  return layer.fields.find((field) => field.key === key);
}

function endOf(layers: readonly LayerRows[], side: Side): number {
  const last = layers.findLast((layer) => layer[side] && layer[side].protocol !== 'padding')?.[side];
  return last ? last.offset + last.length : 0;
}
