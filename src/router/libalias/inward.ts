/**
 * What libalias does to a packet from outside: looks for the newest link it may belong to and gives it that link's host
 * for a destination. What belongs to none is for the NAT host itself, unchanged, and makes a link all the same: from then
 * on the host has that number, or all answers of that server.
 * Source: FreeBSD 12.1 libalias with deny_incoming off, as it comes, measured.
 * @module
 */
import { GRE, ICMP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import type { RawWhy } from '../reason.ts';
import {
  callIdOf,
  hasMorePieces,
  hasPorts,
  inKeysOf,
  isCallData,
  isError,
  isLaterPiece,
  isQuery,
  isWhole,
  peer,
  pieceId,
  place,
} from './flow.ts';
import { ALIAS, CALL, IN_KEYS, INSIDE, KIND, OLDER, OUT_KEYS, PIECES, SEEN_OUT, STATE } from './link.ts';
import { BY } from './links.ts';
import type { Parts } from './outward.ts';
import type { Pieces } from './pieces.ts';

export class Inward {
  private readonly parts: Parts;
  private readonly pieces: Pieces;

  constructor(parts: Parts, pieces: Pieces) {
    this.parts = parts;
    this.pieces = pieces;
  }

  /** Finds or makes the packet's link. */
  find(packet: Packet): void {
    packet.direction = 1;
    packet.entry = this.linkOf(packet);
    if (packet.entry >= 0) packet.tracking = this.trackingOf(packet);
  }

  private linkOf(packet: Packet): number {
    if (isLaterPiece(packet)) return this.laterPiece(packet);
    if (!isWhole(packet)) return this.raw('too-short');
    if (packet.protocol === ICMP && !isQuery(packet)) return this.error(packet);
    if (packet.protocol === GRE && this.parts.pptp.active && isCallData(packet)) return this.callData(packet);
    return this.flow(packet);
  }

  private raw(why: RawWhy): -1 {
    this.parts.links.recorder?.note({ code: 'passed-raw', why });
    return -1;
  }

  private laterPiece(packet: Packet): number {
    const link = this.pieces.find(packet);
    if (link < 0) return this.raw('first-piece-missing');
    const { links } = this.parts;
    const host = this.pieces.hostOf(link) >>> 0;
    links.recorder?.note(links.matched(link, 'in'));
    links.recorder?.note({ code: 'piece-matched', datagram: pieceId(packet), host });
    return link;
  }

  private error(packet: Packet): number {
    if (!isError(packet)) return this.raw('icmp-type');
    const link = this.parts.errors.findInward(packet);
    return link < 0 ? this.raw('quotes-no-link') : link;
  }

  private callData(packet: Packet): number {
    const { links } = this.parts;
    const callId = callIdOf(packet);
    const call = links.newest(CALL, packet.source, packet.destination, callId);
    if (call < 0) links.recorder?.note({ code: 'passed-raw', why: 'unknown-call', callId });
    else {
      const owner = links.table.get(call, INSIDE) >>> 0;
      links.touch(call);
      links.recorder?.note(links.matched(call, 'in'));
      links.recorder?.note({ code: 'id-matched', id: 'call-id', value: callId, owner });
      links.pass(call, 'in', packet);
    }
    return call;
  }

  private flow(packet: Packet): number {
    const { links } = this.parts;
    const known = links.inward(packet.protocol, packet.source, packet.destination, inKeysOf(packet));
    const link = known >= 0 ? known : this.open(packet);
    if (link < 0) return link;
    if (known >= 0) this.tellMatch(link, packet.protocol);
    links.pass(link, 'in', packet);
    return link;
  }

  private tellMatch(link: number, protocol: number): void {
    const { links } = this.parts;
    const { recorder, table } = links;
    if (!recorder) return;
    recorder.note(links.matched(link, 'in'));
    const rival = table.get(link, OLDER);
    if (rival < 0) return;
    const [owner, loser] = [table.get(link, INSIDE) >>> 0, table.get(rival, INSIDE) >>> 0];
    recorder.note({ code: 'newest-gets-it', protocol, owner, rival: loser });
  }

  /** Nobody inside asked for it: the host has it. */
  private open(packet: Packet): number {
    const { links } = this.parts;
    const { protocol, source: remote, destination: alias } = packet;
    const inKeys = inKeysOf(packet);
    const outKeys = (inKeys << 16) | (inKeys >>> 16);
    const link = links.open({ kind: protocol, inside: alias, remote, alias, outKeys, inKeys });
    if (link < 0 || !links.recorder) return link;
    links.recorder.did(links.created(link));
    const key = hasPorts(protocol) || protocol === ICMP ? inKeys & 0xffff : undefined;
    links.recorder.did({ code: 'host-owns', protocol, remote: remote >>> 0, ...(key === undefined ? {} : { key }) });
    return link;
  }

  /** What a packet filter may call it: new while only strangers have spoken to the NAT host. */
  private trackingOf(packet: Packet): Packet['tracking'] {
    const { table } = this.parts.links;
    const { entry, protocol } = packet;
    const isForHost = this.hostOf(entry) === table.get(entry, ALIAS);
    if (isForHost && (table.get(entry, STATE) & SEEN_OUT) === 0) return 'new';
    return protocol === ICMP && table.get(entry, KIND) !== PIECES && isError(packet) ? 'related' : 'established';
  }

  private hostOf(link: number): number {
    const { table } = this.parts.links;
    return table.get(link, KIND) === PIECES ? this.pieces.hostOf(link) : table.get(link, INSIDE);
  }

  /** Gives the packet its host for a destination; of a first piece, remembers whose the others are. */
  translate(packet: Packet): void {
    const alias = packet.destination;
    if (packet.entry >= 0) this.deliver(packet, packet.entry);
    if (hasMorePieces(packet) && !isLaterPiece(packet)) this.pieces.note(packet, alias);
  }

  private deliver(packet: Packet, link: number): void {
    const { links, errors } = this.parts;
    if (packet.tracking === 'related') {
      errors.translateInward(packet, link);
      return;
    }
    const kind = links.table.get(link, KIND);
    const host = this.hostOf(link);
    const key = links.table.get(link, OUT_KEYS) >>> 16;
    const numbered = hasPorts(kind) || kind === ICMP || kind === CALL;
    if (host === packet.destination && (!numbered || key === (links.table.get(link, IN_KEYS) & 0xffff))) return;
    const from = links.recorder && peer(packet, 'destination', numbered);
    place(packet, 'destination', host, key, numbered);
    if (links.recorder && from)
      links.recorder.did({ code: 'destination-translated', from, to: peer(packet, 'destination', numbered), ...BY });
  }
}
