/**
 * Fragments, which libalias never puts together. Inward, the first piece leaves a note for whom the others are; a later
 * piece that overtakes it finds none. Outward, a later piece is given the alias without a look at anything.
 * Source: FreeBSD 12.1 libalias, measured; what natd does with an unresolved piece: read.
 * @module
 */
import type { Packet } from '../packet.ts';
import { pieceId } from './flow.ts';
import { PEER, PIECES } from './link.ts';
import type { Links } from './links.ts';

export class Pieces {
  private readonly links: Links;

  constructor(links: Links) {
    this.links = links;
  }

  /** The note for the datagram of a later piece, or −1. */
  find(packet: Packet): number {
    return this.links.inward(PIECES, packet.source, packet.destination, pieceId(packet));
  }

  hostOf(link: number): number {
    return this.links.table.get(link, PEER);
  }

  /** A first piece that came for `alias` goes on to where it is addressed now. */
  note(packet: Packet, alias: number): void {
    const { links } = this;
    const id = pieceId(packet);
    const host = packet.destination;
    let link = links.inward(PIECES, packet.source, alias, id);
    if (link < 0) link = links.open({ kind: PIECES, inside: 0, remote: packet.source, alias, outKeys: 0, inKeys: id });
    if (link < 0) return;
    links.table.set(link, PEER, host);
    links.recorder?.did({ code: 'pieces-noted', datagram: id, host: host >>> 0 });
  }
}
