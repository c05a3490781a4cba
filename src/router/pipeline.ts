/**
 * The way of one packet through a router, in named stages on netfilter's hooks, in the kernel's order:
 *
 *   ingress → defragment → conntrack → helper → destination-nat → routing ─┬→ forward → source-nat → confirm → egress
 *                                                                         └→ input (for the router itself)
 *
 * Source: Linux ip_input.c, ip_forward.c, ip_output.c; the order of hooks from netfilter_ipv4.h priorities.
 * @module
 */
import type { ChainConfig, InterfaceConfig, Route } from './config.ts';
import { Chain, mayBeRejected } from './filter.ts';
import { headerProblem } from './ingress.ts';
import { finishRecordRoute, processOptions } from './ip-options.ts';
import { TCP } from './netfilter/tuple.ts';
import { Outbox } from './outbox.ts';
import type { Verdict } from './outcome.ts';
import { answerTo, icmpError, type OwnContext, type OwnMessage } from './own-stack.ts';
import { Packet } from './packet.ts';
import type { Reason, RouterAnswer } from './reason.ts';
import { Reassembler } from './reassembly.ts';
import type { Recorder } from './recorder.ts';
import { RoutingTable } from './routing.ts';
import type { Translator } from './translator.ts';

const DEFAULT_MTU = 1500;
const DAY = 86_400_000;

export interface PipelineOptions {
  readonly translator: Translator;
  /** Seconds that an incomplete datagram is kept. */
  readonly fragmentTimeout: number;
  /** The identification of the next packet of the router's own. */
  readonly id: () => number;
}

export class Pipeline {
  readonly outbox = new Outbox();
  verdict: Verdict = 'dropped';
  private readonly translator: Translator;
  private readonly reassembler: Reassembler;
  private readonly packet = new Packet();
  private readonly own = new Packet();
  private readonly ownContext: OwnContext & { time: number };
  private interfaces: readonly InterfaceConfig[] = [];
  private routing = new RoutingTable([], []);
  private forwardChain = new Chain({ rules: [], policy: 'accept' }, []);
  private inputChain = new Chain({ rules: [], policy: 'accept' }, []);
  private recorder: Recorder | undefined;

  constructor({ translator, fragmentTimeout, id }: PipelineOptions) {
    this.translator = translator;
    this.reassembler = new Reassembler(fragmentTimeout);
    this.ownContext = { facing: (address) => this.routing.facing(address), id, time: 0 };
  }

  place(interfaces: readonly InterfaceConfig[], routes: readonly Route[]): void {
    this.interfaces = interfaces;
    this.routing = new RoutingTable(interfaces, routes);
  }

  filter(forward: ChainConfig, input: ChainConfig): void {
    const names = this.interfaces.map((each) => each.name);
    this.forwardChain = new Chain(forward, names);
    this.inputChain = new Chain(input, names);
  }

  watch(recorder: Recorder | undefined): void {
    this.recorder = recorder;
    this.translator.tables.recorder = recorder;
  }

  /** Takes a packet in by interface `on`; what leaves is in the outbox. */
  run(on: number, bytes: Uint8Array, length: number, now: number): void {
    this.outbox.count = 0;
    this.verdict = 'dropped';
    this.translator.tables.now = now;
    const { packet } = this;
    if (length > packet.bytes.length) {
      this.stop({ code: 'bad-ip-header', why: 'total-length' });
      return;
    }
    packet.load(bytes, length, on);
    this.walk(packet);
    this.translator.release(packet);
    this.translator.settle();
  }

  private stop(reason: Reason): void {
    this.recorder?.stop(reason);
  }

  private walk(packet: Packet): void {
    this.recorder?.enter('ingress');
    const problem = headerProblem(packet);
    if (problem) {
      this.stop({ code: 'bad-ip-header', why: problem });
      return;
    }
    this.recorder?.enter('defragment');
    if (packet.isFragment && this.translator.wantsWhole && !this.defragment(packet)) return;
    this.recorder?.enter('conntrack');
    if (!this.translator.classify(packet, 'prerouting')) return;
    this.recorder?.enter('helper');
    this.translator.prepare(packet);
    this.recorder?.enter('destination-nat');
    if (!this.translator.translateDestination(packet)) return;
    this.recorder?.enter('routing');
    this.route(packet);
  }

  private defragment(packet: Packet): boolean {
    const result = this.reassembler.add(packet, this.translator.tables.now);
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
    return Math.floor(this.translator.tables.now * 1000) % DAY;
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
    this.outbox.emit(packet, this.mtuOf(packet.outside), false, this.recorder);
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
    this.recorder?.enter('helper');
    return this.translator.finish(packet);
  }

  /** The address behind which the inside hides. */
  private get outsideAddress(): number | undefined {
    return this.interfaces.find((each) => each.masquerade)?.address.address;
  }

  private input(packet: Packet, broadcast: boolean): void {
    this.recorder?.enter('input');
    this.recorder?.note({
      code: 'addressed-to-router',
      unknownFlow: packet.tracking !== 'established',
      ...this.translator.mark,
    });
    const { verdict, rule } = this.inputChain.judge(packet);
    if (verdict !== 'accept') {
      this.stop({ code: 'blocked-by-rule', rule, chain: 'input' });
      if (verdict === 'reject' && mayBeRejected(packet)) this.complain(packet, 'port-unreachable');
      return;
    }
    if (!this.translator.translateSource(packet, -1, undefined) || !this.translator.finish(packet)) return;
    if (packet.isFragment) {
      this.recorder?.enter('defragment');
      if (!this.defragment(packet)) return;
    }
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
        this.outbox.emit(own, this.mtuOf(own.outside), true, undefined);
      }
    }
    if (adopted) own.entry = -1;
    translator.release(own);
    this.watch(recorder);
  }

  private mtuOf(iface: number): number {
    return this.interfaces[iface]!.mtu ?? DEFAULT_MTU;
  }
}
