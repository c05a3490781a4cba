/**
 * What an endpoint is: a state machine fed with whole IPv4 packets and named timers. It sends bytes, sets timers,
 * reports its phase and, when it fails, what its user would see. It never learns that a NAT exists but by what arrives.
 * Time is integer microseconds of the simulated world; chance comes from the seeded generator it is given.
 * @module
 */
import type { Rng } from '../lib/rng.ts';

export type Status = 'idle' | 'connecting' | 'up' | 'failed' | 'closed';

/** A failure or a message as its user meets it. */
export interface Symptom {
  /** Whose words: "windows", "pppd", "strongswan", "openvpn", "wireguard", "xl2tpd", … */
  readonly system: string;
  /** "806", "809", … where the system numbers its errors. */
  readonly code?: string;
  readonly text: string;
  /** The step that did not happen, in the field's words: "no LCP Configure-Ack arrived through GRE". */
  readonly missing: string;
}

/** What a server's phase tells of one of its callers, where all others are served on as they were. */
export type Notice = 'caller-knocks' | 'caller-moved' | 'caller-left';

/** Key material for tools that decrypt an export. */
export type Secret =
  | { readonly kind: 'tls-keylog'; readonly line: string }
  | { readonly kind: 'wireguard-keylog'; readonly line: string }
  | { readonly kind: 'esp-sa'; readonly line: string }
  | { readonly kind: 'ikev2-table'; readonly line: string };

export interface Outgoing {
  readonly protocol: number;
  readonly destination: number;
  readonly payload: Uint8Array;
  /** Default: the host's address. */
  readonly source?: number;
  /** Default 64. */
  readonly ttl?: number;
  /** Default true, as hosts with path MTU discovery send. */
  readonly dontFragment?: boolean;
  /** Default: the host numbers it. AH covers this field and must choose it itself. */
  readonly identification?: number;
  /** DSCP and ECN; default 0. */
  readonly tos?: number;
  /** Which uplink it leaves by, where the host has several; default the first. */
  readonly via?: string;
}

/**
 * The machine an endpoint runs on: what it may ask of the world, and all it may ask. It is one object from `start` to
 * the end of the run, so that the parts of an endpoint may keep it.
 */
export interface Host {
  /** The usual source address, as it is now. */
  readonly address: number;
  /** Microseconds. */
  readonly now: number;
  /** The endpoint's own: what it draws moves no other endpoint's draws. */
  readonly rng: Rng;
  /** Sends a packet; the host numbers it (IP id) and cuts it where it exceeds the link's MTU of 1500. */
  send(packet: Outgoing): void;
  /** One timer a name: setting it again moves it. Names are the endpoint's own; another endpoint's never meet them. */
  setTimer(name: string, delay: number): void;
  clearTimer(name: string): void;
  phase(session: string, phase: string, status: Status, notice?: Notice): void;
  symptom(session: string, symptom: Symptom): void;
  secret(secret: Secret): void;
}

/** A whole, reassembled IPv4 packet as the host's stack hands it up. */
export interface Incoming {
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly ttl: number;
  readonly payload: Uint8Array;
  /** The packet with its header, for ICVs that cover it (AH). */
  readonly packet: Uint8Array;
}

/** An ICMP error that quotes a packet of ours: what it says, and of that packet what it quotes. */
export interface Unreachable {
  readonly type: number;
  readonly code: number;
  /** Who complains. */
  readonly from: number;
  readonly protocol: number;
  readonly destination: number;
  /** At least the first 8 bytes of the quoted packet's payload. */
  readonly payload: Uint8Array;
  /** Type 3 code 4 alone: the largest packet that fits (RFC 1191). */
  readonly mtu?: number;
}

export interface Endpoint {
  /** Names the conversation in the trace: "pptp", "ikev2", … with the node's id added by the world. */
  readonly session: string;
  start(host: Host): void;
  /** The user hangs up: an orderly teardown begins. */
  stop(host: Host): void;
  /** Answers whether the packet was for this endpoint. What nobody claims, the host's stack refuses as a host does. */
  receive(host: Host, packet: Incoming): boolean;
  timer(host: Host, name: string): void;
  /** Left out where an endpoint pays no heed to ICMP errors. Answers whether it was about one of its packets. */
  unreachable?(host: Host, error: Unreachable): boolean;
  /** One of the host's addresses has become another. Left out where the host's own address is all an endpoint uses. */
  readdressed?(host: Host, before: number, after: number): void;
}

export const seconds = (count: number): number => Math.round(count * 1_000_000);
export const milliseconds = (count: number): number => Math.round(count * 1_000);
