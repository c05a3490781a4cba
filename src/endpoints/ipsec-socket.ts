/**
 * The ports an IPsec host listens on: bare ESP, IKE on port 500, and on 4500 the three things that share it
 * (RFC 3948 §2).
 * @module
 */
import * as esp from '../wire/esp.ts';
import * as natt from '../wire/natt.ts';
import * as udp from '../wire/udp.ts';
import type { Incoming } from './endpoint.ts';
import type { Arrived } from './ipsec-guard.ts';
import type { Origin } from './ipsec-path.ts';

export type Arrival =
  | { readonly kind: 'ike'; readonly message: Uint8Array; readonly origin: Origin }
  | ({ readonly kind: 'esp' } & Arrived)
  /** For us, but nothing to act upon: a keepalive, or a datagram that was damaged. */
  | { readonly kind: 'idle' };

export interface Ports {
  readonly port: number;
  readonly floatPort: number;
}

/** Undefined: the packet is for somebody else. */
export function arrival(incoming: Incoming, { port, floatPort }: Ports): Arrival | undefined {
  if (incoming.protocol === esp.PROTOCOL) return { kind: 'esp', protocol: 'esp', packet: incoming.payload, incoming };
  if (incoming.protocol !== udp.PROTOCOL) return undefined;
  const bare = udp.parse(incoming.payload);
  if (!bare.ok || (bare.value.destinationPort !== port && bare.value.destinationPort !== floatPort)) return undefined;
  const { source, destination } = incoming;
  const datagram = udp.parse(incoming.payload, { source, destination });
  if (!datagram.ok) return { kind: 'idle' };
  const { sourcePort, destinationPort, payload } = datagram.value;
  const origin = { address: source, port: sourcePort, localPort: destinationPort };
  if (destinationPort !== floatPort) return { kind: 'ike', message: payload, origin };
  const floated = natt.parse(payload);
  if (!floated.ok || floated.value.kind === 'keepalive') return { kind: 'idle' };
  if (floated.value.kind === 'ike') return { kind: 'ike', message: floated.value.message, origin };
  return { kind: 'esp', protocol: 'esp', packet: floated.value.packet, incoming, origin };
}
