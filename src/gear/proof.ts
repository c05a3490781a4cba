/** What of each target was tried, on what, and what was only read, and where. @module */
import type { NatKind } from '../router/config.ts';
import type { Proof, TargetId } from './gear.ts';
import type { LinuxOrder } from './linux.ts';
import { KERNEL_MAX } from './sysctls.ts';

/** The machine that the tests ran on, by classes of versions: others of the same class are not promised more. */
const KERNEL = 'Linux 6.x (6.18)';
const TOOLS = { nftables: 'nftables 1.0', iptables: 'iptables 1.8, the variant on nf_tables' } as const;

const SUMMARY = 'Loaded into a Linux kernel as printed, which then did what this router does, packet for packet.';
const SUMMARY_OF_RULES =
  'Loaded into a Linux kernel as printed, which then kept these rules as this router keeps them, packet for packet. What cannot be done, or is done another way, was not judged.';
const SYSCTLS: Proof['sources'] = [
  { name: 'Linux Documentation/networking/nf_conntrack-sysctl.rst', says: 'The names of the timeouts.' },
  { name: 'Linux Documentation/networking/ip-sysctl.rst', says: 'Forwarding, and the time for pieces of a datagram.' },
];
const NOTHING_RUN = 'Nothing of it was ever run by us: try it where nobody depends on it.';

const JUDGED =
  'Then that kernel and our router got the same packets of every kind, and sent the same bytes and kept the same table.';

function ours(nat: NatKind): string {
  return nat === 'netfilter'
    ? 'Our router ran this very profile.'
    : 'Our router ran the same rules and helper on the core of a kernel of today, not on that of this profile: what is listed as different was not judged.';
}

export function linuxProof(tool: keyof typeof TOOLS, profileNat: NatKind, { config, ports }: LinuxOrder): Proof {
  return {
    summary: profileNat === 'netfilter' ? SUMMARY : SUMMARY_OF_RULES,
    tested: [
      `The lines were loaded into ${KERNEL} in a network namespace by ${TOOLS[tool]}.`,
      JUDGED,
      ours(profileNat),
      ...(ports ? ['That ports come from the range was tried by itself; the rest was judged without it.'] : []),
    ],
    untested: [
      'Other versions of kernel and tool, and the names that interfaces have on your machine.',
      ...(config.maxEntries === KERNEL_MAX ? [] : ['How many flows the table holds: a namespace may not set it.']),
      ...(config.helpers.includes('nf-pptp')
        ? ['The modules file: in the kernel of the tests the helper is built in.']
        : []),
    ],
    sources:
      tool === 'nftables'
        ? [
            { name: 'nft(8), Stateful objects: ct helper', says: 'A helper is named once and attached by a rule.' },
            ...SYSCTLS,
          ]
        : [{ name: 'iptables-extensions(8), CT', says: 'In the table raw, --helper attaches a helper.' }, ...SYSCTLS],
  };
}

/** Nothing of these was ever run here. */
export const READ_ONLY: Readonly<Record<Exclude<TargetId, 'nftables' | 'iptables'>, Proof>> = {
  uci: {
    summary: NOTHING_RUN,
    tested: [],
    untested: ['Every line: no OpenWrt was run. What its firewall makes of it is nftables, which was tested as such.'],
    sources: [
      {
        name: 'openwrt/firewall4, templates/ruleset.uc',
        says: 'Known flows pass first, then rules in their order, then what zones say. A masqueraded zone drops invalid packets unless told otherwise.',
      },
      {
        name: 'openwrt/firewall4, tests/02_zones/07_helpers',
        says: 'A zone attaches the helpers it lists; without a list, one that is not masqueraded attaches all there are.',
      },
      { name: 'OpenWrt include/netfilter.mk', says: 'The PPTP helper is in the package kmod-nf-nathelper-extra.' },
    ],
  },
  routeros: {
    summary: NOTHING_RUN,
    tested: [],
    untested: ['Every line: no RouterOS was run, and what is inside it was not read.'],
    sources: [
      {
        name: 'RouterOS v3 Configuration and User Guide, Service Ports',
        says: 'Helpers are switched by /ip firewall service-port.',
      },
      {
        name: 'RouterOS v3 Configuration and User Guide, Connection Tracking',
        says: 'The names of the timeouts.',
      },
      {
        name: 'RouterOS documentation, NAT',
        says: 'Chains srcnat and masquerade. Version 7 also has endpoint-independent-nat, which is not used here.',
      },
      {
        name: 'RouterOS default configuration (6.40), as published by its users',
        says: 'Interface lists LAN and WAN, and the words of filter rules.',
      },
    ],
  },
  ios: {
    summary: NOTHING_RUN,
    tested: [],
    untested: ['Every line: no IOS was run.'],
    sources: [
      {
        name: 'IOS XE 16, IP Addressing: NAT, PPTP Port Address Translation',
        says: 'The ALG for PPTP is on by default with NAT. It translates Call IDs, and reads no message that is split over TCP segments.',
      },
      {
        name: 'IOS 12.2(15)T, NAT Support for IPsec ESP Phase II, Enabling SPI Matching',
        says: 'What spi-match asks of both ends, and what happens without it.',
      },
      {
        name: 'IOS 15M&T, Using Application-Level Gateways with NAT, IPsec',
        says: 'ESP through overload needs UDP encapsulation or the support named above.',
      },
      {
        name: 'IOS Command Reference, permit (reflexive) and evaluate',
        says: 'Any IP protocol may be reflected, and is let back in while its entry lasts.',
      },
      { name: 'IOS Command Reference, ip nat translation (timeout)', says: 'The names of the timeouts.' },
    ],
  },
};
