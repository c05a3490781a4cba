/**
 * A Linux router: bytes in, bytes out. The packet passes named stages on netfilter's hooks, in the kernel's order:
 *
 *   ingress → defragment → conntrack → helper → destination-nat → routing ─┬→ forward → source-nat → confirm → egress
 *                                                                         └→ input (for the router itself)
 *
 * `process` is the fast way: no allocation for a packet of a known flow, results in `sent`. `receive` does the same
 * and writes everything down. Time is given with each packet, in seconds, and never runs backwards.
 * Source: Linux ip_input.c, ip_forward.c, ip_output.c; the order of hooks from netfilter_ipv4.h priorities.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import { Rng } from '../lib/rng.ts';
import { sum16 } from '../wire/checksum.ts';
import type { ChainConfig, InterfaceConfig, RouterConfig, RouterHooks } from './config.ts';
import { Chain, mayBeRejected } from './filter.ts';
import { finishRecordRoute, processOptions } from './ip-options.ts';
import { Netfilter } from './netfilter/netfilter.ts';
import { TCP } from './netfilter/tuple.ts';
import { ChangeObserver } from './observer.ts';
import type { EntryView, Outcome, TableChange, Verdict } from './outcome.ts';
import { answerTo, icmpError, type OwnContext, type OwnMessage } from './own-stack.ts';
import { Packet } from './packet.ts';
import type { Reason, RouterAnswer } from './reason.ts';
import { cut, Reassembler } from './reassembly.ts';
import { Recorder } from './recorder.ts';
import { RoutingTable } from './routing.ts';
import type { Translator } from './translator.ts';

/** One packet on its way out. `bytes` belongs to the router and is overwritten by the next packet. */
export interface Sent {
  /** Index of the interface. */
  on: number;
  bytes: Uint8Array;
  length: number;
  /** Made by the router itself. */
  own: boolean;
}

const DEFAULT_MTU = 1500;
const DAY = 86_400_000;

export class Router {
  /** The packets that the last `process` sent; only the first `sentCount` are of this time. */
  readonly sent: Sent[] = [];
  sentCount = 0;
  readonly names: readonly string[];
  private readonly translator: Translator;
  private readonly reassembler: Reassembler;
  private readonly packet = new Packet();
  private readonly own = new Packet();
  private readonly ownContext: OwnContext & { time: number };
  private interfaces: readonly InterfaceConfig[];
  private readonly config: RouterConfig;
  private routing: RoutingTable;
  private forwardChain: Chain;
  private inputChain: Chain;
  private recorder: Recorder | undefined;
  private verdict: Verdict = 'dropped';

  constructor(config: RouterConfig, hooks: RouterHooks = {}) {
    this.config = config;
    this.interfaces = config.interfaces;
    this.names = config.interfaces.map((each) => each.name);
    const rng = new Rng(config.seed);
    const ids = rng.fork('ip-id');
    this.translator = new Netfilter(
      config,
      (request) => hooks.draw?.(request),
      () => rng.u16(),
    );
    this.reassembler = new Reassembler(config.timeouts.fragments);
    this.ownContext = {
      facing: (address) => this.routing.facing(address),
      id: hooks.ipId ?? (() => ids.u16()),
      time: 0,
    };
    this.routing = new RoutingTable(config.interfaces, config.routes);
    this.forwardChain = new Chain(config.forward, this.names);
    this.inputChain = new Chain(config.input, this.names);
  }

