/**
 * The `asuswrt` profile (ASUSWRT and Merlin's build of it). Its three switches are DROP rules and nothing more; the
 * PPTP helper hangs on another setting.
 * @module
 */
import { AH, drop, ESP, GRE, LEGACY_CORE, PPTP_MODULES, TCP, UDP } from './firmware.ts';
import type { Profile, SwitchMeaning } from './profile.ts';

const FIREWALL = 'RMerl/asuswrt-merlin.ng release/src/router/rc/firewall.c @02e5f526, chain NSFW';

/** The switches, which models with an ESP module share. */
export const ASUS_SWITCHES: Readonly<Record<'pptp' | 'l2tp' | 'ipsec', SwitchMeaning>> = {
  pptp: {
    on: { says: 'On: nothing is dropped, and the helper runs, which has a setting of its own.' },
    off: {
      says: 'Off: TCP 1723 and GRE are dropped on their way out, and the helper stays with nothing to do.',
      rules: [drop('pptp', TCP, 1723), drop('pptp', GRE)],
    },
    source: FIREWALL,
  },
  l2tp: {
    on: { says: 'On: nothing is added, for L2TP is UDP and passes as UDP does.' },
    off: {
      says: 'Off: UDP 1701 is dropped, but L2TP over IP 115 and L2TP inside IPsec are not.',
      rules: [drop('l2tp', UDP, 1701)],
    },
    source: FIREWALL,
  },
  ipsec: {
    on: { says: 'On: nothing is dropped, and ESP, which needs no switch, gets no help from this one.' },
    off: {
      says: 'Off: UDP 500, UDP 4500, ESP and AH are dropped, so IPsec cannot leave in any form.',
      rules: [drop('ipsec', UDP, 500), drop('ipsec', UDP, 4500), drop('ipsec', ESP), drop('ipsec', AH)],
    },
    source: FIREWALL,
  },
};

export const asuswrt: Profile = {
  id: 'asuswrt',
  name: 'ASUSWRT',
  about: 'The firmware of ASUS routers: three switches that only ever drop, and a PPTP helper that runs all the same.',
  core: LEGACY_CORE,
  switches: ASUS_SWITCHES,
  helpers: PPTP_MODULES,
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [FIREWALL, 'nf_pptp, the setting that unloads the helper, at its default', 'Linux 4.1 of src-rt-5.02hnd'],
};
