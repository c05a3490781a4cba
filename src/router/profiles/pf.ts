/**
 * The `pf` profile: OpenBSD's packet filter, also in FreeBSD and pfSense. No ALG, random ports, one owner for what has
 * none.
 *
 * Does not model: pfSense's rule that keeps source port 500.
 * @module
 */
import type { NatBehaviour } from '../config.ts';
import { LINUX_TIMEOUTS, TWO_TCP_TIMERS } from '../netfilter/timeouts.ts';
import { noSwitch } from './firmware.ts';
import type { Profile } from './profile.ts';

const PF_LB = 'OpenBSD sys/net/pf_lb.c @0c449d89';
const NONE = 'pf has no helper and no switch:';

const BEHAVIOUR: NatBehaviour = {
  mapping: 'address-and-port-dependent',
  filtering: 'address-and-port-dependent',
  ports: 'random',
  portRange: [50_001, 65_535],
  parity: false,
  overloading: true,
  refresh: 'both',
  hairpinning: false,
  portless: 'first-owner',
  invalid: 'drop',
};

const TIMEOUTS = {
  ...LINUX_TIMEOUTS,
  generic: 60,
  icmp: 20,
  udp: 60,
  udpStream: 60,
  gre: 60,
  greStream: 60,
  tcp: [0, 120, 30, 86_400, 900, 900, 45, 90, 90, 120],
  ...TWO_TCP_TIMERS,
};

export const pf: Profile = {
  id: 'pf',
  name: 'pf',
  about:
    'The packet filter of OpenBSD, FreeBSD and pfSense: every flow gets a random port, and there is no help for VPNs.',
  core: { nat: BEHAVIOUR, greTracker: false, timeouts: TIMEOUTS, maxEntries: 100_000 },
  switches: {
    pptp: noSwitch(
      `${NONE} GRE goes by addresses alone, one laptop per server.`,
      `${PF_LB}; Netgate documentation, NAT compatibility`,
    ),
    l2tp: noSwitch(`${NONE} L2TP is UDP, and passes with another source port.`, PF_LB),
    ipsec: noSwitch(`${NONE} ESP goes by addresses alone, one laptop per server; NAT-T is ordinary UDP.`, PF_LB),
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [
    PF_LB,
    'opnsense/src issue 312 on several GRE clients',
    'Timeouts and port range: pf.conf defaults, not measured',
  ],
};
