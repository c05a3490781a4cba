/** The `realtek-sdk` profile: Realtek's Linux 2.4.18, whose switches start real ALGs, one of them with a slip. @module */
import { LEGACY_CORE } from './firmware.ts';
import type { Profile } from './profile.ts';

const FOLDER = 'Edimax BR-6528n @7186a45c, linux-2.4.18 net/ipv4/netfilter';

export const realtekSdk: Profile = {
  id: 'realtek-sdk',
  name: 'Realtek SDK',
  about: 'The software kit in many cheap routers (here an Edimax): each switch starts an ALG that reads the protocol.',
  core: LEGACY_CORE,
  switches: {
    pptp: {
      on: {
        says: 'On: an ALG lists the Call IDs it reads, rewrites none, and only their GRE finds its way.',
        helpers: ['realtek-pptp'],
      },
      off: {
        says: 'Off: GRE goes by addresses alone, so that one laptop per server gets through and a second one does not.',
      },
      source: `${FOLDER}/ip_conntrack_pptp.c, ip_nat_pptp.c`,
    },
    l2tp: {
      on: {
        says: 'On: an ALG means to go by Tunnel IDs, but for a slip in it all answers go to whoever called last.',
        helpers: ['realtek-l2tp'],
      },
      off: { says: 'Off: L2TP is UDP and passes as UDP does, for any number of laptops.' },
      source: `${FOLDER}/ip_nat_l2tp.c`,
    },
    ipsec: {
      on: {
        says: 'On: an ALG goes by the cookies of IKE and the SPIs of ESP, for at most sixteen at a time.',
        helpers: ['realtek-ipsec'],
      },
      off: { says: 'Off: ESP goes by addresses alone, one laptop per server; IKE and NAT-T are ordinary UDP.' },
      source: `${FOLDER}/ip_nat_ipsec.c`,
    },
  },
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [FOLDER, 'The order of the L2TP hook and the NAT, and the defaults: not read in a source'],
};
