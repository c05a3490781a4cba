/**
 * The `textbook` profile, the teaching default: RFC 3022 NAPT, which knows TCP, UDP and ICMP queries, and three ALGs.
 * Its behaviour and timers are what RFC 4787, 5382 and 5508 ask for.
 * @module
 */
import type { NatBehaviour } from '../config.ts';
import { LINUX_TIMEOUTS, type Timeouts, TWO_TCP_TIMERS } from '../netfilter/timeouts.ts';
import type { Profile } from './profile.ts';

const BEHAVIOUR: NatBehaviour = {
  mapping: 'endpoint-independent',
  filtering: 'endpoint-independent',
  ports: 'preserve',
  parity: true,
  overloading: false,
  refresh: 'both',
  hairpinning: true,
  portless: 'drop',
  invalid: 'drop',
};

/** RFC 4787 REQ-5 (five minutes), RFC 5382 REQ-5 (2 h 4 min, four minutes), RFC 5508 REQ-2 (a minute). */
const TIMEOUTS: Timeouts = {
  ...LINUX_TIMEOUTS,
  icmp: 60,
  udp: 300,
  udpStream: 300,
  gre: 300,
  greStream: 300,
  tcp: [0, 240, 240, 7440, 240, 240, 240, 240, 240, 240],
  ...TWO_TCP_TIMERS,
};

export const textbook: Profile = {
  id: 'textbook',
  name: 'Textbook NAPT',
  about: 'The router of the textbooks: it keeps laptops apart by ports, and by itself carries nothing that has none.',
  core: { nat: BEHAVIOUR, greTracker: true, timeouts: TIMEOUTS, maxEntries: 16_384 },
  switches: {
    pptp: {
      on: {
        says: 'On: the router reads the call set-up and tells GRE packets apart by their Call IDs.',
        helpers: ['pptp'],
      },
      off: { says: 'Off: GRE has no ports, so this router has no place for it, and the tunnel cannot begin.' },
      source: 'RFC 3022 §2.2; RFC 2637 §4.1',
    },
    l2tp: {
      on: {
        says: 'On: port 1701 is kept for everybody, and tunnel and session IDs tell laptops apart.',
        helpers: ['l2tp'],
      },
      off: { says: 'Off: L2TP is UDP to this router and passes with another source port; L2TP over IP 115 does not.' },
      source: 'RFC 2661 §8.1; RFC 3931 §4.1',
    },
    ipsec: {
      on: { says: 'On: ESP is told apart by its SPI, IKE by its cookies, and AH is let through.', helpers: ['ipsec'] },
      off: { says: 'Off: ESP and AH have no ports and stay inside, while IPsec in UDP (NAT-T) passes all the same.' },
      source: 'RFC 3022 §2.2; RFC 3715 §2',
    },
  },
  defaults: { pptp: false, l2tp: false, ipsec: false },
  firewall: true,
  sources: ['RFC 3022', 'RFC 4787', 'RFC 5382', 'RFC 5508'],
};
