/**
 * Chooses the source that a new flow shows outside, so that its replies can be told from all others.
 *
 * In this order: what this inside end shows already toward anybody; its own key; a free one of the same class, found
 * by counting up from a random start. Two flows may show the same key toward different destinations.
 * Source: Linux nf_nat_core.c get_unique_tuple, nf_nat_l4proto_unique_tuple, nf_nat_used_tuple*; the older way:
 * nf_nat_proto_common.c of Linux 4.1.
 * @module
 */
import type { Conntrack } from './conntrack.ts';
import { type KeyPicker, place, type Range } from './key-picker.ts';
import { DESTINATION_NAT, EXPECTED, NAT_MASK, ORIGINAL, REPLY_DIRECTION, SOURCE_NAT } from './record.ts';
import type { Side } from './rewrite.ts';
import { SYN_SENT, stateOf, TIME_WAIT } from './tcp-state.ts';
import { GRE, ICMP, SCTP, TCP, Tuple, UDP, UDPLITE } from './tuple.ts';

/** A question to whoever decides by chance; addresses unsigned, low and high both allowed. */
export interface DrawRequest {
  readonly protocol: number;
  readonly source: number;
  readonly sourceKey: number;
  readonly destination: number;
  readonly destinationKey: number;
  readonly low: number;
  readonly high: number;
}

/** Answers the key to try first: what a recorded router drew, or a random one. */
export type PortDraw = (request: DrawRequest) => number;

/** As many keys are tried from one start before a new one is drawn (NF_NAT_MAX_ATTEMPTS). */
const MAX_ATTEMPTS = 128;
/** In the last tries of a round, a TCP entry that is closing may be evicted (NF_NAT_HARDER_THRESH). */
const HARDER = MAX_ATTEMPTS / 4;

export class PortPicker implements KeyPicker {
  private readonly conntrack: Conntrack;
  private readonly draw: PortDraw;
  private readonly inOrder: boolean;
  private readonly rovers = new Map<number, number>();
  private readonly inverse = new Tuple();
  private readonly mine = new Tuple();
  private readonly theirs = new Tuple();

  /** `inOrder`: as kernels up to 5.0, which search through a class in order and draw nothing. */
  constructor(conntrack: Conntrack, draw: PortDraw, inOrder = false) {
    this.conntrack = conntrack;
    this.draw = draw;
    this.inOrder = inOrder;
  }

  choose(entry: number, side: Side, range: Range, current: Tuple, chosen: Tuple): true {
    if (side === 'source') {
      if (inRange(current, range)) {
        if (!this.isTakenAsIs(current, entry)) {
          chosen.copy(current);
          return true;
        }
      } else if (this.findMapping(current, range, chosen) && !this.isTaken(chosen, entry)) {
        this.explainReuse(current, chosen);
        return true;
      }
    }
    place(side, range, current, chosen);
    if (range.key !== undefined) return true;
    if (this.isTaken(chosen, entry)) this.pickKey(entry, side, chosen);
    else if (side === 'source' && hasPorts(chosen.protocol))
      this.conntrack.recorder?.note({ code: 'port-kept', port: chosen.sourceKey });
    return true;
  }

  private explainReuse(current: Tuple, chosen: Tuple): void {
    const { recorder } = this.conntrack;
    if (!recorder || !hasPorts(current.protocol)) return;
    if (chosen.sourceKey === current.sourceKey) recorder.note({ code: 'port-kept', port: chosen.sourceKey });
    else recorder.did({ code: 'port-reused', from: current.sourceKey, to: chosen.sourceKey });
  }

  /** What this inside end shows outside already, whatever the destination: the newest mapping within range. */
  private findMapping(current: Tuple, range: Range, chosen: Tuple): boolean {
    const { table } = this.conntrack;
    for (let entry = table.bySource(current); entry >= 0; entry = table.bySource(current, entry)) {
      chosen.invert(table.tuple(entry, REPLY_DIRECTION, this.theirs));
      chosen.destination = current.destination;
      chosen.setKeys(chosen.sourceKey, current.destinationKey);
      if (inRange(chosen, range)) return true;
    }
    return false;
  }

  /** Does another flow have this one's reply tuple? One with the same original is this flow itself, seen twice. */
  private isTaken(tuple: Tuple, entry: number): boolean {
    const { table, now } = this.conntrack;
    if (!this.inverse.invert(tuple)) return false;
    const node = table.find(this.inverse, now);
    if (node < 0) return false;
    table.tuple(node >> 1, ORIGINAL, this.theirs);
    return !this.theirs.equals(table.tuple(entry, ORIGINAL, this.mine));
  }