  /** Takes a packet in by interface `on` and tells all about it. */
  receive(on: string, bytes: Uint8Array, now: number): Outcome {
    const recorder = new Recorder();
    this.watch(recorder);
    const observer = new ChangeObserver();
    this.translator.observer = observer;
    this.process(this.indexOf(on), bytes, bytes.length, now);
    const changes = observer.finish();
    this.translator.observer = undefined;
    this.watch(undefined);
    return {
      verdict: this.verdict,
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
    this.sentCount = 0;
    this.verdict = 'dropped';
    this.translator.now = now;
    const { packet } = this;
    if (length > packet.bytes.length) this.stop({ code: 'bad-ip-header', why: 'total-length' });
    else {
      packet.load(bytes, length, on);
      this.walk(packet, now);
      this.translator.release(packet);
      this.translator.settle();
    }
    return this.sentCount;
  }

  /** The PPTP switch of the `linux` profile: concerns control connections that open from now on. */
  setPptpHelper(on: boolean): void {
    this.translator.setPptpHelper(on);
  }

  /** Replaces the filter rules; what is established is judged by the new ones from the next packet on. */
  setChains(forward: ChainConfig, input: ChainConfig): void {
    this.forwardChain = new Chain(forward, this.names);
    this.inputChain = new Chain(input, this.names);
  }

  /** Empties the connection table, as `conntrack -F` does. */
  flush(now: number): readonly TableChange[] {
    return this.observed(now, () => this.translator.flush());
  }

  /** Gives an interface another address; flows masqueraded to the old one are gone at once. */
  setAddress(name: string, address: InterfaceConfig['address'], now: number): readonly TableChange[] {
    const index = this.indexOf(name);
    this.interfaces = this.interfaces.map((each, i) => (i === index ? { ...each, address } : each));
    this.routing = new RoutingTable(this.interfaces, this.config.routes);
    return this.observed(now, () => this.translator.forgetAddress(index));
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
    this.translator.now = now;
    this.translator.observer = observer;
    change();
    this.translator.observer = undefined;
    return observer.finish();
  }

  private watch(recorder: Recorder | undefined): void {
    this.recorder = recorder;
    this.translator.recorder = recorder;
  }

  private indexOf(name: string): number {
    const index = this.names.indexOf(name);
    if (index < 0) throw new Error(`the router has no interface "${name}", only ${this.names.join(', ')}`);
    return index;
  }

  private stop(reason: Reason): void {
    this.recorder?.stop(reason);
  }

  private walk(packet: Packet, now: number): void {
    this.recorder?.enter('ingress');
    if (!this.ingress(packet)) return;
    this.recorder?.enter('defragment');
    if (packet.isFragment && !this.defragment(packet, now)) return;
    this.recorder?.enter('conntrack');
    if (!this.translator.classify(packet, 'prerouting')) return;
    this.recorder?.enter('helper');
    this.translator.prepare(packet);
    this.recorder?.enter('destination-nat');
    if (!this.translator.translateDestination(packet)) return;
    this.recorder?.enter('routing');
    this.route(packet);
  }

  /** Source: ip_rcv_core. Bytes after the IP length are padding and fall off. */
  private ingress(packet: Packet): boolean {
    const { bytes, length, headerLength } = packet;
    const wrong =
      length < 20
        ? 'total-length'
        : bytes[0]! >>> 4 !== 4
          ? 'version'
          : headerLength < 20 || headerLength > length
            ? 'header-length'
            : undefined;
    if (wrong) return this.badHeader(wrong);
    const sum = sum16(bytes, 0, headerLength);
    if (((sum & 0xffff) + (sum >>> 16)) % 0xffff !== 0) return this.badHeader('checksum');
    const total = u16(bytes, 2);
    if (total > length || total < headerLength) return this.badHeader('total-length');
    packet.length = total;
    return true;
  }

  private badHeader(why: 'version' | 'header-length' | 'total-length' | 'checksum'): false {
    this.stop({ code: 'bad-ip-header', why });
    return false;
  }

  private defragment(packet: Packet, now: number): boolean {
    const result = this.reassembler.add(packet, now);
    switch (result) {
      case 'whole':
        this.recorder?.did({ code: 'reassembled', pieces: packet.pieces.length });
        return true;
      case 'held':
        this.verdict = 'held';
        this.stop({ code: 'waiting-for-fragments', have: this.reassembler.piecesOf(packet) });
        return false;
      default:
        this.stop({ code: 'fragments-discarded', why: result });
        return false;
    }
  }

  private route(packet: Packet): void {
    // Early demultiplexing reads the whole TCP header, which may change how a datagram is cut again.
    if (packet.pieces.length > 0 && packet.protocol === TCP) packet.pull(packet.headerLength + 20);
    const destination = this.routing.input(packet.source, packet.destination);
    if (destination.kind === 'martian') {
      this.stop({ code: 'martian', address: destination.address });
      return;
    }
    packet.local = destination.kind === 'local' || destination.kind === 'broadcast';
    if (packet.headerLength > 20 && !this.readOptions(packet, destination.kind)) return;
    switch (destination.kind) {
      case 'none':
        this.stop({ code: 'no-route', destination: packet.destination >>> 0 });
        this.complain(packet, 'net-unreachable');
        return;
      case 'interface':
        packet.outside = destination.index;
        this.forward(packet);
        return;
      default:
        this.input(packet, destination.kind === 'broadcast');
    }
  }

  private readOptions(packet: Packet, kind: string): boolean {
    const options = processOptions(packet.bytes, packet.headerLength, {
      facing: kind === 'local' ? packet.destination : this.routing.facing(packet.source),
      time: this.dayTime,
      isOwn: (address) => this.routing.isOwn(address),
    });
    packet.options = options;
    if (options.problemAt !== undefined) {
      this.stop({ code: 'bad-ip-option', offset: options.problemAt });
      this.complain(packet, 'parameter-problem', options.problemAt << 24);
      return false;
    }
    if (options.sourceRoute) {
      this.stop({ code: 'bad-ip-header', why: 'options' });
      return false;
    }
    return true;
  }

  private get dayTime(): number {
    return Math.floor(this.translator.now * 1000) % DAY;
  }

  private forward(packet: Packet): void {
    if (packet.ttl <= 1) {
      this.stop({ code: 'ttl-expired' });
      this.complain(packet, 'time-exceeded');
      return;
    }
    const mtu = this.mtuOf(packet.outside);
    const tooBig =
      packet.length > mtu && packet.dontFragment && (packet.pieces.length === 0 || packet.largestPiece > mtu);
    if (tooBig) {
      this.stop({ code: 'too-big', mtu, length: packet.length });
      this.complain(packet, 'fragmentation-needed', mtu);
      return;
    }
    packet.decreaseTtl();
    this.recorder?.enter('forward');
    const { verdict, rule } = this.forwardChain.judge(packet);
    if (verdict !== 'accept') {
      this.stop({ code: 'blocked-by-rule', rule, chain: 'forward' });
      if (verdict === 'reject' && mayBeRejected(packet)) this.complain(packet, 'port-unreachable');
      return;
    }
    if (packet.options) this.finishOptions(packet);
    if (!this.leave(packet)) return;
    this.verdict = 'forwarded';
    this.recorder?.enter('egress');
    this.emit(packet, false);
  }

  private finishOptions(packet: Packet): void {
    const { options } = packet;
    if (!options) return;
    if (options.recordNeedsAddress)
      finishRecordRoute(packet.bytes, options.recordRoute, this.interfaces[packet.outside]!.address.address);
    if (options.changed) packet.seal();
  }

  /** Postrouting: source translation, the helper's look at what goes out, confirmation. */
  private leave(packet: Packet): boolean {
    const iface = this.interfaces[packet.outside]!;
    this.recorder?.enter('source-nat');
    const masquerade = iface.masquerade ? iface.address.address : packet.hairpin ? this.outsideAddress : undefined;
    if (!this.translator.translateSource(packet, packet.outside, masquerade)) return false;
    if (packet.entry < 0) this.recorder?.note({ code: 'not-translated' });
    this.recorder?.enter('helper');
    return this.translator.finish(packet);
  }

  /** The address behind which the inside hides. */
  private get outsideAddress(): number | undefined {
    return this.interfaces.find((each) => each.masquerade)?.address.address;
  }

  private input(packet: Packet, broadcast: boolean): void {
    this.recorder?.enter('input');
    this.recorder?.note({ code: 'addressed-to-router', unknownFlow: packet.tracking !== 'established' });
    const { verdict, rule } = this.inputChain.judge(packet);
    if (verdict !== 'accept') {
      this.stop({ code: 'blocked-by-rule', rule, chain: 'input' });
      if (verdict === 'reject' && mayBeRejected(packet)) this.complain(packet, 'port-unreachable');
      return;
    }
    if (!this.translator.translateSource(packet, -1, undefined) || !this.translator.finish(packet)) return;
    this.verdict = 'delivered';
    if (broadcast) return;
    const answer = answerTo(packet, this.context());
    if (answer === 'silence') return;
    this.recorder?.stop({ code: 'nobody-listens', answer: answer.answer });
    this.sendOwn(answer, answer.answer === 'protocol-unreachable' ? packet : undefined);
  }

  private context(): OwnContext {
    this.ownContext.time = this.dayTime;
    return this.ownContext;
  }

  /** Sends an ICMP error about a packet; the verdict stays a drop. */
  private complain(packet: Packet, answer: RouterAnswer, info = 0): void {
    if (!this.routing.mayAnswer(packet.source)) return;
    const message = icmpError(packet, answer, this.context(), info);
    if (message === 'silence') return;
    this.recorder?.note({ code: 'nobody-listens', answer });
    this.sendOwn(message, packet);
  }

  /**
   * A packet of the router's own passes tracking and translation like any other, so that what it quotes is translated
   * too. An error about a packet that is still being tracked belongs to that packet's flow; one from a socket (UDP) is
   * looked up by its quotation.
   */
  private sendOwn(message: OwnMessage, about: Packet | undefined): void {
    const { own, recorder, translator } = this;
    own.load(message.bytes, message.bytes.length, -1);
    if (!this.routing.mayAnswer(own.destination)) return;
    this.watch(undefined);
    const adopted = about !== undefined && translator.adopt(own, about);
    if ((adopted || translator.classify(own, 'output')) && translator.translateDestination(own)) {
      own.outside = this.routing.lookup(own.destination);
      if (own.outside >= 0 && this.leave(own)) {
        if (this.verdict === 'delivered') this.verdict = 'answered';
        this.emit(own, true);
      }
    }
    if (adopted) own.entry = -1;
    translator.release(own);
    this.watch(recorder);
  }

  private mtuOf(iface: number): number {
    return this.interfaces[iface]!.mtu ?? DEFAULT_MTU;
  }

  private emit(packet: Packet, own: boolean): void {
    const mtu = this.mtuOf(packet.outside);
    if (packet.length <= mtu && packet.pieces.length === 0) {
      this.push(packet.outside, packet.bytes, packet.length, own);
      return;
    }
    const cameInPieces = packet.pieces.length > 0;
    const pieces = cut(packet, mtu);
    this.recorder?.did({
      code: 'refragmented',
      pieces: pieces.length,
      because: cameInPieces ? 'came-in-pieces' : 'mtu',
    });
    for (const piece of pieces) this.push(packet.outside, piece, piece.length, own);
  }

  private push(on: number, bytes: Uint8Array, length: number, own: boolean): void {
    const slot = this.sent[this.sentCount];
    if (slot) {
      slot.on = on;
      slot.bytes = bytes;
      slot.length = length;
      slot.own = own;
    } else this.sent.push({ on, bytes, length, own });
    this.sentCount++;
  }
}
