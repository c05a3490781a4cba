/**
 * The calls that the textbook's PPTP ALG has read of: which Call ID each shows outside, and the GRE that belongs to it.
 *
 * A call keeps its own id where nobody else has it toward this server, else it gets a free one. Its two GRE flows are
 * announced once both ids are agreed, and again whenever GRE was silent so long that its entry ran out: a call lasts
 * until it is cleared, not until it is quiet.
 * @module
 */
import type { Conntrack } from '../netfilter/conntrack.ts';
import type { Expectation } from '../netfilter/expectations.ts';
import type { KeymapEntry } from '../netfilter/gre-keymap.ts';
import type { Nat } from '../netfilter/nat.ts';
import { GRE, Tuple } from '../netfilter/tuple.ts';

/** The ends of a control connection: the inside host, the server, and the address the host shows outside. */
export interface Ends {
  /** Serial number of the connection's entry. */
  readonly control: number;
  readonly inside: number;
  readonly remote: number;
  readonly outside: number;
}

export interface Call {
  readonly ends: Ends;
  /** The inside host's Call ID, as it knows it and as it is outside. */
  readonly insideId: number;
  readonly outsideId: number;
  /** The server's, once known. It is never changed. */
  remoteId: number | undefined;
  /** GRE is announced or flowing. */
  connected: boolean;
  announced: readonly Expectation[];
  noted: readonly KeymapEntry[];
  /** GRE entries of the call. */
  flows: ReadonlySet<number>;
}

export class CallBook {
  private readonly conntrack: Conntrack;
  private readonly nat: Nat;
  private readonly random: () => number;
  private readonly limit: number;
  private readonly onEvict: (call: Call) => void;
  /** Oldest first. */
  private readonly calls = new Set<Call>();
  private readonly byOutside = new Map<number, Map<number, Call>>();
  private readonly byExpectation = new Map<number, Call>();
  private readonly byFlow = new Map<number, Call>();

  /** At most `limit` calls are kept, and `onEvict` is told which one had to go; `random` answers 16 bits. */
  constructor(conntrack: Conntrack, nat: Nat, limit: number, random: () => number, onEvict: (call: Call) => void) {
    this.conntrack = conntrack;
    this.nat = nat;
    this.limit = limit;
    this.onEvict = onEvict;
    this.random = random;
  }

  get count(): number {
    return this.calls.size;
  }

  /** Begins a call. `anew`: the id may be changed as a whole, not only in its second half. */
  open(ends: Ends, insideId: number, anew: boolean): Call | 'none-free' {
    if (this.calls.size >= this.limit) this.evict();
    const taken = this.byOutside.get(ends.remote) ?? new Map<number, Call>();
    const outsideId = this.freeId(taken, insideId, anew ? 0xffff : 0xff);
    if (outsideId === undefined) return 'none-free';
    this.byOutside.set(ends.remote, taken);
    const call: Call = {
      ends,
      insideId,
      outsideId,
      remoteId: undefined,
      connected: false,
      announced: [],
      noted: [],
      flows: new Set(),
    };
    taken.set(outsideId, call);
    this.calls.add(call);
    return call;
  }

  /** The id itself, or one that differs only in the bits of `mask`. */
  private freeId(taken: ReadonlyMap<number, Call>, own: number, mask: number): number | undefined {
    if (!taken.has(own)) return own;
    const start = this.random();
    for (let i = 0; i <= mask; i++) {
      const id = (own & ~mask) | ((start + i) & mask);
      if (!taken.has(id)) return id;
    }
    return undefined;
  }

  /** The oldest call without GRE; where all have some, the oldest. */
  private evict(): void {
    const quiet = [...this.calls].find((each) => each.flows.size === 0) ?? this.calls.values().next().value;
    if (!quiet) return;
    this.conntrack.recorder?.did({
      code: 'id-evicted',
      id: 'call-id',
      value: quiet.outsideId,
      owner: quiet.ends.inside >>> 0,
      limit: this.limit,
    });
    this.close(quiet);
    this.onEvict(quiet);
  }

