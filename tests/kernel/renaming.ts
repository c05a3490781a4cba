/**
 * Compares what two routers sent, byte for byte, up to what each drew at random. A drawn value may differ where both
 * drew one, in the range its class allows, and must then stay paired: the same on the left is always the same on the
 * right. Before the bytes are compared the right packet gets the left one's drawn values, and each checksum over them
 * moves by the same amount, so that a wrong checksum must be wrong in the same way on both sides.
 * @module
 */
import { equal, putU16, putU32, u16, u32 } from '../../src/lib/bytes.ts';
import { sum16 } from '../../src/wire/checksum.ts';
import {
  adjust,
  body,
  copyTime,
  crcOf,
  firstDifference,
  groups,
  headerLength,
  isZero,
  timeStamps,
} from './packet-parts.ts';
import type { Sight, Step } from './traffic/talk.ts';
import { DCCP, GRE, ICMP, SCTP, TCP, UDP, UDPLITE } from './traffic/transport.ts';

const PORTED = [TCP, UDP, SCTP, UDPLITE, DCCP];

/** Which values a place in a packet shares its draws with. */
type Pool = `ports of ${number}` | 'ids of echoes' | 'identification';

/** What the router was given, where a value in its output may be a fresh draw. */
interface Origin {
  readonly protocol: number;
  /** The inside host and its port or id: what a mapping belongs to. */
  readonly inside: string;
  readonly key: number;
  /** The same as the right router was given it: another where it is an answer to a drawn one. */
  readonly rightKey: number;
}

/** Checksum field positions by protocol; SCTP's is a CRC and stands apart. */
const CHECKSUM_AT: Readonly<Record<number, number>> = { [TCP]: 16, [UDP]: 6, [UDPLITE]: 6, [ICMP]: 2 };

export class Renaming {
  private readonly routerAddresses: Set<number>;
  private readonly lax: boolean;
  private readonly pairs = new Map<Pool, Set<string>>();
  private readonly firstPieces = new Map<string, Origin>();
  private readonly mappings = new Map<
    string,
    { readonly left: Map<number, number>; readonly right: Map<number, number> }
  >();

  /**
   * `lax`: where entries run out. The kernel goes on reusing the mapping of an entry that has run out until its
   * collector comes by, which is left to chance (find_appropriate_src does not look at the time); so one may have to
   * draw where the other need not, and only that the pairs are kept is asked.
   */
  constructor(routerAddresses: readonly number[], lax: boolean) {
    this.routerAddresses = new Set(routerAddresses);
    this.lax = lax;
  }

  /** The router forgot its mappings: what it draws from now on is new. */
  forget(): void {
    this.mappings.clear();
  }

  addAddress(address: number): void {
    this.routerAddresses.add(address);
    this.forget();
  }

  /** Whether both may be the same value under this renaming: for ports and ids read elsewhere than in packets. */
  same(protocol: number, left: number, right: number): boolean {
    const pool: Pool = protocol === ICMP ? 'ids of echoes' : `ports of ${protocol === GRE ? TCP : protocol}`;
    return left === right || this.known(pool, left, right);
  }

  /** Says how the outputs differ, or nothing where they agree. */
  difference(steps: readonly [Step, Step], left: readonly Sight[], right: readonly Sight[]): string | undefined {
    const origin = this.originOf(...steps);
    for (const side of ['lan', 'wan']) {
      const a = left.filter((sight) => sight.on === side).map((sight) => sight.packet);
      const b = right.filter((sight) => sight.on === side).map((sight) => sight.packet);
      if (a.length !== b.length) return `${a.length} against ${b.length} packets on ${side}`;
      const found = this.compareAll(a, b, origin);
      if (found) return `${found} on ${side}`;
    }
    return undefined;
  }

  /** Pieces of a datagram leave with the last of them, which need not be the one that has the ports. */
  private originOf(left: Step, right: Step): Origin | undefined {
    if (left.do !== 'send' || right.do !== 'send' || left.packet.length < 20) return undefined;
    const { packet } = left;
    const protocol = packet[9]!;
    const datagram = `${protocol} ${u32(packet, 12)} ${u32(packet, 16)} ${u16(packet, 4)}`;
    if ((u16(packet, 6) & 0x1fff) !== 0) return this.firstPieces.get(datagram);
    const at = headerLength(packet) + (protocol === ICMP ? 4 : 0);
    if (at + 2 > packet.length) return undefined;
    const key = u16(packet, at);
    const origin = { protocol, inside: `${protocol} ${u32(packet, 12)} ${key}`, key, rightKey: u16(right.packet, at) };
    if ((u16(packet, 6) & 0x2000) !== 0) this.firstPieces.set(datagram, origin);
    return origin;
  }

