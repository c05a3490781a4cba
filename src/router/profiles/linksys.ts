/** The `linksys` profile: the stock firmware of Linksys routers by CyberTAN and Sercomm. @module */
import { AH, drop, ESP, LEGACY_CORE, TCP, UDP } from './firmware.ts';
import type { Profile } from './profile.ts';

const SOURCE = 'Linksys stock firmware by CyberTAN/Sercomm, firewall sources';

export const linksys: Profile = {
  id: 'linksys',
  name: 'Linksys',
  about: 'The stock firmware of older Linksys routers: three switches that only ever drop.',
  core: LEGACY_CORE,
  switches: {
    pptp: {
      on: { says: 'On: nothing is dropped, and GRE goes by addresses alone, one laptop per server.' },
      off: { says: 'Off: TCP 1723 is dropped, so no call begins.', rules: [drop('pptp', TCP, 1723)] },
      source: SOURCE,
    },
    l2tp: {
      on: { says: 'On: nothing is added, for L2TP is UDP and passes as UDP does.' },
      off: { says: 'Off: UDP 1701 is dropped.', rules: [drop('l2tp', UDP, 1701)] },
      source: SOURCE,
    },
    ipsec: {
      on: { says: 'On: nothing is dropped, and ESP goes by addresses alone, one laptop per server.' },
      off: {
        says: 'Off: UDP 500, ESP and AH are dropped; UDP 4500 is not, but IKE begins on 500.',
        rules: [drop('ipsec', UDP, 500), drop('ipsec', ESP), drop('ipsec', AH)],
      },
      source: SOURCE,
    },
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [SOURCE, 'Which helpers it loads, and its defaults: not read in a source'],
};
