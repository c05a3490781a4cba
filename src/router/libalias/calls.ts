/**
 * PPTP calls as libalias links them: the Call ID of the host inside, the one that stands for it outside, and, once read,
 * the other end's. A call lives until it is taken back in the control connection, and for ever if that never happens.
 * Source: FreeBSD 12.1 libalias, measured.
 * @module
 */
import { GRE } from '../netfilter/tuple.ts';
import type { AliasKeys } from './alias-key.ts';
import { ALIAS, CALL, IN_KEYS, INSIDE, OUT_KEYS, REMOTE, SERIAL } from './link.ts';
import type { Links } from './links.ts';

export class Calls {
  private readonly links: Links;
  private readonly keys: AliasKeys;

  constructor(links: Links, keys: AliasKeys) {
    this.links = links;
    this.keys = keys;
  }

  /** A new call in the control connection `control`, whatever calls there are: −1 where no number is free for it. */
  open(control: number, id: number): number {
    const [inside, remote, alias] = this.endsOf(control);
    const wish = {
      protocol: GRE,
      source: inside >>> 0,
      sourceKey: id,
      destination: remote >>> 0,
      destinationKey: 0,
    };
    const { keepsCallIdsApart } = this.links.generation;
    const isFree = (key: number) => !keepsCallIdsApart || this.links.newest(CALL, remote, alias, key) < 0;
    const aliasId = this.keys.choose(wish, isFree);
    if (aliasId < 0) return -1;
    return this.links.open({ kind: CALL, inside, remote, alias, outKeys: id << 16, inKeys: aliasId });
  }

  /** By the number that the host inside gave it. */
  byOwnId(control: number, id: number): number {
    const [inside, remote, alias] = this.endsOf(control);
    return this.links.outward(CALL, inside, remote, alias, id << 16);
  }

  /** By the number that stands for it outside. */
  byAliasId(control: number, id: number): number {
    const [, remote, alias] = this.endsOf(control);
    return this.links.newest(CALL, remote, alias, id);
  }

  /** By the other end's number: the newest, and nobody asks whether it is of this control connection. */
  byPeerId(control: number, id: number): number {
    const [, remote, alias] = this.endsOf(control);
    return this.links.onTime(this.links.table.findCallIn(remote, alias, id));
  }

  /** GRE that leaves carries the other end's number. */
  ofDataOut(inside: number, remote: number, alias: number, id: number): number {
    return this.links.renew(this.links.onTime(this.links.table.findCallOut(inside, remote, alias, id)));
  }

  learn(call: number, id: number): void {
    this.links.touchRivals(call);
    this.links.table.learn(call, id);
    this.links.recorder?.did({ code: 'call-completed', callId: id, owner: this.ownerOf(call) });
  }

  /** `speaker`: the inside end of the control connection in which it was said. */
  forget(call: number, why: 'refused' | 'disconnected', control: number): void {
    const { table, recorder } = this.links;
    recorder?.did({
      code: 'call-forgotten',
      entry: table.get(call, SERIAL),
      why,
      callId: this.aliasIdOf(call),
      owner: this.ownerOf(call),
      client: table.get(control, INSIDE) >>> 0,
    });
    table.remove(call, 'closed');
  }

  ownIdOf(call: number): number {
    return this.links.table.get(call, OUT_KEYS) >>> 16;
  }

  aliasIdOf(call: number): number {
    return this.links.table.get(call, IN_KEYS) & 0xffff;
  }

  ownerOf(call: number): number {
    return this.links.table.get(call, INSIDE) >>> 0;
  }

  private endsOf(control: number): readonly [inside: number, remote: number, alias: number] {
    const { table } = this.links;
    return [table.get(control, INSIDE), table.get(control, REMOTE), table.get(control, ALIAS)];
  }
}
