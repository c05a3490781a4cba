/**
 * Takes any bytes apart, outside in. Always answers; never throws, never loops.
 * Each protocol is one line in the registry of its folder neighbour `protocols.ts`.
 * @module
 */
import type { Layer } from './layer.ts';
import {
  type Context,
  type Dissector,
  type FieldBudget,
  LayerReader,
  MAX_FIELDS,
  type Next,
  readLayer,
} from './layer-reader.ts';
import { dissectors } from './protocols.ts';

/** Deeper than any honest packet; a nest of tunnels past it ends in an opaque layer. */
const MAX_LAYERS = 32;

export interface Dissection {
  readonly bytes: Uint8Array;
  /** Outermost first. */
  readonly layers: readonly Layer[];
}

interface Pending {
  readonly next: Next;
  readonly context: Context;
}

/** A map, since the name of the first layer may come from anywhere, "constructor" included. */
const DISSECTORS: ReadonlyMap<string, Dissector> = new Map(Object.entries(dissectors));

/** What is left for one packet, quotations included: no input makes more objects than this allows. */
interface Budget {
  readonly fields: FieldBudget;
  layers: number;
}

/**
 * `first` names the outermost layer: 'ipv4', 'ethernet', 'raw-ip', 'null', 'sll', 'sll2', 'ipv6', …
 * `lengthOnWire` is how long the packet was where it was captured, if a snap length may have cut it.
 */
export function dissect(bytes: Uint8Array, first = 'ipv4', lengthOnWire = bytes.length): Dissection {
  const layers: Layer[] = [];
  const partial =
    lengthOnWire > bytes.length ? `the capture keeps ${bytes.length} of ${lengthOnWire} bytes` : undefined;
  const protocol = first === 'raw-ip' ? ipOfVersion(bytes) : first;
  const budget = { fields: { left: MAX_FIELDS }, layers: MAX_LAYERS };
  walk({ protocol, offset: 0, end: bytes.length }, { bytes, partial }, layers, budget);
  return { bytes, layers };
}

/** Raw IP has no header of its own: the first four bits tell which IP it is. */
function ipOfVersion(bytes: Uint8Array): string {
  return bytes[0]! >>> 4 === 6 ? 'ipv6' : 'ipv4';
}

/** Appends the layers found at `first`, and all inside it, to `into`. */
function walk(first: Next, outer: Context, into: Layer[], budget: Budget): void {
  const pending: Pending[] = [{ next: first, context: outer }];
  for (let item = pending.pop(); item; item = pending.pop()) {
    const { next } = item;
    if (next.offset >= next.end) continue;
    const context = next.context ? within(item.context, next.context) : item.context;
    const reader = new LayerReader(context.bytes, next.offset, next.end, next.protocol, budget.fields);
    reader.partial = context.partial;
    const dissector = DISSECTORS.get(next.protocol);
    if (--budget.layers < 0) {
      into.push(opaque(reader, 'too many layers'));
      return;
    }
    if (!dissector) {
      into.push(opaque(reader, 'no dissector for this protocol'));
      continue;
    }
    const { layer, next: following } = readLayer(dissector, reader, context);
    const quotation = following[0]?.quoted ? following[0] : undefined;
    into.push(quotation ? { ...layer, quoted: quotedLayers(quotation, context, budget) } : layer);
    for (let i = following.length - 1; i >= (quotation ? 1 : 0); i--) pending.push({ next: following[i]!, context });
  }
}

/** `{ ...outer, ...own }`, written out because it runs for every header of every packet and that form is slow. */
function within(outer: Context, own: Partial<Context>): Context {
  return {
    bytes: own.bytes ?? outer.bytes,
    source: 'source' in own ? own.source : outer.source,
    destination: 'destination' in own ? own.destination : outer.destination,
    addressSum: 'addressSum' in own ? own.addressSum : outer.addressSum,
    sourcePort: 'sourcePort' in own ? own.sourcePort : outer.sourcePort,
    destinationPort: 'destinationPort' in own ? own.destinationPort : outer.destinationPort,
    quotation: 'quotation' in own ? own.quotation : outer.quotation,
    partial: 'partial' in own ? own.partial : outer.partial,
  };
}

function quotedLayers(next: Next, context: Context, budget: Budget): readonly Layer[] {
  const layers: Layer[] = [];
  walk({ ...next, quoted: false }, { ...context, quotation: true }, layers, budget);
  return layers;
}

function opaque(reader: LayerReader, why: string): Layer {
  const length = reader.end - reader.start;
  return {
    kind: 'opaque',
    protocol: 'data',
    name: 'Data',
    offset: reader.start,
    length,
    summary: `${length} bytes`,
    fields: [],
    why,
  };
}
