/** L2TP by hand, of both versions, and what becomes of it at a router. */
import * as l2tp from '../../src/wire/l2tp.ts';
import type { Avp } from '../../src/wire/l2tp-avp.ts';
import { avp } from '../../src/wire/l2tp-avp.ts';
import * as l2tpv3 from '../../src/wire/l2tpv3.ts';
import { type Bench, datagram, packet, readUdp, S, WAN } from './bench.ts';

export const MESSAGE_TYPE = 0;
const HOST_NAME = 7;
export const TUNNEL_ID = 9;
export const DIGEST = 59;
export const CONNECTION_ID = 61;
export const LOCAL_SESSION = 63;
export const REMOTE_SESSION = 64;
export const [SCCRQ, SCCRP, SCCCN, STOP, ICRQ, ICRP, ICCN, CDN] = [1, 2, 3, 4, 10, 11, 12, 14] as const;

export const hidden = (type: number): Avp => ({ ...avp(type, new Uint8Array(8)), hidden: true });

/** Version 2 over UDP. The host name has an odd length, so that what follows stands at odd offsets. */
export const control = (type: number, tunnelId: number, ...avps: readonly Avp[]) =>
  l2tp.encodeControl({
    tunnelId,
    sessionId: 0,
    ns: 0,
    nr: 0,
    avps: [avp(MESSAGE_TYPE, type), avp(HOST_NAME, 'odd'), ...avps],
  });
export const data = (tunnelId: number, withLength = false) =>
  l2tp.encodeData({ tunnelId, sessionId: 3, payload: Uint8Array.of(1, 2, 3), withLength });

interface Arrived {
  readonly to: number;
  readonly ports: readonly [number, number];
  readonly message: l2tp.Packet;
}

/** Sends a datagram and reads what comes out, its checksum held against its bytes. */
export function through(lab: Bench, bytes: Uint8Array): Arrived | undefined {
  const seen = lab.send(bytes);
  if (!seen) return undefined;
  const { sourcePort, destinationPort, payload } = readUdp(seen);
  const message = l2tp.parse(payload);
  if (!message.ok) throw new Error('not L2TP any more');
  return { to: seen.destination, ports: [sourcePort, destinationPort], message: message.value };
}

export const say = (lab: Bench, from: number, payload: Uint8Array, server = S) =>
  through(lab, datagram(from, 1701, server, 1701, payload));
export const hear = (lab: Bench, payload: Uint8Array, port = 1701, server = S, serverPort = 1701) =>
  through(lab, datagram(server, serverPort, WAN, port, payload));

export const avpIn = (message: l2tp.Packet, type: number) =>
  message.kind === 'control' ? message.avps.find((each) => each.type === type)?.value : undefined;

/** Begins a tunnel; answers the port and the Tunnel ID by which the server knows it. */
export function dial(lab: Bench, from: number, tunnelId: number, server = S): { port: number; id: number } | undefined {
  const seen = say(lab, from, control(SCCRQ, 0, avp(TUNNEL_ID, tunnelId)), server);
  return seen && { port: seen.ports[0], id: Number(avpIn(seen.message, TUNNEL_ID)) };
}

/** Version 3, over either carrier. */
export class Third {
  private readonly lab: Bench;
  private readonly carrier: l2tpv3.Carrier;
  private readonly server: number;

  constructor(lab: Bench, carrier: l2tpv3.Carrier, server = S) {
    this.lab = lab;
    this.carrier = carrier;
    this.server = server;
  }

  control(from: number, type: number, connectionId: number, ...avps: readonly Avp[]): l2tpv3.Packet | undefined {
    const all = [avp(MESSAGE_TYPE, type), ...avps];
    return this.send(from, this.server, l2tpv3.encodeControl({ connectionId, ns: 0, nr: 0, avps: all }, this.carrier))
      ?.message;
  }

  data(from: number, sessionId: number): l2tpv3.Packet | undefined {
    return this.send(from, this.server, l2tpv3.encodeData({ sessionId, body: Uint8Array.of(9, 9, 9, 9) }, this.carrier))
      ?.message;
  }

  answer(type: number, connectionId: number, ...avps: readonly Avp[]) {
    const all = [avp(MESSAGE_TYPE, type), ...avps];
    return this.send(this.server, WAN, l2tpv3.encodeControl({ connectionId, ns: 0, nr: 0, avps: all }, this.carrier));
  }

  answerData(sessionId: number) {
    return this.send(this.server, WAN, l2tpv3.encodeData({ sessionId, body: Uint8Array.of(9, 9, 9, 9) }, this.carrier));
  }

  private send(from: number, to: number, bytes: Uint8Array): { to: number; message: l2tpv3.Packet } | undefined {
    const seen = this.lab.send(
      this.carrier === 'udp' ? datagram(from, 1701, to, 1701, bytes) : packet(from, to, l2tpv3.PROTOCOL, bytes),
    );
    if (!seen) return undefined;
    const parsed = l2tpv3.parse(this.carrier === 'udp' ? readUdp(seen).payload : seen.payload, this.carrier);
    if (!parsed.ok) throw new Error('not L2TPv3 any more');
    return { to: seen.destination, message: parsed.value };
  }
}

export const avpOf = (message: l2tpv3.Packet | undefined, type: number) =>
  message?.kind === 'control' ? message.avps.find((each) => each.type === type)?.value : undefined;