  /** The call's GRE may come now, from either side. */
  connect(call: Call): void {
    if (call.connected || call.remoteId === undefined) return;
    call.connected = true;
    this.note(call, call.remoteId);
    this.announce(call, call.remoteId);
    this.conntrack.recorder?.did({
      code: 'expectation-made',
      callId: call.remoteId,
      peerCallId: call.outsideId,
    });
  }

  /** GRE names only its receiver's Call ID; the map adds the sender's. */
  private note(call: Call, remoteId: number): void {
    const { keymap } = this.conntrack;
    call.noted = [keymap.add(outward(call, remoteId)), keymap.add(homeward(call, remoteId))];
  }

  private announce(call: Call, remoteId: number): void {
    const { now, timeouts, expectations } = this.conntrack;
    const common = { master: call.ends.control, expires: now + timeouts.expectation };
    const made = [
      expectations.add({ ...common, tuple: outward(call, remoteId), direction: 0, savedKey: call.outsideId }, now),
      expectations.add({ ...common, tuple: homeward(call, remoteId), direction: 1, savedKey: call.insideId }, now),
    ];
    call.announced = made.filter((each) => each !== undefined);
    for (const each of call.announced) this.byExpectation.set(each.id, call);
  }

  /** The first GRE packet of a call, from either side: its entry is bound both ways, and the other need not come. */
  welcome(entry: number, expectation: Expectation): void {
    const call = this.byExpectation.get(expectation.id);
    if (!call) return;
    this.withdraw(call);
    const serial = this.conntrack.table.serialOf(entry);
    call.flows = new Set([...call.flows, serial]);
    this.byFlow.set(serial, call);
    const { inside, remote, outside } = call.ends;
    if (expectation.direction === 0) {
      this.nat.bind(entry, 'source', { address: outside, key: call.outsideId });
      this.nat.bind(entry, 'destination', { address: remote });
    } else {
      this.nat.bind(entry, 'source', { address: remote });
      this.nat.bind(entry, 'destination', { address: inside, key: call.insideId });
    }
  }

  /** A GRE entry goes. The call does not: what comes next opens a new one. */
  flowGone(serial: number): void {
    const call = this.byFlow.get(serial);
    if (!call) return;
    this.byFlow.delete(serial);
    call.flows = new Set([...call.flows].filter((each) => each !== serial));
    if (this.calls.has(call) && call.remoteId !== undefined && call.announced.length === 0)
      this.announce(call, call.remoteId);
  }

  /** The call is over: nothing of it is left. */
  close(call: Call): void {
    if (!this.calls.delete(call)) return;
    this.byOutside.get(call.ends.remote)?.delete(call.outsideId);
    if (this.byOutside.get(call.ends.remote)?.size === 0) this.byOutside.delete(call.ends.remote);
    this.withdraw(call);
    const { table, keymap } = this.conntrack;
    if (call.remoteId === undefined) return;
    for (const tuple of [outward(call, call.remoteId), homeward(call, call.remoteId)]) {
      const node = table.find(tuple, this.conntrack.now);
      if (node >= 0 && call.flows.has(table.serialOf(node >> 1))) table.remove(node >> 1, 'closed');
    }
    for (const each of call.noted) keymap.remove(each);
  }

  private withdraw(call: Call): void {
    for (const each of call.announced) {
      this.byExpectation.delete(each.id);
      this.conntrack.expectations.remove(each, 'closed');
    }
    call.announced = [];
  }
}

/** GRE as the host sends it: it carries the server's Call ID. */
function outward({ ends, insideId }: Call, remoteId: number): Tuple {
  return new Tuple().set(ends.inside, ends.remote, GRE, (insideId << 16) | remoteId);
}

/** GRE as the server sends it: it carries the host's Call ID, as that is outside. */
function homeward({ ends, outsideId }: Call, remoteId: number): Tuple {
  return new Tuple().set(ends.remote, ends.outside, GRE, (remoteId << 16) | outsideId);
}
