/**
 * The control channel of PPTP: cuts TCP's stream into messages, and asks the peer for a sign of life when it has been
 * silent for a minute. RFC 2637 §1.4, §2 and §3.1.4. The same at both ends.
 * @module
 */
import { concat } from '../lib/bytes.ts';
import * as pptp from '../wire/pptp.ts';
import type { Message } from '../wire/pptp-messages.ts';
import { type Host, seconds } from './endpoint.ts';
import type { TcpConnection } from './tcp-connection.ts';
import type { Timers } from './timers.ts';

export interface ChannelUser {
  message(message: Message): void;
  /** `lost`: the bytes are no messages, the stream cannot be read on. `silent`: no Echo-Reply within a minute. */
  broken(why: 'lost' | 'silent'): void;
}

const MINUTE = seconds(60);

export class PptpChannel {
  private readonly host: Host;
  private readonly timers: Timers;
  private readonly connection: TcpConnection;
  private readonly user: ChannelUser;
  private buffer: Uint8Array = new Uint8Array(0);
  private echoes = 0;

  constructor(host: Host, timers: Timers, connection: TcpConnection, user: ChannelUser) {
    this.host = host;
    this.timers = timers;
    this.connection = connection;
    this.user = user;
  }

  send(message: Message): void {
    this.connection.send(pptp.encode(message));
  }

  /** Keeps the channel alive from now on. */
  established(): void {
    this.timers.set('echo', MINUTE, () => this.askForEcho());
  }

  down(): void {
    this.timers.clearAll();
  }

  receive(bytes: Uint8Array): void {
    this.buffer = concat(this.buffer, bytes);
    if (this.timers.isSet('echo')) this.established();
    for (;;) {
      const parsed = pptp.parse(this.buffer);
      if (!parsed.ok) {
        if (parsed.error.kind !== 'truncated') this.user.broken('lost');
        return;
      }
      this.buffer = this.buffer.subarray(parsed.value.length);
      this.take(parsed.value.message);
    }
  }

  private take(message: Message): void {
    if (message.kind === 'echo-request') {
      this.send({ kind: 'echo-reply', identifier: message.identifier, resultCode: 1, errorCode: 0 });
    } else if (message.kind === 'echo-reply') {
      if (message.identifier === this.echoes) this.timers.clear('echo-reply');
    } else this.user.message(message);
  }

  private askForEcho(): void {
    this.echoes = this.host.rng.u32();
    this.send({ kind: 'echo-request', identifier: this.echoes });
    this.timers.set('echo-reply', MINUTE, () => this.user.broken('silent'));
    this.established();
  }
}
