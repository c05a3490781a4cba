/**
 * What an IPsec host does with packets once the keys are there (RFC 4301 §5): outbound, find the association whose
 * selectors cover the packet and wrap it; inbound, find the association by its SPI, check, unwrap, and make sure that
 * what came out is what the association is for. Nothing here knows how the keys came about.
 * @module
 */
import * as esp from '../wire/esp.ts';
import * as ipv4 from '../wire/ipv4.ts';
import type { Host, Incoming } from './endpoint.ts';
import type { InboundSa, OutboundSa } from './esp-sa.ts';
import { type ChecksumRule, type Ends, mended } from './ipsec-checksum.ts';
import type { Origin, Path } from './ipsec-path.ts';
import { covers, destinationOf, type Selector, sourceOf } from './ipsec-selectors.ts';

export type Mode = 'tunnel' | 'transport';

/** A pair of associations, one for each direction, and what they are for. */
export interface ChildSa {
  /** Who is at the other end, as people call it. */
  readonly peer: string;
  readonly mode: Mode;
  readonly inbound: InboundSa;
  readonly outbound: OutboundSa;
  /** Our end and the peer's, as our stack sees the addresses. */
  readonly local: readonly Selector[];
  readonly remote: readonly Selector[];
  readonly path: Path;
  /** Transport mode: the addresses the peer's checksums are made with, where the key exchange told. */
  readonly original?: Ends;
}

/** Why an ESP packet went no further, with the words of RFC 4301 §5.2 and RFC 4303 §3.4 behind each. */
export interface Discard {
  readonly why: 'no-sa' | 'bad-icv' | 'replayed' | 'malformed' | 'selectors' | 'inner-checksum';
  readonly spi: number;
  readonly source: number;
  readonly peer?: string;
}

export interface PlaneUser {
  /** A packet came out of the tunnel, whole, as the stack is to see it. */
  readonly deliver: (packet: Uint8Array, child: ChildSa) => void;
  /** Something authentic came through this association. */
  readonly heard: (child: ChildSa, origin: Origin | undefined) => void;
  /** Told once for each reason and SPI; a kernel only counts them. */
  readonly discarded: (discard: Discard) => void;
}

/** An ESP packet, the IP packet it came in, and its ports if it came in UDP. */
export interface Arrived {
  readonly packet: Uint8Array;
  readonly incoming: Incoming;
  readonly origin?: Origin;
}

const IPV4 = 4;
const DUMMY = 59;
const NO_ID = 0;

export class DataPlane {
  private readonly host: Host;
  private readonly user: PlaneUser;
  private readonly checksums: ChecksumRule;
  private readonly bySpi = new Map<number, ChildSa>();
  private readonly told = new Set<string>();

  constructor(host: Host, user: PlaneUser, checksums: ChecksumRule = 'nat-oa') {
    this.host = host;
    this.user = user;
    this.checksums = checksums;
  }

  /** The associations in the order they came to be. */
  get children(): readonly ChildSa[] {
    return [...this.bySpi.values()];
  }

  knows(spi: number): boolean {
    return this.bySpi.has(spi);
  }

  add(child: ChildSa): void {
    this.bySpi.set(child.inbound.keying.spi, child);
  }

  remove(child: ChildSa): void {
    this.bySpi.delete(child.inbound.keying.spi);
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
    const child = this.children.findLast(
      ({ local, remote, path }) =>
        (through === undefined || path === through) && covers(local, source) && covers(remote, destination),
    );
    if (!child) return false;
    const inside =
      child.mode === 'tunnel'
        ? { nextHeader: IPV4, payload: bytes }
        : { nextHeader: packet.protocol, payload: packet.payload };
    child.path.sendEsp(child.outbound.seal(inside, this.host.rng));
    return true;
  }

  receive(arrived: Arrived): void {
    const out = this.unwrap(arrived);
    if (out?.ok) this.user.deliver(out.packet, out.child);
    else if (out) this.discard(out.discard);
  }

  /** The checks of RFC 4301 §5.2, in their order. A dummy packet comes out as `undefined`. */
  private unwrap(arrived: Arrived): Unwrapped | undefined {
    const parsed = esp.parse(arrived.packet);
    const source = arrived.incoming.source;
    if (!parsed.ok) return { ok: false, discard: { why: 'malformed', spi: 0, source } };
    const { spi } = parsed.value;
    // RFC 4301 §4.1: the SPI alone names a unicast association, whoever the packet seems to come from.
    const child = this.bySpi.get(spi);
    if (!child) return { ok: false, discard: { why: 'no-sa', spi, source } };
    const no = (why: Discard['why']): Unwrapped => ({ ok: false, discard: { why, spi, source, peer: child.peer } });
    const received = child.inbound.open(parsed.value);
    if (!received.ok) return no(received.why);
    this.user.heard(child, arrived.origin);
    const { inside } = received;
    if (inside.nextHeader === DUMMY) return undefined;
    const packet = child.mode === 'tunnel' ? tunnelled(inside) : this.transported(child, inside, arrived);
    if (typeof packet === 'string') return no(packet);
    if (!covers(child.remote, sourceOf(packet.fields)) || !covers(child.local, destinationOf(packet.fields)))
      return no('selectors');
    return { ok: true, packet: packet.bytes, child };
  }

  /** Transport mode: the inner packet is the outer one's header with the payload that was inside. */
  private transported(
    child: ChildSa,
    inside: { readonly nextHeader: number; readonly payload: Uint8Array },
    { incoming }: Arrived,
  ): Whole | 'inner-checksum' | 'malformed' {
    const seen = { source: incoming.source, destination: incoming.destination };
    const payload = mended(this.checksums, inside.nextHeader, inside.payload, seen, child.original ?? seen);
    if (!payload) return 'inner-checksum';
    return whole(ipv4.encode({ ...seen, protocol: inside.nextHeader, ttl: incoming.ttl, id: NO_ID, payload }));
  }

  private discard(discard: Discard): void {
    const key = `${discard.why} ${discard.spi}`;
    if (this.told.has(key)) return;
    this.told.add(key);
    this.user.discarded(discard);
  }
}

type Unwrapped =
  | { readonly ok: true; readonly packet: Uint8Array; readonly child: ChildSa }
  | { readonly ok: false; readonly discard: Discard };

interface Whole {
  readonly bytes: Uint8Array;
  readonly fields: ipv4.Fields;
}

function tunnelled(inside: { readonly nextHeader: number; readonly payload: Uint8Array }): Whole | 'malformed' {
  return inside.nextHeader === IPV4 ? whole(inside.payload) : 'malformed';
}

function whole(bytes: Uint8Array): Whole | 'malformed' {
  const parsed = ipv4.parse(bytes);
  return parsed.ok ? { bytes, fields: parsed.value } : 'malformed';
}
