/**
 * The calls that the kernel's PPTP helper has read of: their GRE flows announced, translated and ended.
 * Source: Linux nf_conntrack_pptp.c (exp_gre, pptp_expectfn, pptp_destroy_siblings), nf_nat_pptp.c (pptp_nat_expected).
 * @module
 */
import type { Conntrack } from './conntrack.ts';
import type { Expectation } from './expectations.ts';
import { GreKeymap, type KeymapEntry } from './gre-keymap.ts';
import type { Nat } from './nat.ts';
import { NAT_MASK, ORIGINAL, REPLY_DIRECTION } from './record.ts';
import { GRE, Tuple } from './tuple.ts';

/** What is kept of one control connection. */
export interface Control {
  readonly entry: number;
  readonly serial: number;
  session: number;
  call: Call;
  /** Call IDs as they are outside: the client's after replacement. */
  pns: number;
  pac: number;
  /** The client's own Call ID. */
  originalPns: number;
  keymap: [KeymapEntry | undefined, KeymapEntry | undefined];
}

type Call =
  | 'none'
  | 'out-requested'
  | 'out-confirmed'
  | 'in-requested'
  | 'in-replied'
  | 'in-confirmed'
  | 'clear-requested';

export class PptpCalls {
  private readonly conntrack: Conntrack;
  private readonly nat: Nat;

  constructor(conntrack: Conntrack, nat: Nat) {
    this.conntrack = conntrack;
    this.nat = nat;
  }

  /** Announces both GRE flows of a call; either may come first, and the first uses up the other. */
  announce(control: Control, callId: number, peerCallId: number, natted: boolean): void {
    const { table, expectations, now, timeouts, recorder } = this.conntrack;
    const client = natted ? control.originalPns : peerCallId;
    const out = gre(table.tuple(control.entry, ORIGINAL, new Tuple()), client, callId);
    const back = gre(table.tuple(control.entry, REPLY_DIRECTION, new Tuple()), callId, peerCallId);
    const common = { master: control.serial, expires: now + timeouts.expectation };
    const first = expectations.add({ ...common, tuple: out, direction: 0, savedKey: control.pns }, now);
    if (!first) return;
    const second = expectations.add({ ...common, tuple: back, direction: 1, savedKey: client }, now);
    if (!second) {
      expectations.remove(first, 'closed');
      return;
    }
    if (!this.noteKeys(control, 0, out) || !this.noteKeys(control, 1, back)) {
      expectations.remove(first, 'closed');
      expectations.remove(second, 'closed');
      return;
    }
    recorder?.did({ code: 'expectation-made', callId, peerCallId });
  }

  /** One note a direction: a second call on the same control connection finds it taken. */
  private noteKeys(control: Control, direction: 0 | 1, tuple: Tuple): boolean {
    const noted = control.keymap[direction];
    if (noted) {
      if (GreKeymap.matches(noted, tuple)) return true;
      if (direction === 1) this.forgetKeys(control);
      return false;
    }
    control.keymap[direction] = this.conntrack.keymap.add(tuple);
    return true;
  }

  forgetKeys(control: Control): void {
    for (const noted of control.keymap) if (noted) this.conntrack.keymap.remove(noted);
    control.keymap = [undefined, undefined];
  }

  /** The first GRE packet of an announced flow: bind both sides as the call was translated. */
  welcome(control: Control, entry: number, expectation: Expectation): void {
    const { table, expectations, now } = this.conntrack;
    const natted = (table.status(control.entry) & NAT_MASK) !== 0;
    const reverse = expectation.direction === 0 ? REPLY_DIRECTION : ORIGINAL;
    const other = table.tuple(control.entry, reverse, new Tuple());
    // Where the server's GRE comes first, the kernel looks with the ids of the new flow, which has none yet: the other
    // announcement stays, and lives out its time.
    const keys: [number, number] = !natted
      ? [expectation.tuple.destinationKey, expectation.tuple.sourceKey]
      : expectation.direction === 0
        ? [control.pac, control.pns]
        : [0, 0];
    const sibling = expectations.find(gre(other, ...keys), now);
    if (sibling) expectations.remove(sibling, 'replaced');
    if (!natted) return;
    const outward = expectation.direction === 0;
    const source = { address: other.destination };
    const destination = { address: other.source };
    const fixed = { key: expectation.savedKey };
    this.nat.bind(entry, 'source', outward ? { ...source, ...fixed } : source);
    this.nat.bind(entry, 'destination', outward ? destination : { ...destination, ...fixed });
  }

  /** Ends the GRE flows of the present call, or the announcements of them. */
  end(control: Control): void {
    this.forgetKeys(control);
    const { table } = this.conntrack;
    this.endFlow(gre(table.tuple(control.entry, ORIGINAL, new Tuple()), control.pns, control.pac));
    this.endFlow(gre(table.tuple(control.entry, REPLY_DIRECTION, new Tuple()), control.pac, control.pns));
  }

  private endFlow(tuple: Tuple): void {
    const { table, expectations, now } = this.conntrack;
    const node = table.find(tuple, now);
    if (node >= 0) {
      table.remove(node >> 1, 'closed');
      return;
    }
    const expectation = expectations.find(tuple, now);
    if (expectation) expectations.remove(expectation, 'closed');
  }
}

/** The GRE flow between the ends of `control`, with these Call IDs as its keys. */
export function gre(control: Tuple, sourceKey: number, destinationKey: number): Tuple {
  control.protocol = GRE;
  control.setKeys(sourceKey, destinationKey);
  return control;
}
