/**
 * What an IPsec host does with packets once the keys are there (RFC 4301 §5): outbound, find the association whose
 * selectors cover the packet and wrap it; inbound, find the association by its SPI, check, unwrap, and make sure that
 * what came out is what the association is for. Nothing here knows how the keys came about.
 * @module
 */
import { u32 } from '../lib/bytes.ts';
import * as ipv4 from '../wire/ipv4.ts';
import { type ChecksumRule, type Ends, mended } from './ipsec-checksum.ts';
import type { Arrived, Guard, Inside } from './ipsec-guard.ts';
import type { Path } from './ipsec-path.ts';
import { covers, destinationOf, type Selector, sourceOf } from './ipsec-selectors.ts';

export type Mode = 'tunnel' | 'transport';

/** A pair of associations, one for each direction, and what they are for. */
export interface Pair {
  /** Who is at the other end, as people call it. */
  readonly peer: string;
  readonly mode: Mode;
  readonly guard: Guard;
  /** Our end and the peer's, as our stack sees the addresses. */
  readonly local: readonly Selector[];
  readonly remote: readonly Selector[];
  readonly path: Path;
  /** Transport mode: the addresses the peer's checksums are made with, where the key exchange told. */
  readonly original?: Ends;
}

/** Why a packet went no further (RFC 4301 §5.2, RFC 4302 §3.4, RFC 4303 §3.4). */
export interface Discard {
  readonly why: 'no-sa' | 'bad-icv' | 'replayed' | 'malformed' | 'selectors' | 'inner-checksum';
  readonly protocol: 'esp' | 'ah';
  readonly spi: number;
  readonly source: number;
  readonly peer?: string;
}

export interface PlaneUser {
  /** A packet came out of the tunnel, whole, as the stack is to see it. */
  readonly deliver: (packet: Uint8Array, pair: Pair) => void;
  /** Something authentic came through this association. */
  readonly heard: (pair: Pair, arrived: Arrived) => void;
  /** Told once for each reason and SPI; a kernel only counts them. */
  readonly discarded: (discard: Discard) => void;
}

const IPV4 = 4;
const DUMMY = 59;

const AH_SPI_AT = 4;

export class DataPlane {
  private readonly user: PlaneUser;
  private readonly checksums: ChecksumRule;
  /** In the order they came to be; by protocol and inbound SPI. */
  private readonly byName = new Map<string, Pair>();
  private readonly told = new Set<string>();

  constructor(user: PlaneUser, checksums: ChecksumRule = 'nat-oa') {
    this.user = user;
    this.checksums = checksums;
  }

  get pairs(): readonly Pair[] {
    return [...this.byName.values()];
  }

  /** Whether a packet is addressed to an association of ours. */
  knows(arrived: Arrived): boolean {
    return this.byName.has(nameOf(arrived.protocol, spiOf(arrived)));
  }

  add(pair: Pair): void {
    this.byName.set(nameOf(pair.guard.protocol, pair.guard.spi), pair);
  }

  remove(pair: Pair): void {
    this.byName.delete(nameOf(pair.guard.protocol, pair.guard.spi));
  }

  /**
   * Wraps a whole packet and sends it: through the newest association that covers it, as a policy lookup finds it, or
   * through the newest on the path given. Answers whether there was one.
   */
  send(bytes: Uint8Array, through?: Path): boolean {
    const parsed = ipv4.parse(bytes);
    if (!parsed.ok) return false;
    const packet = parsed.value;
    const [source, destination] = [sourceOf(packet), destinationOf(packet)];
    const pair = this.pairs.findLast(
      ({ local, remote, path }) =>
        (through === undefined || path === through) && covers(local, source) && covers(remote, destination),
    );
    if (!pair) return false;
    const tunnel = pair.mode === 'tunnel';
    pair.guard.send({
      nextHeader: tunnel ? IPV4 : packet.protocol,
      payload: tunnel ? bytes : packet.payload,
    });
    return true;
  }

  receive(arrived: Arrived): void {
    const out = this.unwrap(arrived);
    if (out?.ok) this.user.deliver(out.packet, out.pair);
    else if (out) this.discard(out.discard);
  }

  /** The checks of RFC 4301 §5.2, in their order. Of a dummy packet nothing is left. */
  private unwrap(arrived: Arrived): Unwrapped | undefined {
    const { protocol, incoming } = arrived;
    const spi = spiOf(arrived);
    // RFC 4301 §4.1: the SPI alone names a unicast association, whoever the packet seems to come from.
    const pair = this.byName.get(nameOf(protocol, spi));
    const no = (why: Discard['why']): Unwrapped => ({
      ok: false,
      discard: { why, protocol, spi, source: incoming.source, ...(pair ? { peer: pair.peer } : {}) },
    });
    if (!pair) return no('no-sa');
    const opened = pair.guard.open(arrived);
    if (!opened.ok) return no(opened.why);
    this.user.heard(pair, arrived);
    if (opened.inside.nextHeader === DUMMY) return undefined;
    const packet = pair.mode === 'tunnel' ? tunnelled(opened.inside) : this.transported(pair, opened.inside, arrived);
    if (typeof packet === 'string') return no(packet);
    if (!covers(pair.remote, sourceOf(packet.fields)) || !covers(pair.local, destinationOf(packet.fields)))
      return no('selectors');
    return { ok: true, packet: packet.bytes, pair };
  }

  /** Transport mode: the inner packet is the outer one's header with the payload that was inside. */
  private transported(pair: Pair, inside: Inside, { incoming }: Arrived): Whole | 'inner-checksum' | 'malformed' {
    const seen = { source: incoming.source, destination: incoming.destination };
    const payload = mended(this.checksums, inside.nextHeader, inside.payload, seen, pair.original ?? seen);
    if (!payload) return 'inner-checksum';
    return whole(ipv4.encode({ ...seen, protocol: inside.nextHeader, ttl: incoming.ttl, payload }));
  }

  private discard(discard: Discard): void {
    const key = `${discard.why} ${nameOf(discard.protocol, discard.spi)}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.user.discarded(discard);
  }
}

type Unwrapped =
  | { readonly ok: true; readonly packet: Uint8Array; readonly pair: Pair }
  | { readonly ok: false; readonly discard: Discard };

interface Whole {
  readonly bytes: Uint8Array;
  readonly fields: ipv4.Fields;
}

const nameOf = (protocol: 'esp' | 'ah', spi: number) => `${protocol} ${spi}`;

function spiOf({ protocol, packet }: Arrived): number {
  return u32(packet, protocol === 'ah' ? AH_SPI_AT : 0);
}

function tunnelled(inside: Inside): Whole | 'malformed' {
  return inside.nextHeader === IPV4 ? whole(inside.payload) : 'malformed';
}

function whole(bytes: Uint8Array): Whole | 'malformed' {
  const parsed = ipv4.parse(bytes);
  return parsed.ok ? { bytes, fields: parsed.value } : 'malformed';
}