  private compareAll(
    left: readonly Uint8Array[],
    right: readonly Uint8Array[],
    origin: Origin | undefined,
  ): string | undefined {
    for (const group of groups(left)) {
      const a = group.map((i) => left[i]!);
      const b = group.map((i) => right[i]!);
      if (a.some((packet, i) => packet.length !== b[i]!.length)) return 'lengths differ';
      const found = this.compareDatagram(a, b, origin);
      if (found) return found;
    }
    return undefined;
  }

  /** All pieces of one datagram, or a single packet: headers piece by piece, then what they carry as a whole. */
  private compareDatagram(
    a: readonly Uint8Array[],
    b: readonly Uint8Array[],
    origin: Origin | undefined,
  ): string | undefined {
    for (const [i, packet] of a.entries()) {
      const other = b[i]!.slice();
      this.alignHeader(packet, other);
      const length = headerLength(packet);
      const [x, y] = [packet.subarray(0, length), other.subarray(0, length)];
      if (!equal(x, y)) return `IP headers differ at ${firstDifference(x, y)}`;
    }
    const left = body(a);
    const right = body(b);
    const protocol = a[0]![9]!;
    const error = this.alignBody(protocol, left, right, this.isOwn(a[0]!) ? undefined : origin);
    if (error) return error;
    return equal(left, right)
      ? undefined
      : `contents of protocol ${protocol} differ at ${firstDifference(left, right)}`;
  }

  private isOwn(packet: Uint8Array): boolean {
    return packet.length >= 20 && packet[8] === 64 && this.routerAddresses.has(u32(packet, 12));
  }

  /** Identification of the router's own packets, and time stamps that it wrote into the options. */
  private alignHeader(left: Uint8Array, right: Uint8Array, quoted = false): void {
    const length = Math.min(headerLength(left), left.length);
    if (length < 12 || headerLength(right) !== headerLength(left)) return;
    const before = sum16(right, 0, length) - u16(right, 10);
    if (this.isOwn(left) && !quoted) this.remember('identification', u16(left, 4), u16(right, 4));
    this.swap('identification', left, right, 4);
    for (const at of timeStamps(left, length)) copyTime(left, right, at);
    // Quoted headers may have a checksum that was not renewed when a time stamp was written, or one made up.
    if (u16(left, 10) !== u16(right, 10)) adjust(right, 10, before, sum16(right, 0, length) - u16(right, 10));
  }

  /** Gives `right` the drawn values of `left`. Answers what is wrong with a draw, if anything. */
  private alignBody(protocol: number, left: Uint8Array, right: Uint8Array, origin?: Origin): string | undefined {
    const at = CHECKSUM_AT[protocol];
    const sumThere = at !== undefined && at + 2 <= right.length;
    const before = sumThere ? sum16(right, 0, right.length) - u16(right, at) : 0;
    const crcBefore = protocol === SCTP ? crcOf(right) : 0;
    const unchanged = right.slice();
    const error = this.swapValues(protocol, left, right, origin);
    if (error || equal(unchanged, right)) return error;
    // A checksum that is the same on both sides, though what it covers is not, was never computed: it stays.
    if (sumThere && u16(left, at) !== u16(right, at)) {
      adjust(right, at, before, sum16(right, 0, right.length) - u16(right, at));
      // One's complement has two zeros; which of them an update leaves depends on the values.
      if (isZero(u16(left, at)) && isZero(u16(right, at))) putU16(right, at, u16(left, at));
    }
    if (protocol === SCTP && right.length >= 12 && u32(left, 8) !== u32(right, 8))
      putU32(right, 8, (u32(right, 8) ^ crcBefore ^ crcOf(right)) >>> 0);
    return undefined;
  }

