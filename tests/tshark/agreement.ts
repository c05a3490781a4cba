/** Compares a packet as we dissect it with what tshark says: protocols, fields by key, byte range and value, checksums. */
import { toHex } from '../../src/lib/bytes.ts';
import { parseIpv4 } from '../../src/wire/address.ts';
import type { Dissection } from '../../src/wire/dissect.ts';
import type { Check, Field, Layer } from '../../src/wire/layer.ts';
import type { TsharkField, TsharkPacket } from './pdml.ts';

export interface Disagreement {
  readonly key: string;
  readonly ours: string;
  readonly theirs: string;
}

/** Ours to Wireshark's. What is not named here (data, fragments, padding, encrypted) is no protocol to compare. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  ah: 'ah',
  arp: 'arp',
  ccp: 'ccp',
  chap: 'chap',
  esp: 'esp',
  ethernet: 'eth',
  gre: 'gre',
  icmp: 'icmp',
  icmpv6: 'icmpv6',
  ipcp: 'ipcp',
  ipv4: 'ip',
  ipv6: 'ipv6',
  ipv6cp: 'ipv6cp',
  isakmp: 'isakmp',
  l2tp: 'l2tp',
  'l2tpv3-ip': 'l2tp',
  lcp: 'lcp',
  mppe: 'comp_data',
  natt: 'udpencap',
  'openvpn-tcp': 'openvpn',
  'openvpn-udp': 'openvpn',
  pap: 'pap',
  ppp: 'ppp',
  pppoe: 'pppoes',
  pptp: 'pptp',
  'pptp-continuation': 'pptp',
  sctp: 'sctp',
  'service-vlan': 'ieee8021ad',
  sll: 'sll',
  sll2: 'sll',
  tcp: 'tcp',
  udp: 'udp',
  udplite: 'udplite',
  vlan: 'vlan',
  wireguard: 'wg',
};
const COMPARED = new Set(Object.values(PROTOCOLS));

/** In the order in which tshark prints them: a quoted packet comes inside its quoter. */
export function allLayers(layers: readonly Layer[]): readonly Layer[] {
  return layers.flatMap((layer) => [layer, ...allLayers(layer.quoted ?? [])]);
}

export function allFields(layers: readonly Layer[]): readonly Field[] {
  const flatten = (fields: readonly Field[]): readonly Field[] =>
    fields.flatMap((field) => [field, ...flatten(field.children ?? [])]);
  return allLayers(layers).flatMap((layer) => flatten(layer.fields));
}

export function protocolDisagreements(dissection: Dissection, tshark: TsharkPacket): readonly Disagreement[] {
  const names = allLayers(dissection.layers).map((layer) => PROTOCOLS[layer.protocol]);
  const ours = names.filter((name) => name !== undefined).join(':');
  const theirs = tshark.protocols.filter((name) => COMPARED.has(name)).join(':');
  return ours === theirs ? [] : [{ key: 'protocols', ours, theirs: tshark.protocols.join(':') }];
}

/** `keys` are those to compare: both sides must have each of them equally often, at the same bytes, with the same value. */
export function fieldDisagreements(
  dissection: Dissection,
  tshark: TsharkPacket,
  keys: ReadonlySet<string>,
): readonly Disagreement[] {
  // Fields of no bytes are what tshark worked out, or texts that are empty.
  const filled = ({ length }: { readonly length: number }) => length > 0;
  const ours = byKey(allFields(dissection.layers).filter(filled), (field) => field.key, keys);
  const theirs = byKey(tshark.fields.filter(filled), (field) => field.name, keys);
  const found: Disagreement[] = [];
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    const [own, other] = [ours.get(key) ?? [], theirs.get(key) ?? []];
    const alike = own.length === other.length && own.every((field, index) => same(field, other[index]!));
    if (!alike) found.push({ key, ours: own.map(ourText).join(' '), theirs: other.map(theirText).join(' ') });
  }
  return found;
}

/** Wireshark's numbers for the status of a checksum. */
const STATUS: Readonly<Record<Check, string>> = { wrong: '0', right: '1', unverifiable: '2', absent: '3' };
const UNVERIFIED = STATUS.unverifiable;

/** Inside a quotation tshark does not verify what we verify where all of it is there. */
export function checksumDisagreements(dissection: Dissection, tshark: TsharkPacket): readonly Disagreement[] {
  const quoted = new Set(allFields(dissection.layers.flatMap((layer) => layer.quoted ?? [])));
  const ours = allFields(dissection.layers).filter((field) => field.check && field.key.endsWith('.checksum'));
  const theirs = tshark.fields.filter((field) => field.name.endsWith('.checksum.status'));
  const alike =
    ours.length === theirs.length &&
    ours.every(({ key, check }, index) => {
      const { name, show } = theirs[index]!;
      if (name !== `${key}.status`) return false;
      return show === STATUS[check!] || (quoted.has(ours[index]!) && show === UNVERIFIED);
    });
  if (alike) return [];
  return [
    {
      key: 'checksum.status',
      ours: ours.map((field) => `${field.key}.status=${STATUS[field.check!]}`).join(' '),
      theirs: theirs.map((field) => `${field.name}=${field.show}`).join(' '),
    },
  ];
}

function byKey<T>(fields: readonly T[], keyOf: (field: T) => string, keys: ReadonlySet<string>): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const field of fields) {
    const key = keyOf(field);
    if (!keys.has(key)) continue;
    const list = map.get(key);
    if (list) list.push(field);
    else map.set(key, [field]);
  }
  return map;
}

function same(ours: Field, theirs: TsharkField): boolean {
  if (ours.offset !== theirs.offset || ours.length !== theirs.length) return false;
  const { value } = ours;
  if (value instanceof Uint8Array) return toHex(value) === theirs.value;
  // The text of a group is our own wording.
  if (typeof value === 'string') return ours.children !== undefined || value === theirs.show;
  const shown = parseIpv4(theirs.show) ?? Number(theirs.show);
  return shown === Number(value) || Number(`0x${theirs.value}`) === Number(value);
}

function ourText({ offset, length, value }: Field): string {
  return `${offset}+${length}=${value instanceof Uint8Array ? toHex(value) : String(value)}`;
}

function theirText({ offset, length, show }: TsharkField): string {
  return `${offset}+${length}=${show}`;
}
