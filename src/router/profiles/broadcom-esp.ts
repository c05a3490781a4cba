/** The `broadcom-esp` profile: ASUS firmware on Broadcom's kernel, which tells ESP apart by SPI and IKE by cookie. @module */
import { ASUS_SWITCHES } from './asuswrt.ts';
import { LEGACY_CORE, PPTP_MODULES } from './firmware.ts';
import type { Profile } from './profile.ts';

const KERNEL = 'Broadcom kernel 4.1: nf_conntrack_proto_esp.c @6b41a178, nf_conntrack_ipsec.c @2e104e83';

export const broadcomEsp: Profile = {
  id: 'broadcom-esp',
  name: 'Broadcom ESP',
  about:
    'A home router whose kernel really tracks ESP: eight tunnels, each known by its SPI, paired by who answers first.',
  core: LEGACY_CORE,
  switches: ASUS_SWITCHES,
  helpers: [...PPTP_MODULES, 'broadcom-esp', 'broadcom-ike'],
  defaults: { pptp: true, l2tp: true, ipsec: true },
  firewall: true,
  sources: [KERNEL, 'On which models the modules are switched on: not read in a source'],
};
