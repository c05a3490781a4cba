/** Packet filter chains: the first rule that fits decides, else the policy (nftables, iptables). @module */
import { u16 } from '../lib/bytes.ts';
import { checksum, pseudoSum } from '../wire/checksum.ts';
import type { ChainConfig, Rule } from './config.ts';
import type { Packet } from './packet.ts';

export interface FilterAnswer {
  readonly verdict: 'accept' | 'drop' | 'reject';
  /** The rule's name, or "policy". */
  readonly rule: string;
}

interface Compiled {
  readonly rule: Rule;
  /** Interface indices; -1 for any. */
  readonly inside: number;
  readonly outside: number;
  readonly answer: FilterAnswer;
}

export class Chain {
  private readonly rules: readonly Compiled[];
  private readonly policy: FilterAnswer;

  /** `names` are the router's interfaces in order. */
  constructor(config: ChainConfig, names: readonly string[]) {
    this.rules = config.rules.map((rule) => ({
      rule,
      inside: rule.in === undefined ? -1 : names.indexOf(rule.in),
      outside: rule.out === undefined ? -1 : names.indexOf(rule.out),
      answer: { verdict: rule.verdict, rule: rule.name },
    }));
    this.policy = { verdict: config.policy, rule: 'policy' };
  }

  judge(packet: Packet): FilterAnswer {
    for (const each of this.rules) if (fits(each, packet)) return each.answer;
    return this.policy;
  }
}

function fits({ rule, inside, outside }: Compiled, packet: Packet): boolean {
  if (rule.in !== undefined && inside !== packet.inside) return false;
  if (rule.out !== undefined && outside !== packet.outside) return false;
  if (rule.protocol !== undefined && rule.protocol !== packet.protocol) return false;
  if (rule.sourcePort !== undefined && rule.sourcePort !== port(packet, 0)) return false;
  if (rule.destinationPort !== undefined && rule.destinationPort !== port(packet, 2)) return false;
  return rule.state === undefined || (packet.tracking !== 'untracked' && rule.state.includes(packet.tracking));
}

/** The port at `offset` of the transport header; -1 where the packet is too short to have one. */
function port(packet: Packet, offset: number): number {
  const at = packet.headerLength + offset;
  return at + 2 <= packet.length ? u16(packet.bytes, at) : -1;
}

/**
 * Protocols that a rejection does not check: GRE, ESP, AH, SCTP, UDP-Lite (nf_reject_verify_csum).
 * DCCP was one of them until the kernel forgot that protocol (seen in 6.18).
 */
const UNCHECKED = new Set([47, 50, 51, 132, 136]);

/** `reject` answers only what is not damaged; what has no checksum it knows is summed all the same. */
export function mayBeRejected(packet: Packet): boolean {
  const { bytes, headerLength: at, length, protocol } = packet;
  if (UNCHECKED.has(protocol)) return true;
  // Tracking has summed ICMP already, before options were written.
  if (protocol === 1) return checksum(bytes, at, length) === 0;
  // Summed from the IP header on, which by itself sums to nothing: so data of zeros, or none at all, counts as right.
  if (protocol !== 6 && protocol !== 17) return checksum(bytes, 0, length) === 0;
  if (packet.dataLength < 8) return false;
  if (protocol === 17 && u16(bytes, at + 6) === 0) return true;
  return checksum(bytes, at, length, pseudoSum(packet.source, packet.destination, protocol, packet.dataLength)) === 0;
}
