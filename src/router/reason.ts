/**
 * Why the router did what it did: a closed set of codes with parameters, as data. src/explain puts them into words.
 * Addresses are unsigned 32-bit numbers; `key` is a port, an ICMP id, a GRE key or 0, as the protocol has it.
 * @module
 */

import type { HelperId } from './config.ts';

/** One end of a flow as the router tells flows apart. */
export interface Peer {
  readonly address: number;
  readonly key: number;
}

/** One direction of a flow. */
export interface TupleView {
  /** IP protocol number. */
  readonly protocol: number;
  readonly source: Peer;
  readonly destination: Peer;
  /** ICMP only. */
  readonly type?: number;
  readonly code?: number;
}

/** What an ALG may tell flows apart by. */
export type IdKind = 'call-id' | 'tunnel-id' | 'session-id' | 'connection-id' | 'cookie' | 'spi';

export type IdValue = number | string;

/** Whose rules decided, where they are not netfilter's: the words differ. */
type By = 'libalias';

export type Reason =
  // Why a packet went on.
  | {
      readonly code: 'entry-created';
      readonly entry: number;
      readonly original: TupleView;
      readonly reply: TupleView;
      readonly by?: By;
    }
  | {
      readonly code: 'entry-matched';
      readonly entry: number;
      readonly direction: 'original' | 'reply';
      readonly by?: By;
    }
  | { readonly code: 'expectation-matched'; readonly entry: number; readonly master: number }
  | { readonly code: 'source-translated'; readonly from: Peer; readonly to: Peer; readonly by?: By }
  | { readonly code: 'destination-translated'; readonly from: Peer; readonly to: Peer; readonly by?: By }
  | { readonly code: 'port-kept'; readonly port: number; readonly by?: By }
  | { readonly code: 'port-reused'; readonly from: number; readonly to: number }
  | {
      readonly code: 'port-drawn';
      readonly from: number;
      readonly to: number;
      readonly low: number;
      readonly high: number;
      readonly how: 'by-chance' | 'in-order';
      /** Why not the sender's own: another flow has it, an ALG keeps it for flows it can tell apart, or it never is. */
      readonly because: 'taken' | 'reserved' | 'always';
      readonly by?: By;
    }
  | {
      readonly code: 'call-id-rewritten';
      readonly helper: HelperId;
      readonly message: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly code: 'call-id-restored';
      readonly helper: HelperId;
      readonly message: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly code: 'call-id-kept'; readonly helper: HelperId; readonly message: string; readonly callId: number }
  /** Half of the id had left in an earlier segment, so it could not be changed. */
  | { readonly code: 'id-split'; readonly id: IdKind; readonly message: string }
  /** An ALG had to forget the number of a flow to make room for another. `owner` is an inside address. */
  | {
      readonly code: 'id-evicted';
      readonly id: IdKind;
      readonly value: IdValue;
      readonly owner: number;
      readonly limit: number;
    }
  /** An ALG will know `owner`'s packets by this number; its source port, if it has one, stays as it is. */
  | {
      readonly code: 'id-noted';
      readonly id: IdKind;
      readonly value: IdValue;
      readonly owner: number;
      readonly port?: number;
    }
  | { readonly code: 'id-matched'; readonly id: IdKind; readonly value: IdValue; readonly owner: number }
  /** Nobody knew this number, so it must be the answer that `owner` waits for; `how`: chosen among those who wait. */
  | {
      readonly code: 'id-adopted';
      readonly id: IdKind;
      readonly value: IdValue;
      readonly owner: number;
      readonly how: 'longest-waiting' | 'first-in-table' | 'last-in-table';
    }
  /** An ALG chose which host gets this packet, whatever the ports say: by a number, or whoever called last. */
  | {
      readonly code: 'host-chosen';
      readonly helper: HelperId;
      readonly by: IdKind | 'last-caller';
      readonly value?: IdValue;
      readonly host: number;
    }
  /** An ALG puts a source port back that translation had changed, and leaves the datagram without a checksum. */
  | { readonly code: 'port-forced'; readonly helper: HelperId; readonly from: number; readonly to: number }
  | { readonly code: 'id-unknown'; readonly id: IdKind; readonly value: IdValue }
  | {
      readonly code: 'id-rewritten';
      readonly id: IdKind;
      readonly message: string;
      readonly from: number;
      readonly to: number;
    }
  | {
      readonly code: 'id-restored';
      readonly id: IdKind;
      readonly message: string;
      readonly from: number;
      readonly to: number;
    }
  /** The number is hidden with the tunnel's secret. */
  | { readonly code: 'id-unreadable'; readonly id: IdKind; readonly so: 'other-port' | 'dropped' | 'passed' }
  /** `owner` has this number toward the server, and `client`'s cannot be changed. */
  | {
      readonly code: 'id-taken';
      readonly id: IdKind;
      readonly value: IdValue;
      readonly owner: number;
      readonly client: number;
      readonly so: 'other-port' | 'dropped';
    }
  | { readonly code: 'mapping-admitted'; readonly entry: number; readonly remote: Peer }
  | { readonly code: 'expectation-made'; readonly callId: number; readonly peerCallId: number }
  /** The entry idle for longest, for so many seconds, went to make room. */
  | { readonly code: 'entry-evicted'; readonly entry: number; readonly idle: number; readonly limit: number }
  /** Answers of this protocol and server went to `from`, and go to `to` from now on, who has the newest link. */
  | { readonly code: 'answers-taken'; readonly protocol: number; readonly from: number; readonly to: number }
  /** The packet could be for either of these addresses; the newest link decides. */
  | { readonly code: 'newest-gets-it'; readonly protocol: number; readonly owner: number; readonly rival: number }
  /** Nobody asked for it, so it is the NAT host's own, and so is what follows. `key`: a port or an ICMP id. */
  | { readonly code: 'host-owns'; readonly protocol: number; readonly remote: number; readonly key?: number }
  /** Not placed, and not dropped: it goes on unchanged, outward with its private source. */
  | { readonly code: 'passed-raw'; readonly why: RawWhy; readonly callId?: number }
  /** The other end's Call ID is known: GRE may leave. */
  | { readonly code: 'call-completed'; readonly callId: number; readonly owner: number }
  /** `client`: in whose control connection it was said; `callId`: by which number the call was known outside. */
  | {
      readonly code: 'call-forgotten';
      readonly entry: number;
      readonly why: 'refused' | 'disconnected';
      readonly callId: number;
      readonly owner: number;
      readonly client: number;
    }
  /** A quoted header has a wrong checksum now: it took in the port, or did not take in the address. */
  | { readonly code: 'quote-checksum-wrong'; readonly because: 'port' | 'address' }
  /** `datagram`: the identification its pieces have in common. `host`: who gets them. */
  | { readonly code: 'pieces-noted'; readonly datagram: number; readonly host: number }
  | { readonly code: 'piece-matched'; readonly datagram: number; readonly host: number }
  /** Translated without a look at whose it is. */
  | { readonly code: 'piece-unchecked' }
  | { readonly code: 'helper-attached'; readonly helper: HelperId }
  | {
      readonly code: 'helper-missed';
      readonly helper: HelperId;
      readonly because: 'split-message' | 'not-first' | 'bad-message' | 'no-session';
    }
  | {
      readonly code: 'icmp-error-related';
      readonly entry: number;
      readonly direction: 'original' | 'reply';
      readonly by?: By;
    }
  | { readonly code: 'untracked-invalid'; readonly why: InvalidWhy }
  | { readonly code: 'not-translated'; readonly by?: By }
  | { readonly code: 'reassembled'; readonly pieces: number }
  | { readonly code: 'refragmented'; readonly pieces: number; readonly because: 'came-in-pieces' | 'mtu' }
  // Why it ended here.
  | {
      readonly code: 'bad-ip-header';
      readonly why: 'version' | 'header-length' | 'total-length' | 'checksum' | 'options';
    }
  | { readonly code: 'waiting-for-fragments'; readonly have: number }
  | { readonly code: 'fragments-discarded'; readonly why: 'overlap' | 'oversize' | 'duplicate' }
  | { readonly code: 'ttl-expired' }
  | { readonly code: 'too-big'; readonly mtu: number; readonly length: number }
  | { readonly code: 'no-route'; readonly destination: number }
  | { readonly code: 'martian'; readonly address: number }
  | { readonly code: 'blocked-by-rule'; readonly rule: string; readonly chain: 'forward' | 'input' }
  /** `owner` and `client` are addresses: who has the tuple, and who wanted it too. */
  | { readonly code: 'tuple-clash'; readonly protocol: number; readonly owner: number; readonly client: number }
  | { readonly code: 'addressed-to-router'; readonly unknownFlow: boolean; readonly by?: By }
  | { readonly code: 'nobody-listens'; readonly answer: RouterAnswer }
  /** `client` may not begin while `owner`'s first packet has no answer: the answers could not be told apart. */
  | {
      readonly code: 'held-back';
      readonly id: IdKind;
      readonly value: IdValue;
      readonly owner: number;
      readonly client: number;
    }
  /** An ALG can keep only so many hosts apart, and drops what comes from others. */
  | { readonly code: 'alg-full'; readonly helper: HelperId; readonly limit: number }
  /** A segment overtook an earlier one of the same control connection. */
  | { readonly code: 'out-of-order'; readonly helper: HelperId }
  | { readonly code: 'icmp-error-unmatched' }
  | { readonly code: 'checksum-wrong'; readonly protocol: number }
  | { readonly code: 'no-port'; readonly protocol: number }
  | { readonly code: 'untranslatable' }
  /** Every port that this flow might show is another's. */
  | { readonly code: 'ports-used-up'; readonly low: number; readonly high: number }
  | { readonly code: 'too-short-to-translate'; readonly protocol: number }
  | { readonly code: 'bad-ip-option'; readonly offset: number }
  | { readonly code: 'table-full'; readonly limit: number };

