/**
 * Why the router did what it did: a closed set of codes with parameters, as data. src/explain puts them into words.
 * Addresses are unsigned 32-bit numbers; `key` is a port, an ICMP id, a GRE key or 0, as the protocol has it.
 * @module
 */

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

export type Reason =
  // Why a packet went on.
  | { readonly code: 'entry-created'; readonly entry: number; readonly original: TupleView; readonly reply: TupleView }
  | { readonly code: 'entry-matched'; readonly entry: number; readonly direction: 'original' | 'reply' }
  | { readonly code: 'expectation-matched'; readonly entry: number; readonly master: number }
  | { readonly code: 'source-translated'; readonly from: Peer; readonly to: Peer }
  | { readonly code: 'destination-translated'; readonly from: Peer; readonly to: Peer }
  | { readonly code: 'port-kept'; readonly port: number }
  | { readonly code: 'port-reused'; readonly from: number; readonly to: number }
  | {
      readonly code: 'port-drawn';
      readonly from: number;
      readonly to: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly code: 'call-id-rewritten'; readonly message: string; readonly from: number; readonly to: number }
  | { readonly code: 'call-id-restored'; readonly message: string; readonly from: number; readonly to: number }
  | { readonly code: 'call-id-kept'; readonly message: string; readonly callId: number }
  | { readonly code: 'mapping-admitted'; readonly entry: number; readonly remote: Peer }
  | { readonly code: 'expectation-made'; readonly callId: number; readonly peerCallId: number }
  | { readonly code: 'helper-attached'; readonly helper: 'pptp' }
  | {
      readonly code: 'helper-missed';
      readonly helper: 'pptp';
      readonly because: 'split-message' | 'not-first' | 'bad-message' | 'no-session';
    }
  | { readonly code: 'icmp-error-related'; readonly entry: number; readonly direction: 'original' | 'reply' }
  | { readonly code: 'untracked-invalid'; readonly why: InvalidWhy }
  | { readonly code: 'not-translated' }
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
  | { readonly code: 'addressed-to-router'; readonly unknownFlow: boolean }
  | { readonly code: 'nobody-listens'; readonly answer: RouterAnswer }
  | { readonly code: 'icmp-error-unmatched' }
  | { readonly code: 'checksum-wrong'; readonly protocol: number }
  | { readonly code: 'no-port'; readonly protocol: number }
  | { readonly code: 'untranslatable' }
  | { readonly code: 'too-short-to-translate'; readonly protocol: number }
  | { readonly code: 'bad-ip-option'; readonly offset: number }
  | { readonly code: 'table-full'; readonly limit: number };

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
  | 'gre-version';

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
