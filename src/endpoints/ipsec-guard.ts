/**
 * What a pair of security associations does to packets, whether it is ESP or AH: wrap one and send it, check and unwrap
 * one that came. Everything around it (RFC 4301 §5) is the same for both and lies in `ipsec-data-plane.ts`.
 * @module
 */
import type { Incoming } from './endpoint.ts';
import type { Origin } from './ipsec-path.ts';

/** What is protected: in tunnel mode a whole IPv4 packet (protocol 4), in transport mode the payload of one. */
export interface Inside {
  /** IP protocol number; 59 for a dummy packet. */
  readonly nextHeader: number;
  readonly payload: Uint8Array;
}

/** An ESP or AH packet, the IP packet it came in, and its ports if it came in UDP. */
export interface Arrived {
  readonly protocol: 'esp' | 'ah';
  readonly packet: Uint8Array;
  readonly incoming: Incoming;
  readonly origin?: Origin;
}

export type Opened =
  | { readonly ok: true; readonly inside: Inside }
  | { readonly ok: false; readonly why: 'bad-icv' | 'replayed' | 'malformed' };

export interface Guard {
  readonly protocol: 'esp' | 'ah';
  /** Ours, by which the peer addresses us, and the peer's. */
  readonly spi: number;
  readonly peerSpi: number;
  readonly send: (inside: Inside) => void;
  readonly open: (arrived: Arrived) => Opened;
}
