/** The `libalias` profile: FreeBSD's natd and ipfw nat, where what has no ports belongs to whoever began last. @module */
import { LINUX_TIMEOUTS, TWO_TCP_TIMERS } from '../netfilter/timeouts.ts';
import { noSwitch } from './firmware.ts';
import type { Profile } from './profile.ts';

const ALIAS = 'FreeBSD sys/netinet/libalias, 12.1, measured';

/** TCP: 300 s while it opens, a day when it stands, 90 s when one side has closed, 10 s when both have. */
const TIMEOUTS = {
  ...LINUX_TIMEOUTS,
  generic: 60,
  icmp: 60,
  udp: 60,
  udpStream: 60,
  gre: 60,
  greStream: 60,
  tcp: [0, 300, 300, 86_400, 90, 90, 10, 10, 90, 300],
  ...TWO_TCP_TIMERS,
};

export const libalias: Profile = {
  id: 'libalias',
  name: 'FreeBSD libalias',
  about:
    'The NAT of FreeBSD’s natd and ipfw: everything leaves, and what has no ports comes back to the newest caller.',
  core: { nat: 'libalias', greTracker: false, timeouts: TIMEOUTS, maxEntries: 1_048_576 },
  switches: {
    pptp: {
      on: {
        says: 'On: the PPTP module is loaded, as natd does by itself, and rewrites a Call ID only where two are the same.',
        helpers: ['alias-pptp'],
      },
      off: { says: 'Off: the module is not loaded, so all GRE leaves and the newest laptop gets all the answers.' },
      source: `${ALIAS}: alias_pptp.c`,
    },
    l2tp: noSwitch('libalias has nothing to switch here: L2TP is UDP, and passes as UDP does.', `${ALIAS}: alias.c`),
    ipsec: noSwitch(
      'libalias has nothing to switch here: all ESP leaves, and the newest laptop gets all the answers.',
      `${ALIAS}: alias_db.c`,
    ),
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: false,
  sources: [ALIAS, 'alias.c @8d4eb975, alias_db.c @94757c21, alias_pptp.c @039ea811'],
};
