/**
 * The `dd-wrt` profile. Its switches drop what leaves, and less than their names say; the one for PPTP also loads the
 * helper.
 *
 * Does not model: older builds, in which any of the three switches loaded the GRE tracker.
 * @module
 */
import { accept, drop, GRE, LEGACY_CORE, PPTP_MODULES, TCP, UDP } from './firmware.ts';
import type { Profile } from './profile.ts';

const FIREWALL = 'DD-WRT src/router/services/networking/firewall.c';

export const ddWrt: Profile = {
  id: 'dd-wrt',
  name: 'DD-WRT',
  about: 'Free firmware for home routers, whose three switches decide what the firewall drops on its way out.',
  core: LEGACY_CORE,
  switches: {
    pptp: {
      on: {
        says: 'On: the PPTP helper is loaded, and TCP 1723 and GRE are let out.',
        helpers: PPTP_MODULES,
        rules: [accept('pptp', TCP, 1723), accept('pptp', GRE)],
      },
      off: {
        says: 'Off: the helper is unloaded and TCP 1723 is dropped, so no call begins, though GRE itself is not dropped.',
        rules: [drop('pptp', TCP, 1723)],
      },
      source: `${FIREWALL}, services/vpn.c @009917d7`,
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
      on: { says: 'On: nothing is added, and ESP goes by addresses alone, one laptop per server.' },
      off: {
        says: 'Off: UDP 500 is dropped and nothing else: ESP, AH and UDP 4500 still leave.',
        rules: [drop('ipsec', UDP, 500)],
      },
      source: FIREWALL,
    },
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [
    FIREWALL,
    'DD-WRT services/services/vpn.c @009917d7: which modules each switch loads',
    'Defaults: not read in a source',
  ],
};
