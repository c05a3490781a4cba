/** Tuples and entries as plain data, for whoever looks at the table. @module */
import type { EntryView } from '../outcome.ts';
import type { TupleView } from '../reason.ts';
import type { Expectation } from './expectations.ts';
import { ASSURED, DESTINATION_NAT, HELPED, ORIGINAL, REPLY_DIRECTION, SEEN_REPLY, SOURCE_NAT } from './record.ts';
import { SCTP_STATES, sctpStateOf } from './sctp-state.ts';
import type { Sorting } from './sorting.ts';
import type { ConnectionTable } from './table.ts';
import { stateOf, TCP_STATES } from './tcp-state.ts';
import { ICMP, SCTP, TCP, Tuple } from './tuple.ts';

const scratch = new Tuple();

/** `ports`: what an ALG's flow shows in place of its number. */
function tupleView(tuple: Tuple, ports = tuple.keys): TupleView {
  const source = tuple.source >>> 0;
  const destination = tuple.destination >>> 0;
  if (tuple.protocol === ICMP) {
    return {
      protocol: ICMP,
      source: { address: source, key: tuple.sourceKey },
      destination: { address: destination, key: 0 },
      type: (tuple.keys >>> 8) & 0xff,
      code: tuple.keys & 0xff,
    };
  }
  return {
    protocol: tuple.protocol & 0xff,
    source: { address: source, key: ports >>> 16 },
    destination: { address: destination, key: ports & 0xffff },
  };
}

export function entryView(table: ConnectionTable, entry: number, sorting?: Sorting): EntryView {
  const protocol = table.protocol(entry);
  const flow = sorting?.flowOf(table.tuple(entry, ORIGINAL, scratch));
  const ids = flow?.sorter.ids(flow) ?? [];
  const state =
    protocol === TCP
      ? TCP_STATES[stateOf(table, entry)]
      : protocol === SCTP
        ? SCTP_STATES[sctpStateOf(table, entry)]
        : undefined;
  const master = table.master(entry);
  return {
    id: table.serialOf(entry),
    kind: 'connection',
    original: tupleView(table.tuple(entry, ORIGINAL, scratch), flow?.ports),
    reply: tupleView(table.tuple(entry, REPLY_DIRECTION, scratch), flow && (flow.ports >>> 16) | (flow.ports << 16)),
    ...(state === undefined ? {} : { state }),
    flags: {
      assured: table.has(entry, ASSURED),
      seenReply: table.has(entry, SEEN_REPLY),
      sourceNat: table.has(entry, SOURCE_NAT),
      destinationNat: table.has(entry, DESTINATION_NAT),
    },
    expiresAt: table.expires(entry),
    ...(table.has(entry, HELPED) ? { helper: 'pptp' } : {}),
    ...(master === 0 ? {} : { master }),
    ...(ids.length === 0 ? {} : { ids }),
  };
}

/** Expectations are numbered apart from connections; their ids are negative so that both fit one list. */
export function expectationView(expectation: Expectation): EntryView {
  const reply = new Tuple();
  reply.invert(expectation.tuple);
  return {
    id: -expectation.id,
    kind: 'expectation',
    original: tupleView(expectation.tuple),
    reply: tupleView(reply),
    flags: { assured: false, seenReply: false, sourceNat: false, destinationNat: false },
    expiresAt: expectation.expires,
    master: expectation.master,
  };
}
