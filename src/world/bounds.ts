/** How large an experiment may be, so that a run ends soon and a link stays short. @module */

/** No run goes on for longer, in microseconds. */
export const LONGEST_RUN = 3_600_000_000;

/** How much of each an experiment may hold. */
export const MOST = { clients: 8, servers: 4, routers: 2, interventions: 200, name: 60, packet: 65_535 };

/**
 * A run ends when it has cost so much, as when eight laptops dial anew every second for an hour: that is a second or
 * two of computing, and each change has it run again. An occurrence costs one; what is told comes to a thousand at most.
 */
export const MOST_WORK = 40_000;

/** What one more secret costs, since a key exchange stands behind it (measured on WireGuard, the dearest). */
export const SECRET_COSTS = 4;

/** How long a router is away when it reboots, in microseconds. */
export const REBOOT = 3_000_000;
