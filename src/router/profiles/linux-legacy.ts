/** The `linux-legacy` profile: netfilter of kernels up to 5.0, where GRE has no tracker unless one is loaded. @module */
import { LEGACY_CORE, noSwitch, PPTP_MODULES } from './firmware.ts';
import type { Profile } from './profile.ts';

const NOTHING = 'An older Linux has nothing to switch here:';

export const linuxLegacy: Profile = {
  id: 'linux-legacy',
  name: 'Linux up to 5.0',
  about: 'A Linux router of the years before 2019: to it GRE is one more protocol without ports.',
  core: LEGACY_CORE,
  switches: {
    pptp: {
      on: {
        says: 'On: the PPTP helper and the GRE tracker are loaded, and every call finds its way by its Call ID.',
        helpers: PPTP_MODULES,
      },
      off: {
        says: 'Off: GRE goes by addresses alone, so that one laptop per server gets through and a second one does not.',
      },
      source: 'nf_conntrack_proto_generic.c of Linux 4.1; OpenWrt wiki on PPTP and NAT',
    },
    l2tp: noSwitch(`${NOTHING} UDP 1701 is translated like any UDP.`, 'nf_nat_proto_common.c of Linux 4.1'),
    ipsec: noSwitch(
      `${NOTHING} ESP and AH go by addresses alone, one laptop per server; IKE and NAT-T are ordinary UDP.`,
      'nf_conntrack_proto_generic.c of Linux 4.1',
    ),
  },
  defaults: { pptp: false, l2tp: true, ipsec: true },
  firewall: false,
  sources: ['Linux 4.1 net/netfilter, read', 'nf_nat_proto_common.c: ports are searched in order, not by chance'],
};
