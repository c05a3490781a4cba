/** How patient a TCP is. Two systems, two tempers; all else about them is alike here. @module */
import { milliseconds, seconds } from './endpoint.ts';
import type { TcpState } from './tcp-user.ts';

export interface TcpPolicy {
  /** Wait before the first retransmission while nothing is known of the round trip; doubles each time. */
  readonly initialTimeout: number;
  readonly smallestTimeout: number;
  readonly largestTimeout: number;
  /** Retransmissions of a SYN, of a SYN-ACK, and of data, before the connection is given up. */
  readonly synRetries: number;
  readonly synAckRetries: number;
  readonly dataRetries: number;
  /** How long a connection that we closed first answers stray segments. */
  readonly timeWait: number;
}

/** Windows: SYNs at 0, 3 and 9 seconds, given up at 21; data five times. */
export const WINDOWS_TCP: TcpPolicy = {
  initialTimeout: seconds(3),
  smallestTimeout: milliseconds(300),
  largestTimeout: seconds(240),
  synRetries: 2,
  synAckRetries: 2,
  dataRetries: 5,
  timeWait: seconds(120),
};

/** Linux: tcp_syn_retries 6 (given up at 127 seconds), tcp_synack_retries 5, tcp_retries2 15. */
export const LINUX_TCP: TcpPolicy = {
  initialTimeout: seconds(1),
  smallestTimeout: milliseconds(200),
  largestTimeout: seconds(120),
  synRetries: 6,
  synAckRetries: 5,
  dataRetries: 15,
  timeWait: seconds(60),
};

/** How often what is under way may be sent again. */
export function retriesIn(state: TcpState, { synRetries, synAckRetries, dataRetries }: TcpPolicy): number {
  if (state === 'syn-sent') return synRetries;
  return state === 'syn-received' ? synAckRetries : dataRetries;
}
