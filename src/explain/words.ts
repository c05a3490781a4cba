/** What every explanation is made of, and how numbers are spoken in it. @module */
import type { Peer, TupleView } from '../router/reason.ts';
import { formatIpv4 } from '../wire/address.ts';

export interface Words {
  /** Two or three words, for a mark on the stage or a column of a list. */
  readonly short: string;
  /** One or two short sentences for someone who has never heard of conntrack. */
  readonly student: string;
  /** The mechanism, with its numbers. */
  readonly engineer: string;
  /** Where it can be looked up: RFC section, kernel function. */
  readonly source: string;
}

/** What is known of the packet the reason is about; lets a sentence say "Call ID" where that is the point. */
export interface About {
  /** IP protocol number. */
  readonly protocol: number;
  /** Enhanced GRE only: the Call ID in its key. */
  readonly callId?: number;
  /** Whether the router reads PPTP control connections; left out where that is not known. */
  readonly helper?: boolean;
  /** The router tells GRE apart by addresses alone, so that a Call ID says nothing to it. */
  readonly greByAddresses?: boolean;
  /** A laptop has sent GRE to its sender before. */
  readonly greSent?: boolean;
  /** For whom the packet was as it came. */
  readonly destination?: number;
  /** Which router it was, where there are several. */
  readonly router?: string;
}

export const ICMP = 1;
const TCP = 6;
const UDP = 17;
export const GRE = 47;
const SCTP = 132;
const UDP_LITE = 136;

const PROTOCOLS: Readonly<Record<number, string>> = {
  [ICMP]: 'ICMP',
  4: 'IP in IP',
  [TCP]: 'TCP',
  [UDP]: 'UDP',
  33: 'DCCP',
  [GRE]: 'GRE',
  50: 'ESP',
  51: 'AH',
  115: 'L2TPv3',
  [SCTP]: 'SCTP',
  [UDP_LITE]: 'UDP-Lite',
};

export function protocolName(protocol: number): string {
  return PROTOCOLS[protocol] ?? `IP protocol ${protocol}`;
}

/** True where the number beside an address is a port. */
function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === UDP_LITE || protocol === SCTP || protocol === 33;
}

/** What the number beside an address is called: "port", "identifier", "Call ID". */
export function keyName(protocol: number | undefined): string {
  if (protocol === ICMP) return 'identifier';
  return protocol === GRE ? 'Call ID' : 'port';
}

/** "192.168.1.10:40000", "192.168.1.10 key 7", or the bare address where the protocol has no such number. */
function peerText(peer: Peer, protocol: number): string {
  const address = formatIpv4(peer.address);
  if (hasPorts(protocol)) return `${address}:${peer.key}`;
  if (protocol === GRE) return `${address} key ${peer.key}`;
  return peer.key === 0 ? address : `${address} id ${peer.key}`;
}

export function tupleText(tuple: TupleView): string {
  const { protocol, source, destination } = tuple;
  return `${protocolName(protocol)} ${peerText(source, protocol)} → ${peerText(destination, protocol)}`;
}

export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
