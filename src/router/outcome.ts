/** What one received packet leads to, as data: the only thing views, explanations and tests read. @module */
import type { IdKind, Reason, TupleView } from './reason.ts';

/** The stages a packet passes, in netfilter's order; `input` is for what is addressed to the router itself. */
export type StageName =
  | 'ingress'
  | 'defragment'
  | 'conntrack'
  | 'helper'
  | 'destination-nat'
  | 'routing'
  | 'forward'
  | 'input'
  | 'source-nat'
  | 'confirm'
  | 'egress';

export interface StageNote {
  readonly stage: StageName;
  /** `pass`: nothing to do. `act`: it changed the packet or the tables. `stop`: the packet's way ends here. */
  readonly did: 'pass' | 'act' | 'stop';
  readonly reasons: readonly Reason[];
}

/**
 * forwarded: left on the other side (or back out of the same one). answered: addressed to the router, which replied.
 * delivered: addressed to the router and taken without reply. held: kept for more fragments. dropped: gone.
 */
export type Verdict = 'forwarded' | 'answered' | 'delivered' | 'held' | 'dropped';

export interface Emission {
  /** Interface name: "lan", "wan", … */
  readonly on: string;
  /** A whole IPv4 packet. The receiver may keep it; the router never touches it again. */
  readonly packet: Uint8Array;
  /** True where the router made the packet itself (echo reply, ICMP error, RST). */
  readonly own: boolean;
}

/** A number of the protocol's own: as the inside host has it and as it is outside, or the SPIs of both directions. */
export type FlowId =
  | { readonly id: 'spi'; readonly outbound: number; readonly inbound?: number }
  | { readonly id: 'cookie'; readonly value: string }
  | { readonly id: Exclude<IdKind, 'spi' | 'cookie'>; readonly inside: number; readonly outside: number };

/** A conntrack entry or expectation as plain data, at one moment. */
export interface EntryView {
  /** Unique in a router's life. */
  readonly id: number;
  readonly kind: 'connection' | 'expectation';
  readonly original: TupleView;
  readonly reply: TupleView;
  /** Protocol state: TCP and SCTP only ("ESTABLISHED", …). */
  readonly state?: string;
  readonly flags: {
    readonly assured: boolean;
    readonly seenReply: boolean;
    readonly sourceNat: boolean;
    readonly destinationNat: boolean;
  };
  /** Seconds of simulated time at which it runs out if nothing renews it; Infinity: never. */
  readonly expiresAt: number;
  /** It is as good as new after that time, until a sweep through the table removes it. */
  readonly swept?: boolean;
  readonly helper?: string;
  /** The entry that announced this one. */
  readonly master?: number;
  /** What an ALG tells the flow's packets apart by, where it is not ports. */
  readonly ids?: readonly FlowId[];
  /** Answers cannot be told from those of other entries, and all go to this inside address. */
  readonly answersTo?: number;
  /** Not a flow but a note for whom the pieces of the datagram with this identification are. */
  readonly piecesOf?: number;
}

export type TableChange =
  | { readonly kind: 'created'; readonly after: EntryView }
  | { readonly kind: 'updated'; readonly before: EntryView; readonly after: EntryView }
  | {
      readonly kind: 'removed';
      readonly before: EntryView;
      readonly why: 'expired' | 'flushed' | 'closed' | 'evicted' | 'replaced';
    };

export interface Outcome {
  readonly verdict: Verdict;
  readonly out: readonly Emission[];
  /** In the order they came up; a packet that was dropped or held has at least one. */
  readonly reasons: readonly Reason[];
  readonly stages: readonly StageNote[];
  readonly changes: readonly TableChange[];
}
