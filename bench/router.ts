/**
 * Packets translated per second through the `linux` and the `libalias` profile, and bytes of memory an entry.
 * Established flows, half of the packets outbound and half inbound, in random order, one core.
 * @module
 */
import { putU16, putU32 } from '../src/lib/bytes.ts';
import { Rng } from '../src/lib/rng.ts';
import type { RouterConfig } from '../src/router/config.ts';
import { libalias } from '../src/router/profiles/libalias.ts';
import { linux } from '../src/router/profiles/linux.ts';
import { configOf } from '../src/router/profiles/profile.ts';
import { Router } from '../src/router/router.ts';
import type { Prefix } from '../src/wire/address.ts';
import { checksum, pseudoSum } from '../src/wire/checksum.ts';

export type Mix = 'udp' | 'tcp' | 'gre' | 'esp' | 'all';

/** A whole IPv4 packet of 100 bytes, as in the libalias measurements this is held against. */
const SIZE = 100;
const WAN = 0xcb007101;

function packet(
  protocol: number,
  source: number,
  destination: number,
  sourcePort: number,
  destinationPort: number,
): Uint8Array {
  const bytes = new Uint8Array(SIZE);
  bytes[0] = 0x45;
  putU16(bytes, 2, SIZE);
  bytes[8] = 64;
  bytes[9] = protocol;
  putU32(bytes, 12, source);
  putU32(bytes, 16, destination);
  putU16(bytes, 10, checksum(bytes, 0, 20));
  if (protocol === 17) {
    putU16(bytes, 20, sourcePort);
    putU16(bytes, 22, destinationPort);
    putU16(bytes, 24, SIZE - 20);
    putU16(bytes, 26, checksum(bytes, 20, SIZE, pseudoSum(source, destination, 17, SIZE - 20)) || 0xffff);
  } else if (protocol === 6) {
    putU16(bytes, 20, sourcePort);
    putU16(bytes, 22, destinationPort);
    putU32(bytes, 24, 1000);
    putU32(bytes, 28, 1000);
    bytes[32] = 0x50;
    bytes[33] = 0x10;
    putU16(bytes, 34, 8192);
    putU16(bytes, 36, checksum(bytes, 20, SIZE, pseudoSum(source, destination, 6, SIZE - 20)));
  }
  return bytes;
}

interface Flow {
  readonly out: Uint8Array;
  readonly back: Uint8Array;
}

const PROTOCOLS: Readonly<Record<Exclude<Mix, 'all'>, number>> = { udp: 17, tcp: 6, gre: 47, esp: 50 };

/** As the measurements of libalias have it: of so many hosts that send ESP to one server, the newest has the answers. */
const CROWD = 50;

/**
 * Many clients, many servers. Through Linux, ESP and GRE need an address pair of their own for each flow; through
 * libalias they share servers.
 */
function flow(kind: Exclude<Mix, 'all'>, index: number, core: Core): Flow {
  const protocol = PROTOCOLS[kind];
  const client = (0x0a000000 + (index % 65000) + 1) >>> 0;
  const group = Math.floor(index / CROWD);
  const own = group * 7 + (index % CROWD === 0 ? 0 : index);
  const server = (0xc6000000 + (core === 'libalias' ? group : own)) >>> 0;
  const port = 1024 + (index % 60000);
  const peer = protocol === 17 || protocol === 6 ? 4000 : 0;
  return {
    out: packet(protocol, client, server, port, peer),
    back: packet(protocol, server, WAN, peer, port),
  };
}

/** Seconds of processor time of this process: other processes' turns do not count. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000_000;
}

export type Core = 'linux' | 'libalias';

/** Roomy enough for every client. */
const LAN: Prefix = { address: 0x0affffff, length: 8 };
const ON = { pptp: true, l2tp: true, ipsec: true };

function configFor(core: Core): RouterConfig {
  const wan = { address: WAN, length: 24 };
  const [profile, switches] = core === 'linux' ? [linux, linux.defaults] : [libalias, ON];
  return configOf(profile, switches, { lan: LAN, wan, seed: 1 });
}

export interface RouterFigure {
  readonly mix: Mix;
  readonly entries: number;
  readonly packetsPerSecond: number;
  readonly bytesPerEntry: number;
}

/** `entries` live flows; the best of `rounds` runs of `packets` packets each (the rest is the machine's noise). */
export function measureRouter(mix: Mix, entries: number, core: Core, packets = 400_000, rounds = 5): RouterFigure {
  const router = new Router({ ...configFor(core), maxEntries: entries * 2 });
  const kinds: readonly Exclude<Mix, 'all'>[] = mix === 'all' ? ['udp', 'tcp', 'gre', 'esp'] : [mix];
  const flows: Flow[] = [];
  for (let i = 0; i < entries; i++) {
    const each = flow(kinds[i % kinds.length]!, i, core);
    router.process(0, each.out, SIZE, 0);
    if (router.process(1, each.back, SIZE, 0) !== 1 || router.sent[0]?.on !== 0)
      throw new Error(`flow ${i} of ${mix} does not come back`);
    flows.push(each);
  }
  const rng = new Rng(1);
  const order = Uint32Array.from({ length: 65536 }, () => rng.below(flows.length));
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = cpuSeconds();
    for (let i = 0; i < packets; i += 2) {
      const each = flows[order[(i >> 1) & 65535]!]!;
      router.process(0, each.out, SIZE, 1);
      router.process(1, each.back, SIZE, 1);
    }
    rates.push(packets / (cpuSeconds() - started));
  }
  return {
    mix,
    entries: router.load.entries,
    packetsPerSecond: Math.max(...rates),
    bytesPerEntry: router.load.bytes / router.load.entries,
  };
}
