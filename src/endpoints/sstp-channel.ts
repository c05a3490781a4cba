/**
 * What both ends of SSTP do with the stream inside TLS: cut it into packets, answer echoes, ask for life after a
 * minute of silence ([MS-SSTP] §3.1.2).
 * @module
 */
import { concat, u16 } from '../lib/bytes.ts';
import * as sstp from '../wire/sstp.ts';
import { seconds } from './endpoint.ts';
import type { Timers } from './timers.ts';

export const MESSAGE = {
  callConnectRequest: 1,
  callConnectAck: 2,
  callConnectNak: 3,
  callConnected: 4,
  callAbort: 5,
  callDisconnect: 6,
  callDisconnectAck: 7,
  echoRequest: 8,
  echoResponse: 9,
} as const;

export const ATTRIBUTE = { protocolId: 1, status: 2, cryptoBinding: 3, cryptoBindingRequest: 4 } as const;

/** The one thing SSTP carries. */
export const PPP: sstp.Attribute = { id: ATTRIBUTE.protocolId, value: Uint8Array.of(0, 1) };
export const PATH = '/sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/';
export const METHOD = 'SSTP_DUPLEX_POST';
/** 2^64 − 1: a body without end. */
export const ENDLESS = '18446744073709551615';

export interface ChannelUser {
  write(bytes: Uint8Array): void;
  control(message: number, attributes: readonly sstp.Attribute[]): void;
  frame(frame: Uint8Array): void;
  /** What came is no SSTP, or nothing came any more. */
  broken(why: 'malformed' | 'silent'): void;
}

const HELLO = seconds(60);
const LENGTH = 0x0fff;

export class SstpChannel {
  private readonly timers: Timers;
  private readonly user: ChannelUser;
  private received: Uint8Array = new Uint8Array(0);
  private over = false;
  private asked = false;

  constructor(timers: Timers, user: ChannelUser) {
    this.timers = timers;
    this.user = user;
  }

  add(bytes: Uint8Array): void {
    this.received = concat(this.received, bytes);
    while (!this.over && this.received.length >= sstp.HEADER_LEN) {
      const length = Math.max(u16(this.received, 2) & LENGTH, sstp.HEADER_LEN);
      if (this.received.length < length) return;
      const packet = sstp.parse(this.received.subarray(0, length));
      this.received = this.received.slice(length);
      if (packet.ok) this.take(packet.value);
      else this.break('malformed');
    }
  }

  send(message: number, attributes: readonly sstp.Attribute[] = []): void {
    this.user.write(sstp.encode({ kind: 'control', message, attributes }));
  }

  sendFrame(frame: Uint8Array): void {
    this.user.write(sstp.encode({ kind: 'data', frame }));
  }

  /** From here on silence is noticed. */
  watch(): void {
    this.heard();
  }

  down(): void {
    this.over = true;
    this.timers.clearAll();
  }

  private take(packet: sstp.Packet): void {
    if (this.timers.isSet('hello')) this.heard();
    if (packet.kind === 'data') this.user.frame(packet.frame);
    else if (packet.message === MESSAGE.echoRequest) this.send(MESSAGE.echoResponse);
    else if (packet.message !== MESSAGE.echoResponse) this.user.control(packet.message, packet.attributes);
  }

  private heard(): void {
    this.asked = false;
    this.timers.set('hello', HELLO, () => this.ask());
  }

  private ask(): void {
    if (this.asked) {
      this.break('silent');
      return;
    }
    this.asked = true;
    this.send(MESSAGE.echoRequest);
    this.timers.set('hello', HELLO, () => this.ask());
  }

  private break(why: 'malformed' | 'silent'): void {
    this.down();
    this.user.broken(why);
  }
}
