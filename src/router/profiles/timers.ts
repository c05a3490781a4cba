/**
 * How long a router remembers what is silent, in words for people: what an experiment may say instead of the kernel's
 * names. RFC 4787 and 5508 call these mapping timers and session timers, RFC 5382 idle-timeouts.
 * @module
 */
import type { Timeouts } from '../netfilter/timeouts.ts';

/** All in seconds. Modules that count for themselves (older kernels' PPTP helper, Broadcom's, Realtek's) keep their own. */
export interface Timers {
  /** UDP, until an answer has come. RFC 4787 §4.3, REQ-5: the UDP mapping timer, two minutes or more. */
  readonly udp: number;
  /** UDP, once both sides have spoken. The same timer in RFC 4787, a longer one on Linux (`udp_timeout_stream`). */
  readonly udpAnswered: number;
  /** TCP, from the first SYN until the connection stands. RFC 5382 REQ-5: transitory connection idle-timeout. */
  readonly tcpOpening: number;
  /** TCP, while the connection stands. RFC 5382 REQ-5: established connection idle-timeout, 2 h 4 min or more. */
  readonly tcpOpen: number;
  /** TCP, after a FIN or a reset. RFC 5382 REQ-5: transitory too; RFC 7857 §2 for resets. */
  readonly tcpClosing: number;
  /** Pings and other ICMP queries. RFC 5508 REQ-2: the ICMP query session timer, a minute or more. */
  readonly icmp: number;
  /** GRE, until an answer has come. */
  readonly gre: number;
  readonly greAnswered: number;
  /** What has no ports: ESP, AH, L2TPv3 over IP. */
  readonly portless: number;
  /** A datagram of which pieces are missing. RFC 791 §3.2: the reassembly timer. */
  readonly fragments: number;
}

export type TimerName = keyof Timers;

/** Seconds. Five days is what Linux gives a TCP connection, and nobody gives more. */
export const TIMER_BOUNDS = [1, 432_000] as const;

/** States of TCP by place in `Timeouts.tcp`. */
const OPENING = [1, 2, 9];
const OPEN = [3];
const CLOSING = [4, 5, 6, 7, 8];

/** The timeouts with some of the timers set otherwise. */
export function withTimers(base: Timeouts, timers: Partial<Timers>): Timeouts {
  const { udp = base.udp, udpAnswered = base.udpStream, icmp = base.icmp } = timers;
  const { gre = base.gre, greAnswered = base.greStream, portless = base.generic, fragments = base.fragments } = timers;
  return {
    ...base,
    tcp: base.tcp.map((seconds, state) => tcpTimer(timers, state) ?? seconds),
    udp,
    udpStream: udpAnswered,
    icmp,
    gre,
    greStream: greAnswered,
    generic: portless,
    fragments,
  };
}

function tcpTimer({ tcpOpening, tcpOpen, tcpClosing }: Partial<Timers>, state: number): number | undefined {
  if (OPENING.includes(state)) return tcpOpening;
  if (OPEN.includes(state)) return tcpOpen;
  return CLOSING.includes(state) ? tcpClosing : undefined;
}

/** The timers as a profile has them; of several for one name, the longest. */
export function timersOf(timeouts: Timeouts): Timers {
  const longest = (states: readonly number[]) => Math.max(...states.map((state) => timeouts.tcp[state]!));
  return {
    udp: timeouts.udp,
    udpAnswered: timeouts.udpStream,
    tcpOpening: longest(OPENING),
    tcpOpen: longest(OPEN),
    tcpClosing: longest(CLOSING),
    icmp: timeouts.icmp,
    gre: timeouts.gre,
    greAnswered: timeouts.greStream,
    portless: timeouts.generic,
    fragments: timeouts.fragments,
  };
}
