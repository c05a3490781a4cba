/** The `dlink-dir300` profile: D-Link's DIR-300, where switching L2TP off takes IKE along. @module */
import { AH, drop, ESP, LEGACY_CORE, TCP, UDP } from './firmware.ts';
import type { Profile } from './profile.ts';

const SOURCE = 'D-Link DIR-300 etc/templates/rg/flush_passthrough.php, chain FOR_VPN';

export const dlinkDir300: Profile = {
  id: 'dlink-dir300',
  name: 'D-Link DIR-300',
  about: 'A small home router with three switches that drop; the one for L2TP also drops what IPsec begins with.',
  core: LEGACY_CORE,
  switches: {
    pptp: {
      on: { says: 'On: nothing is dropped, and GRE goes by addresses alone, one laptop per server.' },
      off: { says: 'Off: TCP 1723 is dropped, so no call begins.', rules: [drop('pptp', TCP, 1723)] },
      source: SOURCE,
    },
    l2tp: {
      on: { says: 'On: nothing is added, for L2TP is UDP and passes as UDP does.' },
      off: {
        says: 'Off: UDP 1701 is dropped, and UDP 500 too: whoever switches L2TP off loses IPsec with it.',
        rules: [drop('l2tp', UDP, 500), drop('l2tp', UDP, 1701)],
      },
      source: SOURCE,
    },
    ipsec: {
      on: { says: 'On: nothing is dropped, and ESP goes by addresses alone, one laptop per server.' },
      off: {
        says: 'Off: UDP 500, UDP 4500, AH and ESP are dropped, so IPsec cannot leave in any form.',
        rules: [drop('ipsec', UDP, 500), drop('ipsec', UDP, 4500), drop('ipsec', AH), drop('ipsec', ESP)],
      },
      source: SOURCE,
    },
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [SOURCE, 'Which helpers it loads, and its defaults: not read in a source'],
};
