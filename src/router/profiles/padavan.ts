/** The `padavan` profile (rt-n56u firmware): a PPTP helper that is off unless somebody asks for it. @module */
import { LEGACY_CORE, noSwitch, PPTP_MODULES } from './firmware.ts';
import type { Profile } from './profile.ts';

const SOURCE = 'Padavan rt-n56u rc sources, nf_alg_pptp';
const NONE = 'Newer builds have no such switch:';

export const padavan: Profile = {
  id: 'padavan',
  name: 'Padavan',
  about: 'Free firmware for ASUS and other routers; its PPTP helper comes switched off.',
  core: LEGACY_CORE,
  switches: {
    pptp: {
      on: { says: 'On: the PPTP helper and the GRE tracker are loaded.', helpers: PPTP_MODULES },
      off: { says: 'Off, as it comes: GRE goes by addresses alone, and one laptop per server gets through.' },
      source: SOURCE,
    },
    l2tp: noSwitch(`${NONE} L2TP is UDP, and passes as UDP does.`, SOURCE),
    ipsec: noSwitch(`${NONE} ESP goes by addresses alone, one laptop per server.`, SOURCE),
  },
  defaults: { pptp: false, l2tp: true, ipsec: true },
  firewall: true,
  sources: [SOURCE, 'Older builds had DROP rules for L2TP and IPsec (fw_pt_l2tp, fw_pt_ipsec); these are not modelled'],
};
