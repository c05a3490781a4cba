/** One short line that names a packet, and names for the nodes it travels between. @module */
import type { Layer } from '../../wire/layer.ts';
import { lookOf } from '../design/families.ts';
import { once } from './once.ts';
import { look } from './packet.ts';

/** "TCP SYN, 40000 → 1723", "PPTP Outgoing-Call-Request, Call ID 7", "GRE Call ID 7 · LCP Configuration Request". */
export const titleOf: (bytes: Uint8Array) => string = once((bytes: Uint8Array) => {
  const layers = look(bytes).layers.filter((layer) => layer.protocol !== 'padding');
  const tunnel = layers.findIndex((layer) => TUNNELS.has(layer.protocol));
  const top = topOf(layers.slice(tunnel + 1)) ?? topOf(layers);
  if (!top) return 'Empty packet';
  if (tunnel < 0 || top === layers[tunnel]) return said(top);
  return `${said(layers[tunnel]!)} · ${said(top)}`;
});

/** Headers that carry a whole conversation of their own: both they and what they carry are worth naming. */
const TUNNELS: ReadonlySet<string> = new Set(['gre', 'l2tp', 'l2tpv3-ip']);

function topOf(layers: readonly Layer[]): Layer | undefined {
  return layers.findLast((layer) => layer.kind === 'decoded') ?? layers.at(-1);
}

function said(layer: Layer): string {
  const { label } = lookOf(layer.protocol);
  const summary = (shorter[layer.protocol] ?? ((whole: string) => whole))(layer.summary)
    .replace(/,? ?\b(Seq|Ack|Win|Len)=\S+/g, '')
    .replaceAll('Call ID=', 'Call ID ')
    .replace(/,\s*$/, '')
    .trim();
  return summary.startsWith(label) || summary.startsWith('IKE_') ? summary : `${label} ${summary}`;
}

const withoutOptions = (summary: string) => summary.replace(/, id (0x)?[0-9a-f]+\b.*$/, '');
const withoutMarks = (summary: string) => summary.replace(/^\S+ \(SPI=(\S+)\)/, 'SPI $1');

/** Sequence numbers, options and windows belong in the field tree, not in a name. */
const shorter: Readonly<Record<string, (summary: string) => string>> = {
  tcp: (summary) => summary.replace(/^(.*?) \[(.*?)\].*$/, '$2, $1'),
  icmp: (summary) => summary.replace(/ id=0x[0-9a-f]+, seq=(\d+)/, ', seq $1'),
  lcp: withoutOptions,
  ipcp: withoutOptions,
  ccp: withoutOptions,
  esp: withoutMarks,
  ah: withoutMarks,
  isakmp: (summary) => summary.replace(/ MID=\S+/, ''),
  l2tp: (summary) =>
    summary
      .replace(/^Control Message - (\S+) \(.*$/, '$1')
      .replace(/^Data Message \(tunnel id=\d+, session id=(\d+)\)/, 'session $1'),
  'l2tpv3-ip': (summary) => summary.replace(/^Data Message \(session id=(\S+)\)/, 'session $1'),
};
