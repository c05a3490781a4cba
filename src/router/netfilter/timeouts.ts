/**
 * How long entries live without traffic, in seconds, named as the kernel's sysctls net.netfilter.nf_conntrack_*.
 * Source: nf_conntrack_proto_*.c; the table of a fresh Linux 6.18 namespace.
 * @module
 */

export interface Timeouts {
  readonly generic: number;
  readonly icmp: number;
  readonly udp: number;
  readonly udpStream: number;
  readonly gre: number;
  readonly greStream: number;
  /** By TCP state, in the order of `TCP_STATES`. */
  readonly tcp: readonly number[];
  readonly tcpRetransmissions: number;
  readonly tcpUnacknowledged: number;
  /** By SCTP state, in the order of `SCTP_STATES`. */
  readonly sctp: readonly number[];
  /** How long an incomplete datagram is kept. */
  readonly fragments: number;
  readonly expectation: number;
}

/** NONE, SYN_SENT, SYN_RECV, ESTABLISHED, FIN_WAIT, CLOSE_WAIT, LAST_ACK, TIME_WAIT, CLOSE, SYN_SENT2. */
const LINUX_TCP = [0, 120, 60, 432_000, 120, 60, 30, 120, 10, 120];

/** NONE, CLOSED, COOKIE_WAIT, COOKIE_ECHOED, ESTABLISHED, SHUTDOWN_SENT, SHUTDOWN_RECD, SHUTDOWN_ACK_SENT, HEARTBEAT_SENT. */
const LINUX_SCTP = [0, 10, 3, 3, 210, 3, 3, 3, 30];

export const LINUX_TIMEOUTS: Timeouts = {
  generic: 600,
  icmp: 30,
  udp: 30,
  udpStream: 120,
  gre: 30,
  greStream: 180,
  tcp: LINUX_TCP,
  tcpRetransmissions: 300,
  tcpUnacknowledged: 300,
  sctp: LINUX_SCTP,
  fragments: 30,
  expectation: 300,
};

/** Of routers that do not, as Linux does, give a connection less time once data stays without acknowledgement. */
export const TWO_TCP_TIMERS: Pick<Timeouts, 'tcpRetransmissions' | 'tcpUnacknowledged'> = {
  tcpRetransmissions: Number.POSITIVE_INFINITY,
  tcpUnacknowledged: Number.POSITIVE_INFINITY,
};
