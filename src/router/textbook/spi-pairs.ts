/**
 * The SPIs of each tunnel: the one its host sends with, the one it is sent to, and who still waits for the latter.
 * Bounded: the pair idle for longest goes first.
 * @module
 */
import type { SortedFlow } from '../netfilter/sorting.ts';

export interface SpiPair {
  readonly flow: SortedFlow;
  /** Chosen by the server, seen in what the host sends. */
  readonly outbound: number;
  /** Chosen by the host, seen in what it is sent; unknown until then. */
  inbound: number | undefined;
  /** When it began. */
  readonly since: number;
  usedAt: number;
}

export interface SpiPairsOptions {
  readonly limit: number;
  /** Seconds a pair may wait for its inbound SPI, and seconds a whole one may be idle. */
  readonly patience: number;
  readonly idle: number;
  readonly isLive: (flow: SortedFlow) => boolean;
  readonly onEvict: (pair: SpiPair) => void;
}

export class SpiPairs {
  private readonly options: SpiPairsOptions;
  /** The one used last at the end. */
  private readonly all = new Set<SpiPair>();
  private readonly byOutbound = new Map<string, SpiPair>();
  private readonly byInbound = new Map<string, SpiPair>();
  /** By server, the one that has waited longest first. */
  private readonly waiting = new Map<number, Set<SpiPair>>();

  constructor(options: SpiPairsOptions) {
    this.options = options;
  }

  outbound(inside: number, remote: number, spi: number, now: number): SpiPair | undefined {
    return this.used(this.living(this.byOutbound.get(outboundKey(inside, remote, spi)), now), now);
  }

  inbound(remote: number, spi: number, now: number): SpiPair | undefined {
    return this.used(this.living(this.byInbound.get(inboundKey(remote, spi)), now), now);
  }

  /** The pair that has waited longest for an answer of this server. */
  firstWaiting(remote: number, now: number): SpiPair | undefined {
    for (const pair of this.waiting.get(remote) ?? []) if (this.living(pair, now)) return pair;
    return undefined;
  }

  begin(flow: SortedFlow, outbound: number, now: number): void {
    if (this.all.size >= this.options.limit) {
      const oldest = this.all.values().next().value!;
      this.options.onEvict(oldest);
      this.remove(oldest);
    }
    const pair: SpiPair = { flow, outbound, inbound: undefined, since: now, usedAt: now };
    this.all.add(pair);
    this.byOutbound.set(outboundKey(flow.inside, flow.remote, outbound), pair);
    const waiting = this.waiting.get(flow.remote) ?? new Set<SpiPair>();
    this.waiting.set(flow.remote, waiting.add(pair));
  }

  /** The pair's inbound SPI is known now. */
  complete(pair: SpiPair, inbound: number, now: number): void {
    this.stopWaiting(pair);
    pair.inbound = inbound;
    this.byInbound.set(inboundKey(pair.flow.remote, inbound), pair);
    this.used(pair, now);
  }

  /** The pair whose host sends with this SPI to this server, if it is one alone: two hosts may have been given the same. */
  onlySender(remote: number, spi: number): SpiPair | undefined {
    const senders = [...this.all].filter(({ flow, outbound }) => flow.remote === remote && outbound === spi);
    return senders.length === 1 ? senders[0] : undefined;
  }

  forget(flow: SortedFlow): void {
    for (const pair of this.of(flow)) this.remove(pair);
  }

  of(flow: SortedFlow): readonly SpiPair[] {
    return [...this.all].filter((pair) => pair.flow === flow);
  }

  private used(pair: SpiPair | undefined, now: number): SpiPair | undefined {
    if (!pair) return undefined;
    pair.usedAt = now;
    this.all.delete(pair);
    this.all.add(pair);
    return pair;
  }

  private living(pair: SpiPair | undefined, now: number): SpiPair | undefined {
    if (!pair || !this.options.isLive(pair.flow)) return undefined;
    const { patience, idle } = this.options;
    if (now < (pair.inbound === undefined ? pair.since + patience : pair.usedAt + idle)) return pair;
    this.remove(pair);
    return undefined;
  }

  private remove(pair: SpiPair): void {
    const { flow, outbound, inbound } = pair;
    this.all.delete(pair);
    this.byOutbound.delete(outboundKey(flow.inside, flow.remote, outbound));
    if (inbound === undefined) this.stopWaiting(pair);
    else this.byInbound.delete(inboundKey(flow.remote, inbound));
  }

  private stopWaiting(pair: SpiPair): void {
    const { remote } = pair.flow;
    const waiting = this.waiting.get(remote);
    waiting?.delete(pair);
    if (waiting?.size === 0) this.waiting.delete(remote);
  }
}

const outboundKey = (inside: number, remote: number, spi: number): string => `${inside} ${remote} ${spi}`;
const inboundKey = (remote: number, spi: number): string => `${remote} ${spi}`;
