/**
 * What Realtek's IPsec ALG knows: sixteen entries, each made by the first IKE message of a host, and used for its IKE
 * and its ESP alike.
 *
 * Cookies and SPIs are compared by a mask: a packet fits an entry if it has all the bits that the entry has, so that 0
 * fits everything, and, now and then, so does a number that is another host's.
 * Source: Realtek's ip_nat_ipsec.c for Linux 2.4.18.
 * @module
 */
const ENTRIES = 16;
/** Seconds without use, after which an entry is free (IPSEC_IDLE_TIME). */
const IDLE = 600;

export interface IpsecEntry {
  readonly peer: number;
  readonly local: number;
  /** The router's address outside. */
  readonly alias: number;
  cookie: bigint;
  outboundSpi: number;
  inboundSpi: number;
  usedAt: number;
}

export type Found = { readonly entry: IpsecEntry; readonly how: 'matched' | 'first-in-table' | 'last-in-table' };

export class RealtekIpsecTable {
  private readonly slots: (IpsecEntry | undefined)[] = Array.from({ length: ENTRIES }, () => undefined);
  /** IKE has been seen: from then on ESP counts as having an SPI. */
  knowsEsp = false;

  /** IKE's first message: nothing where the table is full. */
  begin(local: number, peer: number, alias: number, cookie: bigint, now: number): IpsecEntry | undefined {
    const known = this.find(now, (each) => each.peer === peer && each.local === local && fits(each.cookie, cookie));
    if (known) {
      known.cookie = cookie;
      return known;
    }
    const free = this.slots.findIndex((each) => !each || now - each.usedAt > IDLE);
    if (free < 0) return undefined;
    const entry = { peer, local, alias, cookie, outboundSpi: 0, inboundSpi: 0, usedAt: now };
    this.slots[free] = entry;
    return entry;
  }

  ikeFrom(peer: number, alias: number, cookie: bigint, now: number): IpsecEntry | undefined {
    const entry = this.find(now, (each) => each.peer === peer && each.alias === alias && fits(each.cookie, cookie));
    if (entry) entry.cookie = cookie;
    return entry;
  }

  /** ESP of a host: a new SPI makes the first entry of that host and server forget the inbound one. */
  espOut(local: number, peer: number, spi: number, now: number): IpsecEntry | undefined {
    const isHost = (each: IpsecEntry): boolean => each.peer === peer && each.local === local;
    const known = this.find(now, (each) => isHost(each) && covers(each.outboundSpi, spi));
    const entry = known ?? this.find(now, isHost);
    if (entry && entry !== known) entry.inboundSpi = 0;
    if (entry) entry.outboundSpi = spi;
    return entry;
  }

  /** ESP of a server: the first entry that fits; else the last of that server, which takes the new SPI. */
  espIn(peer: number, alias: number, spi: number, now: number): Found | undefined {
    const isPeer = (each: IpsecEntry): boolean => each.peer === peer && each.alias === alias;
    const first = this.find(now, (each) => isPeer(each) && covers(each.inboundSpi, spi));
    const entry =
      first ?? this.slots.findLast((each) => each !== undefined && now - each.usedAt <= IDLE && isPeer(each));
    if (!entry) return undefined;
    const how = !first ? 'last-in-table' : first.inboundSpi === spi ? 'matched' : 'first-in-table';
    entry.inboundSpi = spi;
    entry.usedAt = now;
    return { entry, how };
  }

  private find(now: number, wanted: (entry: IpsecEntry) => boolean): IpsecEntry | undefined {
    const entry = this.slots.find((each) => each !== undefined && now - each.usedAt <= IDLE && wanted(each));
    if (entry) entry.usedAt = now;
    return entry;
  }
}

const fits = (mask: bigint, value: bigint): boolean => (mask & value) === mask;
const covers = (mask: number, value: number): boolean => (mask & value) === (mask | 0);
