/** Every router model, in the order in which they are offered. @module */
import { asuswrt } from './asuswrt.ts';
import { broadcomEsp } from './broadcom-esp.ts';
import { ddWrt } from './dd-wrt.ts';
import { dlinkDir300 } from './dlink-dir300.ts';
import { libalias } from './libalias.ts';
import { libaliasMain } from './libalias-main.ts';
import { linksys } from './linksys.ts';
import { linux } from './linux.ts';
import { linuxLegacy } from './linux-legacy.ts';
import { openwrt } from './openwrt.ts';
import { padavan } from './padavan.ts';
import { pf } from './pf.ts';
import type { Profile } from './profile.ts';
import { realtekSdk } from './realtek-sdk.ts';
import { textbook } from './textbook.ts';
import { tomato } from './tomato.ts';

export const PROFILES: readonly Profile[] = [
  textbook,
  linux,
  linuxLegacy,
  ddWrt,
  asuswrt,
  tomato,
  openwrt,
  padavan,
  linksys,
  dlinkDir300,
  realtekSdk,
  broadcomEsp,
  libalias,
  libaliasMain,
  pf,
];

export function profileOf(id: string): Profile | undefined {
  return PROFILES.find((profile) => profile.id === id);
}