/** Why a packet has no link in libalias. */
export type RawWhy =
  /** PPTP's GRE, or a control message, with a Call ID that no call has. */
  | 'unknown-call'
  | 'no-free-key'
  | 'too-short'
  /** An ICMP message that is neither a query nor an error it reads, such as a redirect. */
  | 'icmp-type'
  /** An error about a packet of no link, or about one without ports. */
  | 'quotes-no-link'
  | 'first-piece-missing';

/** Why connection tracking calls a packet INVALID. */
export type InvalidWhy =
  | 'checksum'
  | 'truncated'
  | 'length'
  | 'tcp-flags'
  | 'tcp-window'
  | 'tcp-state'
  | 'tcp-no-connection'
  | 'icmp-type'
  | 'icmp-unknown-flow'
  | 'sctp-no-init'
  | 'sctp-vtag'
  | 'sctp-chunk'
  | 'udplite-coverage'
  | 'gre-version'
  /** An ALG has read of no such call. */
  | 'gre-unlisted'
  /** An ALG's table is full, and it tracks no more. */
  | 'alg-table-full';

/** What the router itself sends back. */
export type RouterAnswer =
  | 'echo-reply'
  | 'tcp-reset'
  | 'port-unreachable'
  | 'protocol-unreachable'
  | 'host-unreachable'
  | 'net-unreachable'
  | 'admin-prohibited'
  | 'time-exceeded'
  | 'reassembly-time-exceeded'
  | 'fragmentation-needed'
  | 'parameter-problem'
  | 'timestamp-reply'
  | 'sctp-abort'
  | 'none';
