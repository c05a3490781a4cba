/**
 * What libalias does to a packet that leaves: finds or makes its link and gives it the alias for a source. What it cannot
 * place leaves all the same, with the private source it came with.
 * Source: FreeBSD 12.1 libalias and natd, measured.
 * @module
 */
import { GRE, ICMP } from '../netfilter/tuple.ts';
import type { Packet } from '../packet.ts';
import type { RawWhy } from '../reason.ts';
import type { AliasKeys } from './alias-key.ts';
import type { Calls } from './calls.ts';
import {
  callIdOf,
  hasPorts,
  isCallData,
  isError,
  isLaterPiece,
  isQuery,
  isWhole,
  outKeysOf,
  peer,
  place,
} from './flow.ts';
import type { IcmpErrors } from './icmp-errors.ts';
import { IN_KEYS, INSIDE } from './link.ts';
import { BY, type Links } from './links.ts';
import type { PptpModule } from './pptp-module.ts';

export interface Parts {
  readonly links: Links;
  readonly keys: AliasKeys;
  readonly calls: Calls;
  readonly errors: IcmpErrors;
  readonly pptp: PptpModule;
}

export class Outward {
  private readonly parts: Parts;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  translate(packet: Packet, alias: number): void {
    packet.direction = 0;
    packet.entry = -1;
    if (isLaterPiece(packet)) this.blindly(packet, alias);
    else if (!isWhole(packet)) this.raw('too-short');
    else if (packet.protocol === ICMP && !isQuery(packet)) this.error(packet, alias);
    else if (packet.protocol === GRE && this.parts.pptp.active && isCallData(packet)) this.callData(packet, alias);
    else this.flow(packet, alias);
  }

  private raw(why: RawWhy): void {
    this.parts.links.recorder?.note({ code: 'passed-raw', why });
  }

  /** A later piece has nothing to go by, and nobody asks. */
  private blindly(packet: Packet, alias: number): void {
    this.rewrite(packet, alias, 0, false);
    this.parts.links.recorder?.note({ code: 'piece-unchecked' });
  }

  private error(packet: Packet, alias: number): void {
    const { errors } = this.parts;
    const link = isError(packet) ? errors.findOutward(packet, alias) : -1;
    if (link < 0) {
      this.raw(isError(packet) ? 'quotes-no-link' : 'icmp-type');
      return;
    }
    packet.entry = link;
    errors.translateOutward(packet, link);
  }

  private callData(packet: Packet, alias: number): void {
    const { links, calls } = this.parts;
    const id = callIdOf(packet);
    const call = calls.ofDataOut(packet.source, packet.destination, alias, id);
    if (call < 0) {
      links.recorder?.note({ code: 'passed-raw', why: 'unknown-call', callId: id });
      return;
    }
    links.recorder?.note(links.matched(call, 'out'));
    this.leave(packet, alias, call, true);
  }

  private flow(packet: Packet, alias: number): void {
    const { links } = this.parts;
    const { protocol, source, destination } = packet;
    const known = links.outward(protocol, source, destination, alias, outKeysOf(packet));
    if (known >= 0) links.recorder?.note(links.matched(known, 'out'));
    const link = known >= 0 ? known : this.open(packet, alias);
    if (link >= 0) this.leave(packet, alias, link, hasPorts(protocol) || protocol === ICMP);
  }

  private leave(packet: Packet, alias: number, link: number, numbered: boolean): void {
    const { links } = this.parts;
    packet.entry = link;
    links.pass(link, 'out', packet);
    this.rewrite(packet, alias, links.table.get(link, IN_KEYS) & 0xffff, numbered);
  }

  private rewrite(packet: Packet, alias: number, key: number, numbered: boolean): void {
    const { recorder } = this.parts.links;
    const from = recorder && peer(packet, 'source', numbered);
    place(packet, 'source', alias, key, numbered);
    if (recorder && from)
      recorder.did({ code: 'source-translated', from, to: peer(packet, 'source', numbered), ...BY });
  }

  private open(packet: Packet, alias: number): number {
    const { links } = this.parts;
    const { protocol, source, destination } = packet;
    const outKeys = outKeysOf(packet);
    const inKeys = hasPorts(protocol) || protocol === ICMP ? this.chosen(packet, alias, outKeys) : 0;
    if (inKeys === undefined) {
      this.raw('no-free-key');
      return -1;
    }
    const before = links.table.findIn(protocol, destination, alias, inKeys);
    const link = links.open({ kind: protocol, inside: source, remote: destination, alias, outKeys, inKeys });
    if (link < 0 || !links.recorder) return link;
    links.recorder.did(links.created(link));
    if (before >= 0) {
      const from = links.table.get(before, INSIDE) >>> 0;
      links.recorder.did({ code: 'answers-taken', protocol, from, to: source >>> 0 });
    }
    return link;
  }

  /** Keys of the answers, by which nobody else's are known; undefined where none were free. */
  private chosen(packet: Packet, alias: number, outKeys: number): number | undefined {
    const { keys, links } = this.parts;
    const { protocol, source, destination } = packet;
    const own = outKeys >>> 16;
    const remoteKey = outKeys & 0xffff;
    const wish = {
      protocol,
      source: source >>> 0,
      sourceKey: own,
      destination: destination >>> 0,
      destinationKey: remoteKey,
    };
    const inKeys = (key: number) => (remoteKey << 16) | key;
    const key = keys.choose(wish, (each) => links.newest(protocol, destination, alias, inKeys(each)) < 0);
    if (key < 0) return undefined;
    this.tellChoice(own, key);
    return inKeys(key);
  }

  private tellChoice(from: number, to: number): void {
    const { recorder } = this.parts.links;
    if (from === to) recorder?.note({ code: 'port-kept', port: to, ...BY });
    else
      recorder?.did({
        code: 'port-drawn',
        from,
        to,
        low: 0x8000,
        high: 0xffff,
        how: 'by-chance',
        because: 'taken',
        ...BY,
      });
  }
}
