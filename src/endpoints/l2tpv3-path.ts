/** How L2TPv3's messages travel: in IP protocol 115, which has no ports, or in UDP port 1701, which has. RFC 3931 §4.1. @module */

import * as l2tp from '../wire/l2tp.ts';
import * as l2tpv3 from '../wire/l2tpv3.ts';
import * as udp from '../wire/udp.ts';
import type { Host, Incoming } from './endpoint.ts';
import { MESSAGE, message } from './l2tp-avps.ts';
import type { Numbered } from './l2tp-connection.ts';

export interface L2tpv3Path {
  readonly carrier: l2tpv3.Carrier;
  readonly local: number;
  readonly remote: number;
  /** 0 over IP. */
  readonly localPort: number;
  readonly remotePort: number;
}

/** A message together with the way an answer would take. */
export interface Arrived {
  readonly packet: l2tpv3.Packet;
  readonly path: L2tpv3Path;
}

/** Answers undefined for what does not come to this port over this carrier, or is no L2TPv3. */
export function arrive(incoming: Incoming, carrier: l2tpv3.Carrier, port: number): Arrived | 'damaged' | undefined {
  const ends = { carrier, local: incoming.destination, remote: incoming.source };
  if (carrier === 'ip') {
    if (incoming.protocol !== l2tpv3.PROTOCOL) return undefined;
    const parsed = l2tpv3.parse(incoming.payload, carrier);
    return parsed.ok ? { packet: parsed.value, path: { ...ends, localPort: 0, remotePort: 0 } } : 'damaged';
  }
  if (incoming.protocol !== udp.PROTOCOL) return undefined;
  const datagram = udp.parse(incoming.payload, incoming);
  if (!datagram.ok || datagram.value.destinationPort !== port) return undefined;
  const parsed = l2tpv3.parse(datagram.value.payload, carrier);
  const path = { ...ends, localPort: port, remotePort: datagram.value.sourcePort };
  return parsed.ok ? { packet: parsed.value, path } : 'damaged';
}

/** Where a client's first message goes. */
export function pathTo(host: Host, server: number, carrier: l2tpv3.Carrier, localPort: number): L2tpv3Path {
  const ports = carrier === 'ip' ? { localPort: 0, remotePort: 0 } : { localPort, remotePort: l2tp.PORT };
  return { carrier, local: host.address, remote: server, ...ports };
}

/** §3.2.2 asks for the explicit ACK message where version 2 sends a message without a body. */
export function sendControl(host: Host, path: L2tpv3Path, { peerId, ns, nr, avps }: Numbered): void {
  const acknowledged = avps ?? message(MESSAGE.ACK);
  emit(host, path, l2tpv3.encodeControl({ connectionId: peerId, ns, nr, avps: acknowledged }, path.carrier));
}

export function sendData(host: Host, path: L2tpv3Path, sessionId: number, body: Uint8Array): void {
  emit(host, path, l2tpv3.encodeData({ sessionId, body }, path.carrier));
}

function emit(host: Host, path: L2tpv3Path, bytes: Uint8Array): void {
  const { carrier, local, remote, localPort, remotePort } = path;
  const ends = { source: local, destination: remote };
  if (carrier === 'ip') host.send({ protocol: l2tpv3.PROTOCOL, ...ends, payload: bytes });
  else {
    const payload = udp.encode({ sourcePort: localPort, destinationPort: remotePort, payload: bytes }, ends);
    host.send({ protocol: udp.PROTOCOL, ...ends, payload });
  }
}
