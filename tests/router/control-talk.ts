/** A PPTP control connection through a router, segment by segment, as each side sees it; and the GRE beside it. */
import { u16 } from '../../src/lib/bytes.ts';
import * as gre from '../../src/wire/gre.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { type MessageFields, type MessageName, message } from '../kernel/traffic/pptp.ts';
import { type Bench, packet, readTcp, S, WAN } from './bench.ts';

export type { MessageFields, MessageName };
export { message };

export class ControlTalk {
  readonly client: number;
  readonly server: number;
  private readonly bench: Bench;
  private readonly port: number;
  /** The client's port as the server sees it. */
  outsidePort = 0;
  /** Next sequence numbers. */
  private out = 1000;
  private back = 500_000;

  constructor(bench: Bench, client: number, port = 50_000, server = S) {
    this.bench = bench;
    this.client = client;
    this.port = port;
    this.server = server;
  }

  /** The TCP handshake, and the start of the control connection. */
  open(): this {
    this.fromClient(new Uint8Array(0), tcp.SYN);
    this.fromServer(new Uint8Array(0), tcp.SYN | tcp.ACK);
    this.say('Start-Control-Connection-Request');
    this.hear('Start-Control-Connection-Reply');
    return this;
  }

  /** One message in one segment from the client; answers it as the server gets it. */
  say(name: MessageName, fields: MessageFields = {}): Uint8Array {
    return this.fromClient(message(name, fields));
  }

  /** One message in one segment from the server; answers it as the client gets it. */
  hear(name: MessageName, fields: MessageFields = {}): Uint8Array {
    return this.fromServer(message(name, fields));
  }

  /** A whole outgoing call; answers the client's Call ID as the server knows it. */
  call(insideId: number, serverId: number): number {
    const outsideId = u16(this.say('Outgoing-Call-Request', { w12: insideId }), 12);
    this.hear('Outgoing-Call-Reply', { w12: serverId, w14: outsideId, result: 1 });
    return outsideId;
  }

  fromClient(payload: Uint8Array, flags: number = tcp.ACK | tcp.PSH): Uint8Array {
    const delivered = this.clientAt(this.out, payload, flags);
    this.out += payload.length + ((flags & (tcp.SYN | tcp.FIN)) !== 0 ? 1 : 0);
    return delivered ?? new Uint8Array(0);
  }

  fromServer(payload: Uint8Array, flags: number = tcp.ACK | tcp.PSH): Uint8Array {
    const delivered = this.serverAt(this.back, payload, flags);
    this.back += payload.length + ((flags & (tcp.SYN | tcp.FIN)) !== 0 ? 1 : 0);
    return delivered ?? new Uint8Array(0);
  }

  /** The sequence numbers that come next, from the client and from the server. */
  get next(): readonly [number, number] {
    return [this.out, this.back];
  }

  /** A segment at any place of the client's stream; answers its payload as the server gets it. */
  clientAt(sequence: number, payload: Uint8Array, flags: number = tcp.ACK): Uint8Array | undefined {
    const seen = this.segment(this.client, this.server, {
      sourcePort: this.port,
      destinationPort: 1723,
      sequence,
      acknowledgment: this.back,
      flags,
      payload,
    });
    if (seen) this.outsidePort = seen.sourcePort;
    return seen?.payload;
  }

  serverAt(sequence: number, payload: Uint8Array, flags: number = tcp.ACK): Uint8Array | undefined {
    return this.segment(this.server, WAN, {
      sourcePort: 1723,
      destinationPort: this.outsidePort,
      sequence,
      acknowledgment: this.out,
      flags,
      payload,
    })?.payload;
  }

  private segment(source: number, destination: number, given: tcp.Given): tcp.Fields | undefined {
    const ends = { source, destination };
    const seen = this.bench.send(
      packet(source, destination, tcp.PROTOCOL, tcp.encode({ window: 60_000, acknowledgment: 0, ...given }, ends)),
    );
    return seen && readTcp(seen);
  }
}

const frame = (callId: number) =>
  gre.encode({ version: 1, callId, sequence: 1, payload: Uint8Array.of(0xff, 0x03, 0xc0, 0x21) });

/** GRE from an inside host; answers the Call ID with which it left. */
export function greOut(bench: Bench, from: number, callId: number, server = S): number | undefined {
  const seen = bench.send(packet(from, server, gre.PROTOCOL, frame(callId)));
  return seen && u16(seen.payload, 6);
}

/** GRE from a server; answers who got it, and with which Call ID. */
export function greIn(bench: Bench, callId: number, server = S): { to: number; callId: number } | undefined {
  const seen = bench.send(packet(server, WAN, gre.PROTOCOL, frame(callId)));
  return seen && { to: seen.destination, callId: u16(seen.payload, 6) };
}
