/** libalias by itself, without a router around it: what was measured is the library. */
import { hex, putU16, toHex } from '../../../src/lib/bytes.ts';
import type { HelperId, RouterConfig } from '../../../src/router/config.ts';
import { Libalias } from '../../../src/router/libalias/libalias.ts';
import type { EntryView } from '../../../src/router/outcome.ts';
import { Packet } from '../../../src/router/packet.ts';
import { libalias } from '../../../src/router/profiles/libalias.ts';
import { configOf, type Profile } from '../../../src/router/profiles/profile.ts';
import type { Reason } from '../../../src/router/reason.ts';
import { Recorder } from '../../../src/router/recorder.ts';
import { ipv4 } from '../../../src/wire/address.ts';
import { checksum, pseudoSum } from '../../../src/wire/checksum.ts';

export const W = ipv4('203.0.113.1');
export const [C1, C2, C3] = ['192.168.1.10', '192.168.1.11', '192.168.1.12'].map(ipv4) as [number, number, number];
export const [S, S2] = ['198.51.100.9', '198.51.100.20'].map(ipv4) as [number, number];

const PLACE = { lan: { address: ipv4('192.168.1.1'), length: 24 }, wan: { address: W, length: 24 }, seed: 5 };
const [LAN, WAN] = [0, 1];
const ON = { pptp: true, l2tp: true, ipsec: true };

interface LibraryOptions {
  readonly profile?: Profile;
  readonly pptp?: boolean;
  /** What is drawn, in order; when it runs out, chance decides. */
  readonly draws?: readonly number[];
  readonly config?: Partial<RouterConfig>;
}

export class Library {
  now = 0;
  /** What was said about the last packet. */
  reasons: readonly Reason[] = [];
  /** How often a number was drawn. */
  drawn = 0;
  readonly core: Libalias;
  private readonly packet = new Packet();

  constructor({ profile = libalias, pptp = true, draws = [], config = {} }: LibraryOptions = {}) {
    const left = [...draws];
    let state = 1;
    const random = () => {
      state = (Math.imul(state, 0x5bd1e995) + 0x3c6ef372) | 0;
      return state >>> 16;
    };
    this.core = new Libalias(
      { ...configOf(profile, { ...ON, pptp }, PLACE), ...config },
      () => {
        this.drawn++;
        return left.shift();
      },
      random,
    );
  }

  set helpers(ids: readonly HelperId[]) {
    this.core.setHelpers(ids);
  }

  /** A packet that leaves by the outside interface. */
  out(bytes: Uint8Array): Uint8Array {
    return this.take(bytes, LAN, (packet) => {
      this.core.classify(packet);
      this.core.translateSource(packet, WAN, W);
      this.core.finish(packet);
    });
  }

  /** A packet that comes in by the outside interface. */
  in(bytes: Uint8Array): Uint8Array {
    return this.take(bytes, WAN, (packet) => {
      this.core.classify(packet);
      this.core.prepare(packet);
      this.core.translateDestination(packet);
    });
  }

  private take(bytes: Uint8Array, on: number, pass: (packet: Packet) => void): Uint8Array {
    const { core, packet } = this;
    const recorder = new Recorder();
    core.tables.now = this.now;
    core.tables.recorder = recorder;
    packet.load(bytes, bytes.length, on);
    pass(packet);
    core.release(packet);
    core.tables.recorder = undefined;
    this.reasons = recorder.reasons;
    return packet.bytes.slice(0, packet.length);
  }

  get entries(): readonly EntryView[] {
    return this.core.entries();
  }

  reason<Code extends Reason['code']>(code: Code): Extract<Reason, { code: Code }> | undefined {
    return this.reasons.find((each): each is Extract<Reason, { code: Code }> => each.code === code);
  }
}

/** Hex of a packet whose end was left out; its own total length says how long it is. */
export function whole(start: string): Uint8Array {
  const bytes = hex(start);
  const packet = new Uint8Array(Math.max(bytes.length, (bytes[2]! << 8) | bytes[3]!));
  packet.set(bytes);
  return packet;
}

export const startOf = (packet: Uint8Array, like: string): string => toHex(packet.subarray(0, like.length / 2));

const source = (packet: Uint8Array): number => new DataView(packet.buffer, packet.byteOffset).getUint32(12);
const destination = (packet: Uint8Array): number => new DataView(packet.buffer, packet.byteOffset).getUint32(16);
export const word = (packet: Uint8Array, at: number): number =>
  new DataView(packet.buffer, packet.byteOffset).getUint16(at);
export const ends = (packet: Uint8Array): readonly [number, number] => [source(packet), destination(packet)];

/** Whether a packet's IP header checksum and, where it has one that covers all of it, its transport's are right. */
export function isSound(packet: Uint8Array): boolean {
  const protocol = packet[9]!;
  if (checksum(packet, 0, 20) !== 0) return false;
  if (protocol === 1) return checksum(packet, 20, packet.length) === 0;
  if (protocol !== 6 && protocol !== 17) return true;
  if (protocol === 17 && word(packet, 26) === 0) return true;
  const pseudo = pseudoSum(source(packet), destination(packet), protocol, packet.length - 20);
  return checksum(packet, 20, packet.length, pseudo) === 0;
}

/** An ICMP message. */
export function icmp(type: number, code: number, rest: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + rest.length);
  bytes[0] = type;
  bytes[1] = code;
  bytes.set(rest, 4);
  putU16(bytes, 2, checksum(bytes, 0, bytes.length));
  return bytes;
}
