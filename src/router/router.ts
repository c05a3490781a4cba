/**
 * A router: bytes in, bytes out. What a packet passes inside is `pipeline.ts`; what flows are to this router, its
 * translator says.
 *
 * `process` is the fast way: no allocation for a packet of a known flow, results in `sent`. `receive` does the same
 * and writes everything down. Time is given with each packet, in seconds, and never runs backwards.
 * @module
 */
import { Rng } from '../lib/rng.ts';
import type { ChainConfig, HelperId, InterfaceConfig, RouterConfig, RouterHooks } from './config.ts';
import { generationOf } from './libalias/generation.ts';
import { Libalias } from './libalias/libalias.ts';
import { Netfilter } from './netfilter/netfilter.ts';
import { ChangeObserver } from './observer.ts';
import type { Sent } from './outbox.ts';
import type { EntryView, Outcome, TableChange } from './outcome.ts';
import { Pipeline } from './pipeline.ts';
import { Recorder } from './recorder.ts';
import type { Translator } from './translator.ts';

export class Router {
  readonly names: readonly string[];
  private readonly translator: Translator;
  private readonly pipeline: Pipeline;
  private readonly config: RouterConfig;
  private interfaces: readonly InterfaceConfig[];

  constructor(config: RouterConfig, hooks: RouterHooks = {}) {
    this.config = config;
    this.interfaces = config.interfaces;
    this.names = config.interfaces.map((each) => each.name);
    const rng = new Rng(config.seed);
    const ids = rng.fork('ip-id');
    const Core = generationOf(config.nat) ? Libalias : Netfilter;
    this.translator = new Core(
      config,
      (request) => hooks.draw?.(request),
      () => rng.u16(),
    );
    this.pipeline = new Pipeline({
      translator: this.translator,
      fragmentTimeout: config.timeouts.fragments,
      id: hooks.ipId ?? (() => ids.u16()),
    });
    this.pipeline.place(config.interfaces, config.routes);
    this.setChains(config.forward, config.input);
  }

  /** The packets that the last `process` sent; only the first `sentCount` are of this time. */
  get sent(): readonly Sent[] {
    return this.pipeline.outbox.sent;
  }

  get sentCount(): number {
    return this.pipeline.outbox.count;
  }

  /** Takes a packet in by interface `on` and tells all about it. */
  receive(on: string, bytes: Uint8Array, now: number): Outcome {
    const recorder = new Recorder();
    const observer = new ChangeObserver();
    this.pipeline.watch(recorder);
    this.translator.tables.observer = observer;
    this.process(this.indexOf(on), bytes, bytes.length, now);
    const changes = observer.finish();
    this.translator.tables.observer = undefined;
    this.pipeline.watch(undefined);
    return {
      verdict: this.pipeline.verdict,
      out: this.sent.slice(0, this.sentCount).map((each) => ({
        on: this.names[each.on]!,
        packet: each.bytes.slice(0, each.length),
        own: each.own,
      })),
      reasons: recorder.reasons,
      stages: recorder.stages,
      changes,
    };
  }

  /** The same without a word: answers how many packets were sent, which are in `sent`. */
  process(on: number, bytes: Uint8Array, length: number, now: number): number {
    this.pipeline.run(on, bytes, length, now);
    return this.sentCount;
  }

  /** Starts and stops helpers, as a passthrough switch does; what is set up already changes only as far as it really would. */
  setHelpers(ids: readonly HelperId[]): void {
    this.translator.setHelpers(ids);
  }

  /** Replaces the filter rules; what is established is judged by the new ones from the next packet on. */
  setChains(forward: ChainConfig, input: ChainConfig): void {
    this.pipeline.filter(forward, input);
  }

  /** Empties the connection table, as `conntrack -F` does. */
  flush(now: number): readonly TableChange[] {
    return this.observed(now, () => this.translator.flush());
  }

  /** Gives an interface another address; flows masqueraded to the old one are gone at once. */
  setAddress(name: string, address: InterfaceConfig['address'], now: number): readonly TableChange[] {
    const index = this.indexOf(name);
    this.interfaces = this.interfaces.map((each, i) => (i === index ? { ...each, address } : each));
    this.pipeline.place(this.interfaces, this.config.routes);
    return this.observed(now, () => this.translator.setAddress(index, address.address));
  }

  /** The tables as they are now: connections oldest first, then what is expected. */
  entries(now: number): readonly EntryView[] {
    return this.translator.entries(now);
  }

  /** Confirmed entries and the bytes their table holds, for benchmarks. */
  get load(): { readonly entries: number; readonly bytes: number } {
    return this.translator.load;
  }

  private observed(now: number, change: () => void): readonly TableChange[] {
    const observer = new ChangeObserver();
    this.translator.tables.now = now;
    this.translator.tables.observer = observer;
    change();
    this.translator.tables.observer = undefined;
    return observer.finish();
  }

  private indexOf(name: string): number {
    const index = this.names.indexOf(name);
    if (index < 0) throw new Error(`the router has no interface "${name}", only ${this.names.join(', ')}`);
    return index;
  }
}
