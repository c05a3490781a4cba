/** The router's timeouts under the names the kernel has for them. @module */
import type { Timeouts } from '../../src/router/netfilter/timeouts.ts';

/** In the order of `Timeouts.tcp`; the first has no name, and simultaneous open shares that of SYN_SENT. */
const TCP = ['', 'syn_sent', 'syn_recv', 'established', 'fin_wait', 'close_wait', 'last_ack', 'time_wait', 'close', ''];
const SCTP = [
  '',
  'closed',
  'cookie_wait',
  'cookie_echoed',
  'established',
  'shutdown_sent',
  'shutdown_recd',
  'shutdown_ack_sent',
  'heartbeat_sent',
];

export function sysctlsOf(timeouts: Timeouts): Readonly<Record<string, number>> {
  const named: Record<string, number> = {
    generic_timeout: timeouts.generic,
    icmp_timeout: timeouts.icmp,
    udp_timeout: timeouts.udp,
    udp_timeout_stream: timeouts.udpStream,
    gre_timeout: timeouts.gre,
    gre_timeout_stream: timeouts.greStream,
    tcp_timeout_max_retrans: timeouts.tcpRetransmissions,
    tcp_timeout_unacknowledged: timeouts.tcpUnacknowledged,
  };
  for (const [i, name] of TCP.entries()) if (name) named[`tcp_timeout_${name}`] = timeouts.tcp[i]!;
  for (const [i, name] of SCTP.entries()) if (name) named[`sctp_timeout_${name}`] = timeouts.sctp[i]!;
  const conntrack = Object.entries(named).map(([name, value]) => [`net.netfilter.nf_conntrack_${name}`, value]);
  return Object.fromEntries([...conntrack, ['net.ipv4.ipfrag_time', timeouts.fragments]]);
}
