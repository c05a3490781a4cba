/** A router's timeouts under the names Linux has for them. @module */
import type { RouterConfig } from '../router/config.ts';
import { LINUX_TIMEOUTS, type Timeouts } from '../router/netfilter/timeouts.ts';
import type { GearLine, GearPart } from './gear.ts';

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

/** All of them, in seconds. What never runs out by itself gets the longest time of TCP, which ends it then. */
export function sysctlsOf(timeouts: Timeouts): Readonly<Record<string, number>> {
  const longest = Math.max(...timeouts.tcp);
  const named: Record<string, number> = {
    generic_timeout: timeouts.generic,
    icmp_timeout: timeouts.icmp,
    udp_timeout: timeouts.udp,
    udp_timeout_stream: timeouts.udpStream,
    gre_timeout: timeouts.gre,
    gre_timeout_stream: timeouts.greStream,
    tcp_timeout_max_retrans: Math.min(longest, timeouts.tcpRetransmissions),
    tcp_timeout_unacknowledged: Math.min(longest, timeouts.tcpUnacknowledged),
  };
  for (const [i, name] of TCP.entries()) if (name) named[`tcp_timeout_${name}`] = timeouts.tcp[i]!;
  for (const [i, name] of SCTP.entries()) if (name) named[`sctp_timeout_${name}`] = timeouts.sctp[i]!;
  const conntrack = Object.entries(named).map(([name, value]) => [`net.netfilter.nf_conntrack_${name}`, value]);
  return Object.fromEntries([...conntrack, ['net.ipv4.ipfrag_time', timeouts.fragments]]);
}

/** What nf_conntrack_max is by itself on a machine with 4 GB and more. */
export const KERNEL_MAX = 262_144;

/** The settings that a router of this kind changes; what the kernel has by itself is left alone. */
export function sysctlPart(config: RouterConfig): GearPart {
  const usual = sysctlsOf(LINUX_TIMEOUTS);
  const changed = Object.entries(sysctlsOf(config.timeouts)).filter(([name, value]) => usual[name] !== value);
  const line = (name: string, value: number, why: string): GearLine => ({
    text: `${name} = ${value}`,
    why,
    by: 'router',
  });
  return {
    place: '/etc/sysctl.d/90-router.conf',
    lines: [
      line('net.ipv4.ip_forward', 1, 'The machine passes packets on at all.'),
      ...(config.maxEntries === KERNEL_MAX
        ? []
        : [line('net.netfilter.nf_conntrack_max', config.maxEntries, 'How many flows its table holds.')]),
      ...changed.map(([name, value]) => line(name, value, `Seconds; by itself the kernel has ${usual[name]}.`)),
    ],
  };
}
