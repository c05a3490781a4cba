/** A router on the bench: packets made by hand go in, and what comes out is read by its bytes. */
import { u32 } from '../../src/lib/bytes.ts';
import type { RouterConfig } from '../../src/router/config.ts';
import type { Outcome } from '../../src/router/outcome.ts';
import { configOf, type Profile, type Switches } from '../../src/router/profiles/profile.ts';
import type { Reason } from '../../src/router/reason.ts';
import { Router } from '../../src/router/router.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';
import { mustRead } from '../support/must-read.ts';

export const WAN = ipv4('203.0.113.1');
export const [A, B, C] = ['192.168.1.10', '192.168.1.11', '192.168.1.12'].map(ipv4) as [number, number, number];
export const [S, S2] = ['198.51.100.10', '198.51.100.20'].map(ipv4) as [number, number];

const PLACE = { lan: { address: ipv4('192.168.1.1'), length: 24 }, wan: { address: WAN, length: 24 }, seed: 5 };

/** A router of this profile, its switches as given, the others as they come. */
export function routerOf(
  profile: Profile,
  switches: Partial<Switches> = {},
  config: Partial<RouterConfig> = {},
): Bench {
  return new Bench(new Router({ ...configOf(profile, { ...profile.defaults, ...switches }, PLACE), ...config }));
}

/** A packet on one side of the router. */
export interface Seen extends ip.Fields {
  readonly on: string;
  readonly bytes: Uint8Array;
}

export class Bench {
  readonly router: Router;
  /** Seconds. */
  now = 0;
  /** What became of the last packet. */
  last!: Outcome;

  constructor(router: Router) {
    this.router = router;
  }

  /** Sends a packet in on the side its source is on; answers what left on the other side, if anything did. */
  send(packet: Uint8Array): Seen | undefined {
    const inside = u32(packet, 12) >>> 8 === PLACE.lan.address >>> 8;
    this.last = this.router.receive(inside ? 'lan' : 'wan', packet, this.now);
    const out = this.last.out.find((each) => !each.own);
    return out && { ...readIp(out.packet), on: out.on, bytes: out.packet };
  }

  get codes(): readonly Reason['code'][] {
    return this.last.reasons.map((each) => each.code);
  }

  /** The last packet's reason of this code. */
  reason<Code extends Reason['code']>(code: Code): Extract<Reason, { code: Code }> | undefined {
    return this.last.reasons.find((each): each is Extract<Reason, { code: Code }> => each.code === code);
  }
}

export function readIp(packet: Uint8Array): ip.Fields {
  return mustRead(ip.parse(packet));
}

/** Reads a TCP segment and holds it to its checksum. */
export function readTcp(packet: ip.Fields): tcp.Fields {
  return mustRead(tcp.parse(packet.payload, packet));
}

/** Reads a datagram and holds it to its checksum. */
export function readUdp(packet: ip.Fields): udp.Fields {
  return mustRead(udp.parse(packet.payload, packet));
}

export function packet(source: number, destination: number, protocol: number, payload: Uint8Array): Uint8Array {
  return ip.encode({ source, destination, protocol, payload });
}

export function datagram(
  source: number,
  sourcePort: number,
  destination: number,
  destinationPort: number,
  payload: Uint8Array,
): Uint8Array {
  const ends = { source, destination };
  return packet(source, destination, udp.PROTOCOL, udp.encode({ sourcePort, destinationPort, payload }, ends));
}
