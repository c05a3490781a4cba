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

export interface TitleParts {
  readonly name: string;
  /** Empty where there are none. */
  readonly numbers: string;
}

/** The same in two: what the packet is, and the numbers by which routers and ends tell it from others. */
export const partsOf: (bytes: Uint8Array) => TitleParts = once((bytes: Uint8Array) => {
  const [first = '', carried] = titleOf(bytes).split(' · ');
  if (carried === undefined) return split(first);
  const { name, numbers } = split(carried);
  return { name, numbers: numbers ? `${first}, ${numbers}` : first };
});

/** Where a name ends: at a comma that numbers follow, at what a number is called, at a parenthesis of words. */
const NUMBERS = /^(.+?)(?:, (?=[^,]*\d)| (?=(?:SPI|session|tunnel|Call ID) )| \((?=[A-Z]))(.*?)\)?$/;

function split(title: string): TitleParts {
  const [, name = title, numbers = ''] = NUMBERS.exec(title) ?? [];
  return { name, numbers };
}

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
  chap: (summary) => summary.replace(/ \(NAME='(.*)'\)$/, ' of $1').replace(/ \(MESSAGE=.*$/, ''),
  isakmp: (summary) => summary.replace(/ MID=\S+/, ''),
  l2tp: (summary) =>
    summary
      .replace(/^Data Message \(tunnel id=(\d+), session id=(\d+)\)/, 'tunnel $1, session $2')
      .replace(/^Control Message - (\S+) \(tunnel id=(\d+), session id=(\d+)\)/, '$1, tunnel $2, session $3')
      .replace(/(, tunnel 0)?, session 0$/, '')
      .replace(/^(Control|Data) Message.*/, ofVersion3),
  'l2tpv3-ip': ofVersion3,
  'openvpn-udp': withCommas,
  'openvpn-tcp': withCommas,
  wireguard: (summary) => summary.replace(/, datalen=\d+/, '').replace(/\b(sender|receiver|counter)=/g, '$1 '),
  tls: (summary) => summary.replace(/Application Data(, Application Data)+/, timesOf),
};

function withCommas(summary: string): string {
  return summary.replace(/ (message|acknowledges) (?=\d)/g, ', $1 ');
}

function ofVersion3(summary: string): string {
  return summary
    .replace(/^Data Message \(session id=(\S+)\)/, 'session $1')
    .replace(/^Control Message - (\S+) \(control connection id=(\S+)\)/, '$1, connection $2')
    .replace(/, connection 0x0+$/, '');
}

/** "Application Data ×3" */
function timesOf(many: string): string {
  return `Application Data ×${many.split(', ').length}`;
}
