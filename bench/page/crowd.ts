/** An experiment with thousands of packets on their way at once: six laptops send fast over a slow Internet. */

import { toHex } from '../../src/lib/bytes.ts';
import { HOME, laptop, ON, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import { knocks } from '../../src/scenarios/knocks.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { encode } from '../../src/wire/ipv4.ts';
import type { Experiment, Intervention } from '../../src/world/experiment.ts';

const LAPTOPS = 6;
/** Microseconds from one packet to the next. */
const EACH = 1000;

/** So many packets, so many milliseconds one way over the Internet: as many are on their way at once. */
export function crowd(packets: number, milliseconds: number): Experiment {
  const clients = Array.from({ length: LAPTOPS }, (_, i) =>
    laptop(i, { kind: 'pptp', server: 'server' }, seconds(600)),
  );
  const kinds = clients.map(({ address }) =>
    knocks(ipv4(address), ipv4('198.51.100.10')).map((each) => toHex(encode(each))),
  );
  const interventions = Array.from({ length: packets }, (_, i): Intervention => {
    const sender = i % LAPTOPS;
    const hexes = kinds[sender]!;
    return {
      at: i * EACH,
      do: 'packet',
      from: clients[sender]!.id,
      hex: hexes[Math.floor(i / LAPTOPS) % hexes.length]!,
    };
  });
  return world({
    clients,
    routers: [router('linux', ON, HOME)],
    servers: [server(0, [{ kind: 'pptp' }])],
    internet: { delay: milliseconds * 1000 },
    interventions,
    duration: seconds(20),
  });
}
