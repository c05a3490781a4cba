/**
 * How a Remote Desktop session begins ([MS-RDPBCGR] §1.3.1.1, §2.2.1.1, §2.2.1.2): TCP to port 3389, one X.224 request
 * and its confirm, which choose TLS, then TLS. One TCP connection and nothing else, so no passthrough is asked for.
 *
 * Does not model: what follows inside TLS (MCS, licensing, graphics). The session counts as up when TLS stands.
 * @module
 */
import { concat, u16 } from '../lib/bytes.ts';
import * as tpkt from '../wire/tpkt.ts';
import { type Status, type Symptom, seconds } from './endpoint.ts';
import { endSymptom, protocolError, type Reached, silence } from './rdp-words.ts';
import { LINUX_TCP, type TcpPolicy, WINDOWS_TCP } from './tcp-policy.ts';
import { identityOf } from './tls-certificate.ts';
import { TlsCaller, TlsService } from './tls-endpoint.ts';
import type { StreamEnd, StreamUser, TlsCall, TlsStream } from './tls-stream.ts';

/** Types of the negotiation that rides on X.224. */
const REQUEST = 1;
const RESPONSE = 2;
const FAILURE = 3;
/** Why a server refuses: it wants TLS and was not offered it. */
const SSL_REQUIRED = 1;
/** What a server says it can do: several extensions that a session would use later. */
const SERVER_FLAGS = 0x1f;
const SERVER_REFERENCE = 0x1234;
const LARGEST_PDU = 4096;
/** How long mstsc waits for a server that took the connection and says nothing. */
const PATIENCE = seconds(30);

export interface RdpClientOptions {
  readonly server: number;
  /** In the request's cookie. */
  readonly userName: string;
  /** Whose certificate to expect; left out, any is taken, as after the warning that everybody clicks away. */
  readonly serverName?: string;
  /** Default "rdp". */
  readonly session?: string;
  readonly policy?: TcpPolicy;
}

export class RdpClient extends TlsCaller {
  private readonly options: RdpClientOptions;
  private call: TlsCall | undefined;
  private received = new Pdus();
  private state: 'idle' | 'connecting' | 'up' | 'over' = 'idle';
  private reached: Reached = 'nothing';

  constructor(options: RdpClientOptions) {
    super(options.session ?? 'rdp');
    this.options = options;
  }

  protected override begin(): void {
    if (this.state === 'connecting' || this.state === 'up') return;
    this.received = new Pdus();
    this.say('tcp', 'connecting');
    const { server, serverName, policy = WINDOWS_TCP } = this.options;
    const tls = serverName === undefined ? {} : { serverName };
    const options = { server, port: tpkt.PORT, policy, tls, clearFirst: true };
    this.state = 'connecting';
    this.reached = 'nothing';
    this.timers.set('patience', PATIENCE, () => this.giveUp());
    this.call = this.dial(options, {
      opened: () => this.request(),
      clear: (bytes) => this.takeClear(bytes),
      established: () => this.established(),
      data: () => {},
      ended: (how) => this.ended(how),
    });
  }

  override stop(): void {
    if (this.state !== 'connecting' && this.state !== 'up') return;
    this.finish('closed', 'closed');
    this.call!.stream.close();
  }

  private request(): void {
    this.reached = 'tcp';
    this.say('negotiation', 'connecting');
    const negotiation = { type: REQUEST, flags: 0, value: tpkt.PROTOCOL_TLS };
    const cookie = `Cookie: mstshash=${this.options.userName}`;
    this.call!.stream.sendClear(tpkt.encode({ confirm: false, destination: 0, source: 0, cookie, negotiation }));
  }

  private takeClear(bytes: Uint8Array): void {
    const pdu = this.received.take(bytes);
    if (pdu === undefined) return;
    const parsed = pdu === 'broken' ? undefined : tpkt.parse(pdu);
    const chosen = parsed?.ok && parsed.value.confirm ? parsed.value.negotiation : undefined;
    if (chosen?.type === RESPONSE && chosen.value === tpkt.PROTOCOL_TLS) {
      this.say('tls', 'connecting');
      this.call!.secure();
    } else this.fail(protocolError());
  }

  private established(): void {
    this.timers.clear('patience');
    this.state = 'up';
    this.reached = 'session';
    this.say('up', 'up');
  }

  private giveUp(): void {
    this.fail(silence(this.reached));
  }

  private ended(how: StreamEnd): void {
    this.fail(endSymptom(this.reached, how));
  }

  private fail(symptom: Symptom): void {
    if (this.state !== 'connecting' && this.state !== 'up') return;
    this.finish('failed', 'failed');
    this.host.symptom(this.session, symptom);
    this.call!.stream.close();
  }

  private finish(phase: string, status: Status): void {
    this.state = 'over';
    this.timers.clear('patience');
    this.say(phase, status);
  }
}

export interface RdpServerOptions {
  readonly name: string;
  readonly session?: string;
  readonly policy?: TcpPolicy;
}

export class RdpServer extends TlsService {
  constructor({ session = 'rdp', name, policy = LINUX_TCP }: RdpServerOptions) {
    super(session, { port: tpkt.PORT, policy, tls: { identity: identityOf(name) }, clearFirst: true });
  }

  protected override serve(stream: TlsStream): StreamUser {
    const received = new Pdus();
    return {
      clear: (bytes) => {
        const pdu = received.take(bytes);
        if (pdu !== undefined) this.answer(stream, pdu);
      },
      established: () => this.say('serving', 'up'),
      data: () => {},
      ended: () => {},
    };
  }

  private answer(stream: TlsStream, pdu: Uint8Array | 'broken'): void {
    const parsed = pdu === 'broken' ? undefined : tpkt.parse(pdu);
    if (!parsed?.ok || parsed.value.confirm) {
      stream.close();
      return;
    }
    const offered = parsed.value.negotiation?.type === REQUEST ? parsed.value.negotiation.value : 0;
    const willing = (offered & tpkt.PROTOCOL_TLS) !== 0;
    const negotiation = willing
      ? { type: RESPONSE, flags: SERVER_FLAGS, value: tpkt.PROTOCOL_TLS }
      : { type: FAILURE, flags: 0, value: SSL_REQUIRED };
    const destination = parsed.value.source;
    stream.sendClear(tpkt.encode({ confirm: true, destination, source: SERVER_REFERENCE, negotiation }));
    if (willing) this.port.secure(stream);
    else stream.close();
  }
}

/** Cuts the stream before TLS into TPKT packets, of which each side sends one. */
class Pdus {
  private bytes: Uint8Array = new Uint8Array(0);

  take(bytes: Uint8Array): Uint8Array | 'broken' | undefined {
    this.bytes = concat(this.bytes, bytes);
    if (this.bytes.length < 4) return undefined;
    const length = u16(this.bytes, 2);
    if (this.bytes[0] !== 3 || length > LARGEST_PDU || length < 4) return 'broken';
    return this.bytes.length < length ? undefined : this.bytes.slice(0, length);
  }
}
