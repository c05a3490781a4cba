/** Links as plain data, for whoever looks at the table. @module */
import { GRE, ICMP, TCP } from '../netfilter/tuple.ts';
import type { EntryView } from '../outcome.ts';
import type { TupleView } from '../reason.ts';
import {
  ALIAS,
  CALL,
  IN_KEYS,
  INSIDE,
  KIND,
  LIFE,
  OUT_KEYS,
  PEER,
  PERMANENT,
  PIECES,
  REMOTE,
  SEEN_IN,
  SEEN_OUT,
  SERIAL,
  STATE,
  USED,
} from './link.ts';
import type { LinkTable } from './link-table.ts';
import { stateName } from './tcp-life.ts';

const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;

/** The link as a packet that leaves has it, and as one that comes back. */
export function tupleViews(
  table: LinkTable,
  link: number,
): { readonly original: TupleView; readonly reply: TupleView } {
  const kind = table.get(link, KIND);
  const protocol = kind === CALL ? GRE : kind === PIECES ? 0 : kind;
  const outKeys = table.get(link, OUT_KEYS);
  const remoteKey = kind === CALL ? Math.max(0, table.get(link, PEER)) : outKeys & 0xffff;
  const insideAddress = kind === PIECES ? table.get(link, PEER) : table.get(link, INSIDE);
  const inside = { address: insideAddress >>> 0, key: outKeys >>> 16 };
  const remote = { address: table.get(link, REMOTE) >>> 0, key: remoteKey };
  const aliasKey = kind === PIECES ? 0 : table.get(link, IN_KEYS) & 0xffff;
  const alias = { address: table.get(link, ALIAS) >>> 0, key: aliasKey };
  const type = (value: number) => (protocol === ICMP ? { type: value, code: 0 } : {});
  return {
    original: { protocol, source: inside, destination: remote, ...type(ECHO_REQUEST) },
    reply: { protocol, source: remote, destination: alias, ...type(ECHO_REPLY) },
  };
}

/** `swept`: only the sweep ends it. */
export function linkView(table: LinkTable, link: number, swept: boolean): EntryView {
  const kind = table.get(link, KIND);
  const state = stateOf(table, link, kind);
  const { original, reply } = tupleViews(table, link);
  const life = table.get(link, LIFE);
  const rivals = table.rivals(link);
  const seen = table.get(link, STATE);
  const isTranslated =
    original.source.address !== reply.destination.address ||
    (kind !== PIECES && original.source.key !== reply.destination.key);
  return {
    id: table.get(link, SERIAL),
    kind: 'connection',
    original,
    reply,
    ...(state === undefined ? {} : { state }),
    flags: {
      assured: false,
      seenReply: (seen & SEEN_IN) !== 0 && (seen & SEEN_OUT) !== 0,
      sourceNat: isTranslated,
      destinationNat: false,
    },
    expiresAt: life === PERMANENT ? Number.POSITIVE_INFINITY : table.get(link, USED) + life,
    ...(swept ? { swept } : {}),
    ...(kind === PIECES ? { piecesOf: table.get(link, IN_KEYS) & 0xffff } : {}),
    ...(rivals.length > 1 ? { answersTo: table.get(rivals[0]!, INSIDE) >>> 0 } : {}),
  };
}

function stateOf(table: LinkTable, link: number, kind: number): string | undefined {
  if (kind === TCP) return stateName(table.get(link, STATE));
  if (kind === CALL) return table.get(link, PEER) < 0 ? 'CALLING' : 'CALL';
  return undefined;
}
