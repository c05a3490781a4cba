/** Which bytes belong to a field, and which bytes a checksum is made of. @module */
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

/** The bytes that a checksum field is computed over; nothing for any other field. */
export function coveredBy(layers: readonly LayerRows[], row: FieldRow | undefined, side: Side): readonly Span[] {
  if (!row || !/checksum$/.test(row.key)) return [];
  const place = layers.findIndex((layer) => layer.rows.includes(row));
  const layer = layers[place]?.[side];
  if (!layer) return [];
  if (row.key === 'ip.checksum') return [[layer.offset, layer.offset + layer.length]];
  const end = endOf(layers, side);
  const pseudo = row.key === 'icmp.checksum' || row.key === 'gre.checksum' ? [] : pseudoHeader(layers, place, side);
  return [...pseudo, [layer.offset, end]];
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
