/**
 * One L2TPv3 session: both ends' ids, the cookies that each asks the other to show, and the pseudowire inside.
 * RFC 3931 §4.1 and §4.5; without the optional sublayer and without sequence numbers.
 * @module
 */
import { concat, equal } from '../lib/bytes.ts';
import type { Avp } from '../wire/l2tp-avp.ts';
import type { Host } from './endpoint.ts';
import { AVP, bytesOf, numberOf } from './l2tp-avps.ts';
import { PseudowireEnd, type PseudowireKind, type PseudowireUser } from './pseudowire-end.ts';
import type { Timers } from './timers.ts';

export interface SessionOptions {
  /** Our address inside. */
  readonly innerAddress: number;
  /** Default "ip". Both ends must mean the same. */
  readonly pseudowire?: PseudowireKind;
  /** Bytes of the cookie we ask the peer to show. Default 8. */
  readonly cookieLength?: 0 | 4 | 8;
}

/** Pseudowire types, RFC 4719 and the IANA registry. */
const PSEUDOWIRE_TYPES: Readonly<Record<PseudowireKind, number>> = { ethernet: 5, ip: 11 };
/** Circuit Status, §5.4.5: new, and active. */
export const ACTIVE_CIRCUIT = 3;
const NONE = new Uint8Array(0);

type Pair = readonly [type: number, value: Avp['value']];

/** What SCCRQ and SCCRP must say (§6.1, §6.2): name, router id, our id, and which pseudowires we can do. */
export function introductionOf(name: string, routerId: number, id: number): readonly Pair[] {
  const kinds = Object.values(PSEUDOWIRE_TYPES).flatMap((type) => [0, type]);
  return [
    [AVP.hostName, name],
    [AVP.routerId, routerId],
    [AVP.assignedConnectionId, id],
    [AVP.pseudowireCapabilities, Uint8Array.from(kinds)],
  ];
}

/** Draws a session id that is not 0, which means control (§4.1.1.2), nor taken. */
export function drawId(host: Host, taken: { has(id: number): boolean }): number {
  for (;;) {
    const id = host.rng.u32();
    if (id !== 0 && !taken.has(id)) return id;
  }
}

export class L2tpv3Session {
  readonly id: number;
  /** 0 until the peer told it. */
  peerId = 0;
  readonly end: PseudowireEnd;
  readonly type: number;
  private readonly cookie: Uint8Array;
  private peerCookie: Uint8Array = NONE;

  constructor(host: Host, timers: Timers, id: number, options: SessionOptions, user: PseudowireUser) {
    const kind = options.pseudowire ?? 'ip';
    this.id = id;
    this.type = PSEUDOWIRE_TYPES[kind];
    this.cookie = host.rng.bytes(options.cookieLength ?? 8);
    this.end = new PseudowireEnd(host, timers, { kind, address: options.innerAddress }, user);
  }

  /** What both messages that open a session say of us. */
  introduction(): readonly Pair[] {
    return this.cookie.length === 0 ? this.ids : [...this.ids, [AVP.assignedCookie, this.cookie]];
  }

  /** Ours first, then the peer's: so in every message about a session. */
  get ids(): readonly Pair[] {
    return [
      [AVP.localSessionId, this.id],
      [AVP.remoteSessionId, this.peerId],
    ];
  }

  /** Takes what the peer's message says of it. */
  meet(avps: readonly Avp[]): void {
    this.peerId = numberOf(avps, AVP.localSessionId) ?? 0;
    this.peerCookie = bytesOf(avps, AVP.assignedCookie) ?? NONE;
  }

  /** A frame as it goes on the wire: behind the cookie that the peer asked for. */
  body(frame: Uint8Array): Uint8Array {
    return concat(this.peerCookie, frame);
  }

  /** §4.5: the session id has been looked up; a packet with another cookie is dropped without a word. */
  receive(body: Uint8Array): void {
    const { length } = this.cookie;
    if (body.length >= length && equal(body.subarray(0, length), this.cookie)) this.end.receive(body.subarray(length));
  }
}
