/**
 * What a stretch of traffic is: a generator of steps, which is told what the router in front of it let out after each.
 * Two routers are driven by two generators of the same seed; each builds its replies from what its own router sent.
 * How many steps there are, and what is drawn, must never depend on what the router did.
 * @module
 */
import type { Rng } from '../../../src/lib/rng.ts';
import { ipv4 } from '../../../src/wire/address.ts';
import { ip, joined, readIp } from './ip.ts';

export type Side = 'lan' | 'wan';

export type Step =
  | { readonly do: 'send'; readonly on: Side; readonly packet: Uint8Array; readonly what: string }
  | { readonly do: 'flush' }
  | { readonly do: 'helper'; readonly on: boolean }
  /** A new address of the WAN interface, same network. */
  | { readonly do: 'address'; readonly wan: number }
  /** Nothing happens until so many seconds after the router was set up. */
  | { readonly do: 'until'; readonly seconds: number };

/** A packet that came out of the router. */
export interface Sight {
  readonly on: string;
  readonly packet: Uint8Array;
}

export type Talk<Result = void> = Generator<Step, Result, readonly Sight[]>;

/** Who is there. One object a run: the WAN address may change under way. */
export interface Place {
  readonly lan: number;
  wan: number;
  readonly clients: readonly number[];
  /** Two on the WAN's own network, one behind the gateway. */
  readonly servers: readonly number[];
  readonly stranger: number;
}

export function newPlace(): Place {
  return {
    lan: ipv4('192.168.1.1'),
    wan: ipv4('203.0.113.1'),
    clients: [ipv4('192.168.1.10'), ipv4('192.168.1.11'), ipv4('192.168.1.12')],
    servers: [ipv4('203.0.113.10'), ipv4('203.0.113.20'), ipv4('198.51.100.10')],
    stranger: ipv4('198.51.100.66'),
  };
}

/** One conversation's start: its own randomness and the place it happens in. */
export type Conversation = (rng: Rng, place: Place) => Talk;

/** Sends from inside. Answers what the world outside got, or would have got, had the router kept the port. */
export function* fromClient(place: Place, packet: Uint8Array, what: string): Talk<Uint8Array> {
  const out = yield { do: 'send', on: 'lan', packet, what };
  return joined(out.filter((sight) => sight.on === 'wan').map((sight) => sight.packet)) ?? presumed(place, packet);
}

/** Sends from outside. Answers what arrived inside, if anything. */
export function* fromOutside(packet: Uint8Array, what: string): Talk<Uint8Array | undefined> {
  const out = yield { do: 'send', on: 'wan', packet, what };
  return joined(out.filter((sight) => sight.on === 'lan').map((sight) => sight.packet));
}

function presumed(place: Place, packet: Uint8Array): Uint8Array {
  if (packet.length < 20) return packet;
  return ip({ ...readIp(packet), source: place.wan });
}

/** Sends several packets from one side, one after the other. Answers everything that came out on the other. */
export function* sendAll(on: Side, packets: readonly Uint8Array[], what: string): Talk<Uint8Array[]> {
  const seen: Uint8Array[] = [];
  for (const [i, packet] of packets.entries()) {
    const out = yield { do: 'send', on, packet, what: `${what} ${i + 1}/${packets.length}` };
    seen.push(...out.filter((sight) => sight.on !== on).map((sight) => sight.packet));
  }
  return seen;
}
