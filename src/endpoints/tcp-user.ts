/** What a TCP connection says to whoever uses it. @module */

export type TcpState =
  | 'syn-sent'
  | 'syn-received'
  | 'established'
  | 'fin-wait-1'
  | 'fin-wait-2'
  | 'close-wait'
  | 'closing'
  | 'last-ack'
  | 'time-wait'
  | 'closed';

/** How a connection ended: both FINs; RST to our SYN; RST later; nobody answered; an ICMP error; our own RST. */
export type TcpEnd = 'finished' | 'refused' | 'reset' | 'timeout' | 'unreachable' | 'aborted';

export interface TcpUser {
  opened(): void;
  data(bytes: Uint8Array): void;
  /** The peer sends nothing more; we still may. */
  peerFinished(): void;
  /** Said once. */
  ended(why: TcpEnd): void;
}