  /** For a flow that would go out unchanged: a clash with its own reverse is left to the confirmation. */
  private isTakenAsIs(tuple: Tuple, entry: number): boolean {
    if (!this.isTaken(tuple, entry)) return false;
    const { table, now } = this.conntrack;
    if (tuple.protocol === TCP || tuple.protocol === ICMP || tuple.protocol === SCTP) return true;
    if (table.status(entry) & NAT_MASK) return true;
    let node = table.find(tuple, now);
    if (node < 0 && this.inverse.invert(tuple)) node = table.find(this.inverse, now);
    if (node < 0) return false;
    const other = node >> 1;
    if (table.has(other, SOURCE_NAT | DESTINATION_NAT)) return true;
    table.tuple(other, ORIGINAL, this.theirs);
    return !this.theirs.equals(table.tuple(entry, REPLY_DIRECTION, this.mine));
  }

  private pickKey(entry: number, side: Side, chosen: Tuple): void {
    const own = side === 'source' || chosen.protocol === ICMP ? chosen.sourceKey : chosen.destinationKey;
    const klass = keyClass(chosen.protocol, own, side, this.conntrack.table.has(entry, EXPECTED));
    if (!klass) return;
    const [low, high] = klass;
    const tell = (how: 'by-chance' | 'in-order'): void => {
      const to = side === 'source' || chosen.protocol === ICMP ? chosen.sourceKey : chosen.destinationKey;
      this.conntrack.recorder?.did({ code: 'port-drawn', from: own, to, low, high, how, because: 'taken' });
    };
    const put = (key: number): void => {
      if (side === 'source' || chosen.protocol === ICMP) chosen.setKeys(key, chosen.destinationKey);
      else chosen.setKeys(chosen.sourceKey, key);
    };
    if (this.inOrder) {
      this.pickInOrder(entry, chosen, low, high, put);
      tell('in-order');
      return;
    }
    const size = high - low + 1;
    let offset = side === 'source' ? this.drawOffset(entry, chosen, own, low, high) : 0;
    for (let attempts = Math.min(size, MAX_ATTEMPTS); ; attempts >>= 1) {
      for (let i = 0; i < attempts; i++, offset++) {
        put(low + (offset % size));
        if (this.isTakenHarder(chosen, entry, attempts - i)) continue;
        tell('by-chance');
        return;
      }
      if (attempts >= size || attempts < 16) return;
      offset = this.drawOffset(entry, chosen, own, low, high);
    }
  }

  /** Kernels up to 5.0: each protocol remembers how far it got, and goes on from there through the whole class. */
  private pickInOrder(entry: number, chosen: Tuple, low: number, high: number, put: (key: number) => void): void {
    const size = Math.min(high - low + 1, 0xffff);
    let offset = this.rovers.get(chosen.protocol) ?? 0;
    for (let tried = 1; ; tried++, offset = (offset + 1) & 0xffff) {
      put(low + (offset % size));
      if (tried === size || !this.isTaken(chosen, entry)) break;
    }
    this.rovers.set(chosen.protocol, offset);
  }

  private drawOffset(entry: number, chosen: Tuple, own: number, low: number, high: number): number {
    const key = this.draw({
      protocol: chosen.protocol,
      source: this.conntrack.table.tuple(entry, ORIGINAL, this.mine).source >>> 0,
      sourceKey: own,
      destination: chosen.destination >>> 0,
      destinationKey: chosen.destinationKey,
      low,
      high,
    });
    return key - low;
  }

  /** In the last tries a closing TCP entry gives way to a newer SYN with advanced sequence numbers. */
  private isTakenHarder(tuple: Tuple, entry: number, attemptsLeft: number): boolean {
    const { table, now } = this.conntrack;
    if (attemptsLeft > HARDER || tuple.protocol !== TCP || stateOf(table, entry) !== SYN_SENT)
      return this.isTaken(tuple, entry);
    if (!this.inverse.invert(tuple)) return false;
    const node = table.find(this.inverse, now);
    if (node < 0) return false;
    const other = node >> 1;
    const closing = stateOf(table, other) >= TIME_WAIT && table.has(other, SOURCE_NAT);
    const advanced = ((table.state(entry, 0) - table.state(other, 0)) | 0) > 0;
    if ((node & 1) === ORIGINAL || !closing || !advanced) return true;
    table.remove(other, 'evicted');
    return false;
  }
}

function hasPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === SCTP || protocol === UDPLITE || protocol === ICMP;
}

function inRange(tuple: Tuple, range: Range): boolean {
  if (tuple.source !== (range.address | 0)) return false;
  return range.key === undefined || tuple.sourceKey === range.key;
}

/**
 * The keys that may replace `own`: below 512 stays below 512, privileged stays privileged (RFC 4787 REQ-3a).
 * Undefined where the protocol has no key to change; GRE has one only where a PPTP helper announced the flow.
 */
function keyClass(protocol: number, own: number, side: Side, expected: boolean): readonly [number, number] | undefined {
  if (protocol === ICMP) return [0, 65535];
  if (protocol === GRE && expected) return [1, 65535];
  if (!hasPorts(protocol) || side === 'destination') return undefined;
  if (own < 512) return [1, 511];
  return own < 1024 ? [600, 1023] : [1024, 65535];
}
