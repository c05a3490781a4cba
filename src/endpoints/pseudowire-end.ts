/**
 * The machine at the end of a pseudowire: it pings and answers pings through it, in IP packets as they are or in
 * Ethernet frames, where it must first find out the other end's hardware address by ARP (RFC 826).
 * @module
 */
import * as arp from '../wire/arp.ts';
import { ARP, IPV4 } from '../wire/ether-type.ts';
import * as ethernet from '../wire/ethernet.ts';
import * as ipv4 from '../wire/ipv4.ts';
import { type Host, seconds } from './endpoint.ts';
import { type EchoPlan, InnerEcho } from './inner-echo.ts';
import type { Timers } from './timers.ts';

export type PseudowireKind = 'ip' | 'ethernet';

export interface PseudowireUser {
  transmit(frame: Uint8Array): void;
  alive(): void;
  silent(asked: number, answered: number): void;
}

const BROADCAST = new Uint8Array(6).fill(0xff);
const UNKNOWN = new Uint8Array(6);
/** Linux asks three times, a second apart, before it gives up on a neighbour. */
const ASK_AGAIN = seconds(1);
const MOST_ASKED = 3;

export class PseudowireEnd {
  private readonly kind: PseudowireKind;
  private readonly address: number;
  private readonly hardware: Uint8Array;
  private readonly timers: Timers;
  private readonly user: PseudowireUser;
  private readonly echo: InnerEcho;
  private readonly neighbours = new Map<number, Uint8Array>();
  private waiting: Uint8Array[] = [];

  constructor(
    host: Host,
    timers: Timers,
    is: { readonly kind: PseudowireKind; readonly address: number },
    user: PseudowireUser,
  ) {
    this.kind = is.kind;
    this.address = is.address;
    this.timers = timers;
    this.user = user;
    const { address } = is;
    // A locally administered hardware address, made of the inner one so that it is easy to recognise.
    this.hardware = Uint8Array.of(2, 0, address >>> 24, address >>> 16, address >>> 8, address);
    this.echo = new InnerEcho(host, timers.within('echo'), address, {
      send: (packet) => this.send(packet),
      alive: () => user.alive(),
      silent: (asked, answered) => user.silent(asked, answered),
    });
  }

  begin(plan: EchoPlan): void {
    this.echo.begin(plan);
  }

  down(): void {
    this.timers.clearAll();
    this.waiting = [];
  }

  receive(frame: Uint8Array): void {
    if (this.kind === 'ip') {
      this.echo.receive(frame);
      return;
    }
    const parsed = ethernet.parse(frame);
    if (!parsed.ok) return;
    const { type, payload } = parsed.value;
    if (type === ARP) this.receiveArp(payload);
    else if (type === IPV4) this.echo.receive(payload);
  }

  private send(packet: Uint8Array): void {
    if (this.kind === 'ip') {
      this.user.transmit(packet);
      return;
    }
    const parsed = ipv4.parse(packet);
    if (!parsed.ok) return;
    const { destination } = parsed.value;
    const hardware = this.neighbours.get(destination);
    if (hardware) this.frame(hardware, IPV4, packet);
    else {
      this.waiting.push(packet);
      if (!this.timers.isSet(`arp ${destination}`)) this.ask(destination, 1);
    }
  }

  private ask(target: number, times: number): void {
    this.arp({ operation: 'request', targetMac: UNKNOWN, target }, BROADCAST);
    this.timers.set(`arp ${target}`, ASK_AGAIN, () => {
      if (times < MOST_ASKED) this.ask(target, times + 1);
      else this.waiting = [];
    });
  }

  private receiveArp(bytes: Uint8Array): void {
    const parsed = arp.parse(bytes);
    if (!parsed.ok || parsed.value.target !== this.address) return;
    const { operation, senderMac, sender } = parsed.value;
    this.neighbours.set(sender, senderMac);
    this.timers.clear(`arp ${sender}`);
    if (operation === 'request') this.arp({ operation: 'reply', targetMac: senderMac, target: sender }, senderMac);
    const ready = this.waiting;
    this.waiting = [];
    for (const packet of ready) this.send(packet);
  }

  private arp(about: Pick<arp.Fields, 'operation' | 'targetMac' | 'target'>, to: Uint8Array): void {
    this.frame(to, ARP, arp.encode({ ...about, senderMac: this.hardware, sender: this.address }));
  }

  private frame(destination: Uint8Array, type: number, payload: Uint8Array): void {
    this.user.transmit(ethernet.encode({ destination, source: this.hardware, type, payload }));
  }
}
