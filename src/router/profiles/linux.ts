/**
 * The `linux` profile: Linux 6.x netfilter with one masquerade rule on the WAN side, exactly as the running kernel.
 * @module
 */
import { LINUX_TIMEOUTS } from '../netfilter/timeouts.ts';
import type { Profile, SwitchMeaning } from './profile.ts';

/** nf_conntrack_max of a machine with 4 GB and more. */
const MAX_ENTRIES = 262_144;

const NOTHING = 'Linux has nothing to switch here:';

function nothing(says: string, source: string): SwitchMeaning {
  return { on: { says: `${NOTHING} ${says}` }, off: { says: `${NOTHING} ${says}` }, source };
}

export const linux: Profile = {
  id: 'linux',
  name: 'Linux 6.x netfilter',
  about: 'A plain Linux router with one masquerade rule: what most home routers have inside.',
  core: { nat: 'netfilter', greTracker: true, timeouts: LINUX_TIMEOUTS, maxEntries: MAX_ENTRIES },
  switches: {
    pptp: {
      on: {
        says: 'On: the kernel’s PPTP helper reads each new control connection and lets the call’s GRE find its way.',
        helpers: ['nf-pptp'],
      },
      off: { says: 'Off: nobody reads the control connection, so GRE leaves but its answers belong to no one.' },
      source: 'Linux nf_conntrack_pptp.c, nf_nat_pptp.c; recordings pptp-*-helper, pptp-*-nohelper',
    },
    l2tp: nothing('UDP 1701 is translated like any UDP, and the kernel has no L2TP helper.', 'recordings l2tp-*'),
    ipsec: nothing(
      'ESP and AH are told apart by addresses alone, one laptop per server; IKE and NAT-T are ordinary UDP.',
      'recordings raw-esp, raw-ah, ike*',
    ),
  },
  defaults: { pptp: false, l2tp: true, ipsec: true },
  firewall: false,
  sources: ['Linux 6.18.44, measured', 'Linux 6.12 net/netfilter'],
};
