/**
 * What is known of the world's routers, from their sources and from measurements, as a table: situation by router. The
 * matrix must find the same by running them.
 *
 * Evidence of each column: `T` RFC 3022 as read. `L0`, `L1` netfilter's source, and measured on Linux 6.18. `L0o` the
 * source of Linux 4.1, and OpenWrt's wiki. `D−`…`A+` the firmware's rules as read, on kernels of the years before 5.1,
 * with the order "established first" measured. `FB` libalias's source, and its library measured. `SPI` the source of
 * Broadcom's ESP tracker. SRV: reports of libreswan, xl2tpd and their users.
 */
import type { Switches } from '../../src/router/profiles/profile.ts';
import type { Code } from '../../src/scenarios/matrix-verdict.ts';

const ON: Switches = { pptp: true, l2tp: true, ipsec: true };
const OFF: Switches = { pptp: false, l2tp: false, ipsec: false };
const WITHOUT_PPTP: Switches = { ...ON, pptp: false };

export const COLUMNS = {
  T: ['textbook', OFF],
  L0: ['linux', WITHOUT_PPTP],
  L0o: ['linux-legacy', WITHOUT_PPTP],
  L1: ['linux', ON],
  'D−': ['dd-wrt', OFF],
  'D+': ['dd-wrt', ON],
  'A−': ['asuswrt', OFF],
  'A+': ['asuswrt', ON],
  FB: ['libalias', ON],
  SPI: ['broadcom-esp', ON],
} as const satisfies Readonly<Record<string, readonly [profile: string, switches: Switches]>>;

export type Column = keyof typeof COLUMNS;

/** In the order of `COLUMNS`; a code that holds for all is given once. */
const ROWS: Readonly<Record<string, readonly Code[]>> = {
  //                   T        L0      L0o    L1     D−     D+     A−     A+     FB     SPI
  'pptp-one': ['X-out', 'X-in', 'OK', 'OK≠', 'BLK', 'OK≠', 'BLK', 'OK≠', 'OK', 'OK≠'],
  'pptp-two-distinct': ['X-out', 'X-in', '1st', 'OK≠', 'BLK', 'OK≠', 'BLK', 'OK≠', 'OK', 'OK≠'],
  'pptp-two-same': ['X-out', 'X-in', '1st', 'OK≠', 'BLK', 'OK≠', 'BLK', 'OK≠', 'OK≠', 'OK≠'],
  'pptp-two-servers': ['X-out', 'X-in', 'OK', 'OK≠', 'BLK', 'OK≠', 'BLK', 'OK≠', 'OK', 'OK≠'],
  'pptp-silent': ['X-out', 'X-in', 'OK', 'X-in', 'BLK', 'OK≠', 'BLK', 'OK≠', 'OK', 'OK≠'],
  'gre-one': ['X-out', 'OK', 'OK', 'OK', 'OK', 'OK', 'BLK', 'OK', 'OK', 'OK'],
  'gre-two': ['X-out', '1st', '1st', '1st', '1st', '1st', 'BLK', '1st', 'NEW', '1st'],
  'l2tp-one': ['OK', 'OK', 'OK', 'OK', 'BLK', 'OK', 'BLK', 'OK', 'OK', 'OK'],
  'l2tp-two': ['OK≠', 'OK≠', 'OK≠', 'OK≠', 'BLK', 'OK≠', 'BLK', 'OK≠', 'OK≠', 'OK≠'],
  'l2tpv3-one': ['X-out', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK', 'OK'],
  'l2tpv3-two': ['X-out', '1st', '1st', '1st', '1st', '1st', '1st', '1st', 'NEW', '1st'],
  'esp-by-hand': ['X-out', 'OK', 'OK', 'OK', 'OK', 'OK', 'BLK', 'OK', 'OK', 'OK'],
  'esp-one': ['X-out', 'OK', 'OK', 'OK', 'BLK', 'OK', 'BLK', 'OK', 'OK', 'OK'],
  'esp-two': ['X-out', '1st', '1st', '1st', 'BLK', '1st', 'BLK', '1st', 'NEW', 'OK'],
  'esp-two-servers': ['X-out', 'OK', 'OK', 'OK', 'BLK', 'OK', 'BLK', 'OK', 'OK', 'OK'],
  ah: ['X-out', 'ICV', 'ICV', 'ICV', 'ICV', 'ICV', 'BLK', 'ICV', 'ICV', 'ICV'],
  'natt-two': ['OK≠', 'OK≠', 'OK≠', 'OK≠', 'BLK', 'OK≠', 'BLK', 'OK≠', 'OK≠', 'OK≠'],
  'natt-on-4500': ['OK≠', 'OK≠', 'OK≠', 'OK≠', 'OK≠', 'OK≠', 'BLK', 'OK≠', 'OK≠', 'OK≠'],
  'l2tp-ipsec-one': ['OK', 'OK', 'OK', 'OK', 'BLK', 'OK', 'BLK', 'OK', 'OK', 'OK'],
  'l2tp-ipsec-two': ['SRV', 'SRV', 'SRV', 'SRV', 'BLK', 'SRV', 'BLK', 'SRV', 'SRV', 'SRV'],
  'openvpn-udp': ['OK≠'],
  'openvpn-tcp': ['OK≠'],
  wireguard: ['OK≠'],
  // From ports that each laptop draws for itself, so nothing but the address is rewritten.
  sstp: ['OK'],
  'knock-gre': ['X', 'X', 'X', 'X', 'X', 'X', 'X', 'X', 'HOST', 'X'],
  'knock-esp': ['X', 'X', 'X', 'X', 'X', 'X', 'X', 'X', 'HOST', 'X'],
  'knock-ah': ['X', 'X', 'X', 'X', 'X', 'X', 'X', 'X', 'HOST', 'X'],
  'knock-115': ['X', 'X', 'X', 'X', 'X', 'X', 'X', 'X', 'HOST', 'X'],
};

export function known(situation: string, column: Column): Code | undefined {
  const row = ROWS[situation];
  return row?.[Object.keys(COLUMNS).indexOf(column)] ?? (row?.length === 1 ? row[0] : undefined);
}
