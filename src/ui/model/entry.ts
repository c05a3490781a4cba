/** How a table entry is written, on the stage and in the table. @module */
import { keyName, protocolName } from '../../explain/words.ts';
import type { EntryView } from '../../router/outcome.ts';
import type { Peer, TupleView } from '../../router/reason.ts';
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

export interface EntryText {
  readonly protocol: string;
  /** Who began it: "192.168.1.10:40000". */
  readonly inside: string;
  /** With whom: "203.0.113.10:1723". */
  readonly remote: string;
  /** By what it goes outside, address and number. */
  readonly outside: string;
  /** The number alone: ":40000", "key 7"; the address where the protocol has none. */
  readonly outsideKey: string;
  /** Nothing is translated: the router keeps it for itself, or only routes it. */
  readonly plain: boolean;
}

export function entryText(entry: EntryView): EntryText {
  const { original, reply } = entry;
  return {
    protocol: entry.piecesOf === undefined ? protocolName(original.protocol) : 'pieces',
    inside: peer(original.source, original),
    remote: peer(original.destination, original),
    outside: peer(reply.destination, reply),
    outsideKey: key(reply.destination, reply) || formatIpv4(reply.destination.address),
    plain: !entry.flags.sourceNat && !entry.flags.destinationNat && entry.kind === 'connection',
  };
}

function peer(peer: Peer, tuple: TupleView): string {
  const number = key(peer, tuple);
  const address = formatIpv4(peer.address);
  return number.startsWith(':') || number === '' ? `${address}${number}` : `${address} ${number}`;
}

/** A key of 0 is shown for GRE, where it says that nobody filled it in, and for nothing else. */
function key(peer: Peer, tuple: TupleView): string {
  switch (keyName(tuple.protocol)) {
    case 'Call ID':
      return `key ${peer.key}`;
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