  private swapValues(protocol: number, left: Uint8Array, right: Uint8Array, origin?: Origin): string | undefined {
    const fresh = origin && origin.protocol === protocol ? origin : undefined;
    if (PORTED.includes(protocol) && left.length >= 4) {
      const pool: Pool = `ports of ${protocol}`;
      const error = fresh && this.draw(pool, fresh, u16(left, 0), u16(right, 0));
      if (error) return error;
      this.swap(pool, left, right, 0);
      this.swap(pool, left, right, 2);
      if (protocol === TCP) this.swapCallIds(left, right);
    } else if (protocol === GRE && left.length >= 8 && (left[1]! & 7) === 1) {
      this.swap(`ports of ${TCP}`, left, right, 6);
    } else if (protocol === ICMP && left.length >= 8) {
      return this.swapIcmp(left, right, fresh);
    }
    return undefined;
  }

  private swapIcmp(left: Uint8Array, right: Uint8Array, fresh: Origin | undefined): string | undefined {
    const type = left[0]!;
    if ([3, 4, 5, 11, 12].includes(type)) {
      this.alignQuote(left.subarray(8), right.subarray(8));
      return undefined;
    }
    const error = fresh && this.draw('ids of echoes', fresh, u16(left, 4), u16(right, 4));
    if (error) return error;
    this.swap('ids of echoes', left, right, 4);
    // The router's clock, in its answer to a timestamp query.
    if (type === 14 && left.length >= 20) for (const at of [12, 16]) copyTime(left, right, at);
    return undefined;
  }

  private alignQuote(left: Uint8Array, right: Uint8Array): void {
    const length = headerLength(left);
    this.alignHeader(left, right, true);
    if (length < 20 || length > left.length || length !== headerLength(right)) return;
    if ((u16(left, 6) & 0x1fff) === 0) this.alignBody(left[9]!, left.subarray(length), right.subarray(length));
  }

  /** The Call IDs of PPTP are TCP ports in disguise: wherever one of a known pair stands in a control message. */
  private swapCallIds(left: Uint8Array, right: Uint8Array): void {
    if (u16(left, 0) !== 1723 && u16(left, 2) !== 1723) return;
    for (let at = (left[12]! >>> 4) * 4; at + 2 <= left.length; at += 2) this.swap(`ports of ${TCP}`, left, right, at);
  }

  /** A forwarded packet left with these source ports: is that how two routers that draw differently would do it? */
  private draw(pool: Pool, origin: Origin, left: number, right: number): string | undefined {
    if (this.lax) {
      this.remember(pool, left, right);
      return undefined;
    }
    if ((left === origin.key) !== (right === origin.rightKey))
      return `${left} against ${right}, where ${origin.key} came`;
    const [low, high] = rangeOf(pool, origin.key);
    if (left !== origin.key && (right < low || right > high)) return `drew ${right}, not of ${low} to ${high}`;
    const mapping = this.mappings.get(origin.inside) ?? { left: new Map(), right: new Map() };
    this.mappings.set(origin.inside, mapping);
    if ((mapping.left.get(left) ?? right) !== right)
      return `${left} went with ${mapping.left.get(left)}, now with ${right}`;
    if ((mapping.right.get(right) ?? left) !== left)
      return `${right} went with ${mapping.right.get(right)}, now with ${left}`;
    mapping.left.set(left, right);
    mapping.right.set(right, left);
    this.remember(pool, left, right);
    return undefined;
  }

  private remember(pool: Pool, left: number, right: number): void {
    const known = this.pairs.get(pool) ?? new Set();
    this.pairs.set(pool, known.add(`${left} ${right}`));
  }

  private known(pool: Pool, left: number, right: number): boolean {
    return this.pairs.get(pool)?.has(`${left} ${right}`) ?? false;
  }

  private swap(pool: Pool, left: Uint8Array, right: Uint8Array, at: number): void {
    if (at + 2 <= left.length && this.known(pool, u16(left, at), u16(right, at))) putU16(right, at, u16(left, at));
  }
}

/** The range of the kernel's port search (nf_nat_l4proto_unique_tuple). */
function rangeOf(pool: Pool, key: number): readonly [number, number] {
  if (pool === 'ids of echoes') return [0, 65535];
  if (key < 512) return [1, 511];
  return key < 1024 ? [600, 1023] : [1024, 65535];
}
