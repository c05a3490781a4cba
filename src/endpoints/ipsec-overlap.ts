/**
 * Two clients behind one NAT, one server, transport mode (RFC 3948 §5.2): both have the NAT's address, so the selectors
 * of their associations cover the same packets. What comes in is told apart by its SPI; what goes out is not, unless
 * the server does something about it.
 *
 * - `newest`, `refuse`: nothing is done here
 * - `connmark`: remembers through which association a conversation last spoke. Two conversations with the same ports
 *   are one to it.
 * - `translate`: the second conversation with the same ports is given a source port of its own on the inside
 *   (appendix A, Tr1), so that whoever listens can tell them apart.
 *
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import { update16 } from '../wire/checksum.ts';
import * as ipv4 from '../wire/ipv4.ts';
import type { Overlap } from './ike-options.ts';
import type { Path } from './ipsec-path.ts';

/** A packet on its way out, and the peer it must go to if that is not left to the policy. */
export interface Sorted {
  readonly packet: Uint8Array;
  readonly through?: Path;
}

interface Conversation {
  readonly path: Path;
  /** The peer's port as it is inside its association. */
  readonly port: number;
  /** The same as our side of the stack sees it. */
  readonly shown: number;
}

const FIRST_DRAWN = 20000;
/** Where TCP and UDP keep their checksums; other protocols have no ports to change. */
const CHECKSUM_AT: Readonly<Record<number, number>> = { 6: 16, 17: 6 };

export class Sorter {
  private readonly rule: Overlap;
  /** By everything a packet of ours says about where it goes. */
  private readonly conversations = new Map<string, Conversation>();
  private next = FIRST_DRAWN;

  constructor(rule: Overlap) {
    this.rule = rule;
  }

  /** A packet that came out of an association, as the stack is to see it. */
  inbound(packet: Uint8Array, path: Path): Uint8Array {
    const fields = this.sortable(packet);
    if (!fields) return packet;
    const [port, ownPort] = [u16(fields.payload, 0), u16(fields.payload, 2)];
    const key = (shown: number) => keyOf(fields.protocol, fields.source, shown, ownPort);
    if (this.rule === 'connmark') {
      this.conversations.set(key(port), { path, port, shown: port });
      return packet;
    }
    const known = [...this.conversations.entries()].find(
      ([name, each]) => each.path === path && each.port === port && name === key(each.shown),
    );
    const shown = known?.[1].shown ?? (this.conversations.has(key(port)) ? this.next++ : port);
    this.conversations.set(key(shown), { path, port, shown });
    return shown === port ? packet : withPort(fields, 0, port, shown);
  }

  /** A packet of ours, with its port as the peer knows it. */
  outbound(packet: Uint8Array): Sorted {
    const fields = this.sortable(packet);
    if (!fields) return { packet };
    const [ownPort, shown] = [u16(fields.payload, 0), u16(fields.payload, 2)];
    const known = this.conversations.get(keyOf(fields.protocol, fields.destination, shown, ownPort));
    if (!known) return { packet };
    const changed = known.port === shown ? packet : withPort(fields, 2, shown, known.port);
    return { packet: changed, through: known.path };
  }

  /** A peer is gone: its ports are free again. */
  forget(path: Path): void {
    for (const [key, each] of this.conversations) if (each.path === path) this.conversations.delete(key);
  }

  private sortable(packet: Uint8Array): ipv4.Fields | undefined {
    if (this.rule !== 'connmark' && this.rule !== 'translate') return undefined;
    const parsed = ipv4.parse(packet);
    return parsed.ok && CHECKSUM_AT[parsed.value.protocol] !== undefined && parsed.value.payload.length >= 8
      ? parsed.value
      : undefined;
  }
}

const keyOf = (protocol: number, peer: number, peerPort: number, ownPort: number) =>
  `${protocol} ${peer} ${peerPort} ${ownPort}`;

function withPort(fields: ipv4.Fields, at: 0 | 2, before: number, after: number): Uint8Array {
  const payload = fields.payload.slice();
  putU16(payload, at, after);
  const place = CHECKSUM_AT[fields.protocol]!;
  const sum = u16(payload, place);
  const none = fields.protocol === 17 && sum === 0;
  if (!none) putU16(payload, place, update16(sum, before, after) || (fields.protocol === 17 ? 0xffff : 0));
  return ipv4.encode({ ...fields, payload });
}
