/**
 * What the recordings of a real router do not show in their packets, read off each case's README, log and conntrack
 * text: which switches were on, what was done to the router under way, and how many packets reached it.
 */
import { ipv4 } from '../../src/wire/address.ts';
import type { Circumstances } from '../../src/world/replay.ts';

export interface KernelCase {
  readonly name: string;
  /** Packets that reached the router, as both captures have them. */
  readonly packets: number;
  /** A rule attached the kernel's PPTP helper. */
  readonly pptp?: boolean;
  /** From the WAN only `ct state established,related`, to the router and through it. */
  readonly firewall?: boolean;
  readonly circumstances?: Circumstances;
}

export const KERNEL_CASES: readonly KernelCase[] = [
  { name: 'ike1-1client', packets: 32 },
  { name: 'ike1-1client-aggressive', packets: 29 },
  { name: 'ike1-nonat', packets: 16 },
  { name: 'ike2-1client', packets: 25 },
  { name: 'ike2-1client-nomobike', packets: 25 },
  { name: 'ike2-2clients', packets: 35 },
  { name: 'ike2-noesp', packets: 12 },
  { name: 'ike2-nonat', packets: 10 },
  { name: 'ike2-nonat-nomobike', packets: 10 },
  { name: 'l2tp-1client', packets: 34 },
  { name: 'l2tp-1client-hello', packets: 36 },
  { name: 'l2tp-2clients', packets: 75 },
  { name: 'l2tp-2clients-2servers', packets: 80 },
  { name: 'openvpn-tcp', packets: 44 },
  { name: 'openvpn-udp', packets: 29 },
  { name: 'pptp-1client-helper', packets: 50, pptp: true },
  { name: 'pptp-1client-helper-firewall', packets: 44, pptp: true, firewall: true },
  { name: 'pptp-1client-nohelper', packets: 16 },
  { name: 'pptp-1client-nohelper-firewall', packets: 38, firewall: true },
  { name: 'pptp-2clients-2servers-helper', packets: 100, pptp: true },
  { name: 'pptp-2clients-helper', packets: 106, pptp: true },
  { name: 'pptp-2clients-helper-samecallid', packets: 106, pptp: true },
  { name: 'pptp-2clients-helper-sameport', packets: 103, pptp: true },
  { name: 'pptp-2clients-nohelper', packets: 30 },
  { name: 'pptp-scripted-helper', packets: 259, pptp: true },
  { name: 'pptp-scripted-nohelper', packets: 255 },
  { name: 'raw-ah', packets: 10 },
  { name: 'raw-baseline', packets: 88 },
  { name: 'raw-esp', packets: 10 },
  {
    name: 'raw-flush',
    packets: 25,
    // `conntrack -F`, twice; the log's clock began 0.046 s before the first packet.
    circumstances: {
      interventions: [
        { do: 'flush', at: 1.36 },
        { do: 'flush', at: 1.9 },
      ],
    },
  },
  { name: 'raw-fragments', packets: 26 },
  { name: 'raw-gre0', packets: 10 },
  { name: 'raw-gre1-nohelper-diffid', packets: 10 },
  { name: 'raw-gre1-nohelper-sameid', packets: 10 },
  {
    name: 'raw-icmp-errors',
    packets: 110,
    // The router on the way that one error is sent to; nobody has its address.
    circumstances: { nobodyAt: [ipv4('198.51.100.7')] },
  },
  { name: 'raw-l2tpv3', packets: 10 },
  { name: 'raw-sctp', packets: 23 },
  { name: 'raw-timeouts', packets: 23 },
  { name: 'raw-udplite', packets: 5 },
  { name: 'raw-unsolicited', packets: 26 },
  { name: 'wireguard-1client', packets: 12 },
];
