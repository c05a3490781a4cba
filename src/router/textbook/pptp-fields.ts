/**
 * Where in each PPTP control message the Call IDs stand, worked out from the message layouts of RFC 2637 §2.
 *
 * A field called "Call ID" holds the sender's own number, one called "Peer's Call ID" the receiver's. That is all an
 * ALG has to know: on the way out it translates the sender's, on the way in the receiver's, whoever is PNS or PAC.
 * @module
 */
import { HEADER_LEN, lengthOf } from '../../wire/pptp.ts';
import { type Kind, MESSAGES } from '../../wire/pptp-messages.ts';

export interface Layout {
  readonly kind: Kind;
  readonly title: string;
  /** Bytes of the whole message. */
  readonly length: number;
  /** Offsets in the message; -1 where it has no such field. */
  readonly callId: number;
  readonly peerCallId: number;
  readonly resultCode: number;
}

const KINDS = Object.keys(MESSAGES) as readonly Kind[];

/** By control message type. */
export const LAYOUTS: ReadonlyMap<number, Layout> = new Map(
  KINDS.map((kind) => [
    MESSAGES[kind].code,
    {
      kind,
      title: MESSAGES[kind].title,
      length: lengthOf(kind),
      callId: offsetOf(kind, 'callId'),
      peerCallId: offsetOf(kind, 'peerCallId'),
      resultCode: offsetOf(kind, 'resultCode'),
    },
  ]),
);

/** Bytes from the start of a message behind which nothing an ALG needs can stand. */
export const HEAD =
  1 + Math.max(...[...LAYOUTS.values()].map((each) => Math.max(each.peerCallId + 1, each.resultCode)));

function offsetOf(kind: Kind, name: string): number {
  let at = HEADER_LEN;
  for (const field of MESSAGES[kind].fields) {
    if ('name' in field && field.name === name) return at;
    at += field.size;
  }
  return -1;
}
