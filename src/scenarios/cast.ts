/** The usual people and machines of the scenarios, so that each scenario says only what is its own. @module */
import type { Switches } from '../router/profiles/profile.ts';
import type { ClientSetup, Experiment, RouterSetup, ServerSetup } from '../world/experiment.ts';
import type { ClientVpn, ServerVpn } from '../world/vpn.ts';

export const OFF: Switches = { pptp: false, l2tp: false, ipsec: false };
export const ON: Switches = { pptp: true, l2tp: true, ipsec: true };

/** A Linux router out of the box: nobody attached the PPTP helper, and the other two have nothing to switch. */
export const LINUX_DEFAULTS: Switches = { pptp: false, l2tp: true, ipsec: true };
/** A home router lets in only what was asked for; a plain Linux machine does so only when it is told to. */
export const HOME: Partial<RouterSetup> = { firewall: true };

const SECOND = 1_000_000;
export const seconds = (count: number): number => Math.round(count * SECOND);

/** Laptops are named in the order in which they sit down: A at .10, B at .11, … */
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;

export function laptop(index: number, vpn: ClientVpn, startAt = index * seconds(0.4)): ClientSetup {
  const id = LETTERS[index] ?? `laptop-${index}`;
  return { id, name: `Laptop ${id.toUpperCase()}`, address: `192.168.1.${10 + index}`, vpn, startAt };
}

export function router(profile: string, switches: Switches, more: Partial<RouterSetup> = {}): RouterSetup {
  return { id: 'router', name: 'Router', profile, switches, lan: '192.168.1.1/24', wan: '203.0.113.1/24', ...more };
}

/** Servers: the first at 198.51.100.10, the second at .20. */
export function server(index: number, serves: readonly ServerVpn[], more: Partial<ServerSetup> = {}): ServerSetup {
  const name = index === 0 ? 'VPN server' : `VPN server ${index + 1}`;
  return {
    id: index === 0 ? 'server' : `server-${index + 1}`,
    name,
    address: `198.51.100.${10 * (index + 1)}`,
    serves,
    ...more,
  };
}

/** The usual world: laptops, one router, servers, a minute. */
export function world(parts: Partial<Experiment> & Pick<Experiment, 'clients' | 'servers' | 'routers'>): Experiment {
  return { seed: 1, duration: seconds(60), ...parts };
}
