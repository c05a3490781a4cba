/**
 * Which port, ICMP id or Call ID a flow shows outside: its own where that is free toward this remote end, or else one
 * drawn from the upper half. Twenty tries in all; then the flow gets none, and no link.
 * Source: FreeBSD 12.1 libalias with same-ports, as it comes, measured.
 * @module
 */
import type { RouterHooks } from '../config.ts';
import type { DrawRequest } from '../netfilter/port-picker.ts';

const LOW = 0x8000;
const HIGH = 0xffff;
export const TRIES = 20;

export type Wish = Omit<DrawRequest, 'low' | 'high'>;

export class AliasKeys {
  private readonly draw: NonNullable<RouterHooks['draw']>;
  private readonly random: () => number;

  /** `random` answers 16 bits. */
  constructor(draw: NonNullable<RouterHooks['draw']>, random: () => number) {
    this.draw = draw;
    this.random = random;
  }

  /** −1 where no try was free. */
  choose(wish: Wish, isFree: (key: number) => boolean): number {
    let key = wish.sourceKey;
    for (let tries = 1; !isFree(key); tries++) {
      if (tries === TRIES) return -1;
      key = this.draw({ ...wish, low: LOW, high: HIGH }) ?? LOW | this.random();
    }
    return key;
  }
}
