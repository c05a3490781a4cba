/** The `tomato` profile: its one switch loads and unloads the PPTP helper, and never drops anything. @module */
import { LEGACY_CORE, noSwitch, PPTP_MODULES } from './firmware.ts';
import type { Profile } from './profile.ts';

const SOURCE = 'Tomato shared/misc.c, setup_conntrack';
const NONE = 'Tomato has no such switch:';

export const tomato: Profile = {
  id: 'tomato',
  name: 'Tomato',
  about: 'Free firmware (Tomato, AdvancedTomato, FreshTomato) that calls its PPTP helper what it is, a helper.',
  core: LEGACY_CORE,
  switches: {
    pptp: {
      on: { says: 'On: the PPTP helper and the GRE tracker are loaded.', helpers: PPTP_MODULES },
      off: {
        says: 'Off: the helper is unloaded and nothing is dropped: one laptop per server still gets through, by addresses.',
      },
      source: SOURCE,
    },
    l2tp: noSwitch(`${NONE} L2TP is UDP, and passes as UDP does.`, SOURCE),
    ipsec: noSwitch(`${NONE} ESP goes by addresses alone, one laptop per server.`, SOURCE),
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [SOURCE],
};
