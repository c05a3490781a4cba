/** How a table entry is written, on the stage and in the table. @module */
import { keyName, protocolName } from '../../explain/words.ts';
import type { EntryView } from '../../router/outcome.ts';
import type { Peer } from '../../router/reason.ts';
import { formatIpv4 } from '../../wire/address.ts';
import type { Family } from '../design/families.ts';

const families: Readonly<Record<number, Family>> = {
  6: 'tcp',
  17: 'udp',
  47: 'pptp',
  50: 'ipsec',
  51: 'ipsec',
  115: 'l2tp',
  132: 'udp',
  136: 'udp',
};

/** By the number in the IP header. */
export function familyOfProtocol(protocol: number): Family {
  return families[protocol] ?? 'ip';
}

export function familyOfEntry(entry: EntryView): Family {
  return familyOfProtocol(entry.original.protocol);
}

export interface Ends {
  readonly inside: Peer;
  readonly remote: Peer;
  /** As the inside is known outside. */
  readonly outside: Peer;
}

/** The host at home under `inside`, whoever began it: where one outside was let in, that is who its packets go on to. */
export function endsOf({ original, reply, flags }: EntryView): Ends {
  return flags.destinationNat && !flags.sourceNat
    ? { inside: reply.source, remote: original.source, outside: original.destination }
    : { inside: original.source, remote: original.destination, outside: reply.destination };
}

export interface EntryText {
  readonly protocol: string;
  /** The host at home where it has one, or else who began it: "192.168.1.10:40000". */
  readonly inside: string;
  /** With whom: "203.0.113.10:1723". */
  readonly remote: string;
  /** By what it goes outside, address and number. */
  readonly outside: string;
  /** The number alone: ":40000", "Call ID 7"; the address where the protocol has none. */
  readonly outsideKey: string;
  /** Nothing is translated: the router keeps it for itself, or only routes it. */
  readonly plain: boolean;
}

export function entryText(entry: EntryView): EntryText {
  const { protocol } = entry.original;
  const { inside, remote, outside } = endsOf(entry);
  return {
    protocol: entry.piecesOf === undefined ? protocolName(protocol) : 'pieces',
    inside: peerText(inside, protocol),
    remote: peerText(remote, protocol),
    outside: peerText(outside, protocol),
    outsideKey: keyText(outside, protocol) || formatIpv4(outside.address),
    plain: !entry.flags.sourceNat && !entry.flags.destinationNat && entry.kind === 'connection',
  };
}

export function peerText(peer: Peer, protocol: number): string {
  const number = keyText(peer, protocol);
  const address = formatIpv4(peer.address);
  return number.startsWith(':') || number === '' ? `${address}${number}` : `${address} ${number}`;
}

/** A number of 0 is shown for GRE, where it says that nobody filled it in, and for nothing else. */
export function keyText(peer: Peer, protocol: number): string {
  switch (keyName(protocol)) {
    case 'Call ID':
      return `Call ID ${peer.key}`;
    case 'identifier':
      return `id ${peer.key}`;
    default:
      return peer.key === 0 ? '' : `:${peer.key}`;
  }
}

/** Whether answers that could be for this entry go to another host. */
export function losesAnswers({ answersTo, original }: EntryView): boolean {
  return answersTo !== undefined && answersTo !== original.source.address;
}

/** Empty where there is no doubt whose the answers are. */
export function answersText(entry: EntryView): string {
  if (entry.answersTo === undefined) return '';
  return losesAnswers(entry) ? `answers go to ${formatIpv4(entry.answersTo)}` : 'gets all answers';
}

/** "ESTABLISHED · assured · helper pptp". */
export function entryState(entry: EntryView): string {
  if (entry.kind === 'expectation') return 'expected';
  if (entry.piecesOf !== undefined) return `of packet ${entry.piecesOf}`;
  const words = [
    entry.state ?? '',
    answersText(entry) || (entry.flags.assured ? 'assured' : entry.flags.seenReply ? 'answered' : 'unanswered'),
    entry.helper ? `helper ${entry.helper}` : '',
    entry.master === undefined ? '' : `belongs to #${entry.master}`,
  ];
  return words.filter(Boolean).join(' · ');
}
