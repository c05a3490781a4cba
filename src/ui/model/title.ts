/** One short line that names a packet, and names for the nodes it travels between. @module */
import type { Layer } from '../../wire/layer.ts';
import { lookOf } from '../design/families.ts';
import { once } from './once.ts';
import { look } from './packet.ts';

/** "TCP SYN, 40000 → 1723", "PPTP Outgoing-Call-Request, Call ID 7", "GRE Call ID 7 · LCP Configure-Request". */
export const titleOf: (bytes: Uint8Array) => string = once((bytes: Uint8Array) => {
  const layers = look(bytes).layers.filter((layer) => layer.protocol !== 'padding');
  const tunnel = layers.findIndex((layer) => TUNNELS.has(layer.protocol));
  const top = topOf(layers.slice(tunnel + 1)) ?? topOf(layers);
  if (!top) return 'Empty packet';
  if (tunnel < 0 || top === layers[tunnel]) return said(top);
  return `${said(layers[tunnel]!)} · ${said(top)}`;
});

/** Headers that carry a whole conversation of their own: both they and what they carry are worth naming. */
const TUNNELS: ReadonlySet<string> = new Set(['gre', 'l2tp', 'l2tpv3']);

function topOf(layers: readonly Layer[]): Layer | undefined {
  return layers.findLast((layer) => layer.kind === 'decoded') ?? layers.at(-1);
}

function said(layer: Layer): string {
  const { label } = lookOf(layer.protocol);
  const summary = shorten(layer);
  return summary.startsWith(label) ? summary : `${label} ${summary}`;
}

/** Sequence numbers and windows belong in the field tree, not in a name. */
function shorten(layer: Layer): string {
  if (layer.protocol === 'tcp') {
    const found = /^(.*?) \[(.*?)\]/.exec(layer.summary);
    return found ? `${found[2]}, ${found[1]}` : layer.summary;
  }
  return layer.summary
    .replace(/,? ?\b(Seq|Ack|Win|Len)=\S+/g, '')
    .replace(/ id=0x[0-9a-f]+, seq=(\d+)/, ', seq $1')
    .replace(/,? id (0x)?[0-9a-f]+\b.*$/, '')
    .replaceAll('Call ID=', 'Call ID ')
    .replace(/,\s*$/, '')
    .trim();
}
