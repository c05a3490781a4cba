/** The `openwrt` profile: a modern kernel as OpenWrt installs it, without the package that holds the helper. @module */
import { LINUX_TIMEOUTS } from '../netfilter/timeouts.ts';
import { noSwitch } from './firmware.ts';
import type { Profile } from './profile.ts';

const FW4 = 'openwrt/firewall4 @b6e51575';
const NONE = 'OpenWrt has no such switch:';

export const openwrt: Profile = {
  id: 'openwrt',
  name: 'OpenWrt',
  about: 'OpenWrt with firewall4 as it is installed: a modern kernel that knows GRE, and no helper to go with it.',
  core: { nat: 'netfilter', greTracker: true, timeouts: LINUX_TIMEOUTS, maxEntries: 16_384 },
  switches: {
    pptp: noSwitch(
      `${NONE} the helper is in the package kmod-nf-nathelper-extra, which is not installed, so GRE leaves and its answers belong to no one.`,
      `${FW4}; OpenWrt include/netfilter.mk @01e854cd`,
    ),
    l2tp: noSwitch(`${NONE} L2TP is UDP, and passes as UDP does.`, FW4),
    ipsec: noSwitch(
      `${NONE} its rules for ESP and IKE concern calls from outside, and do nothing behind a NAT.`,
      `${FW4}, default rules Allow-IPSec-ESP and Allow-ISAKMP`,
    ),
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [FW4, 'That no PPTP laptop gets through follows from kernel and packages; no OpenWrt box was measured'],
};
