/**
 * Takes any bytes apart, outside in. Always answers; never throws, never loops.
 * Each protocol is one line in the registry of its folder neighbour `protocols.ts`.
 * @module
 */
import { type Context, type Layer, LayerReader, type Next, readLayer } from './layer.ts';
import { dissectors } from './protocols.ts';

/** Deeper than any honest packet; a nest of tunnels past it ends in an opaque layer. */
const MAX_LAYERS = 24;

export interface Dissection {
  readonly bytes: Uint8Array;
  /** Outermost first. */
  readonly layers: readonly Layer[];
}

/** `first` names the outermost layer: 'ipv4', 'ethernet', 'raw-ip', 'null', 'sll', 'sll2', 'ipv6', … */
export function dissect(bytes: Uint8Array, first = 'ipv4'): Dissection {
  const layers: Layer[] = [];
  walk({ protocol: first, offset: 0, end: bytes.length }, { bytes, depth: 0 }, layers);
  return { bytes, layers };
}

/** Appends the layers found at `next`, and all inside it, to `into`. */
function walk(next: Next, context: Context, into: Layer[]): void {
  const pending: { readonly next: Next; readonly context: Context }[] = [{ next, context }];
  for (let item = pending.shift(); item; item = pending.shift()) {
    if (item.next.offset >= item.next.end) continue;
    const inner: Context = { ...item.context, ...item.next.context, depth: item.context.depth + 1 };
    const reader = new LayerReader(inner.bytes, item.next.offset, item.next.end, item.next.protocol);
    const dissector = into.length < MAX_LAYERS ? dissectors[item.next.protocol] : undefined;
    if (!dissector) {
      into.push(opaque(reader, into.length < MAX_LAYERS ? 'no dissector for this protocol' : 'too many layers'));
      continue;
    }
    const { layer, next: following } = readLayer(dissector, reader, inner);
    const quotation = following.find((each) => each.quoted);
    into.push(quotation ? { ...layer, quoted: quotedLayers(quotation, inner) } : layer);
    pending.unshift(...following.filter((each) => !each.quoted).map((each) => ({ next: each, context: inner })));
  }
}

function quotedLayers(next: Next, context: Context): readonly Layer[] {
  const layers: Layer[] = [];
  if (context.depth < MAX_LAYERS) walk({ ...next, quoted: false }, { ...context, quotation: true }, layers);
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
