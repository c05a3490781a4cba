/** What every capture format boils down to: packets with times, and the interfaces they were taken on. @module */
import type { CaptureError } from './error.ts';

export interface CapturedPacket {
  /** Counted from 1, as Wireshark counts. */
  readonly number: number;
  /** Nanoseconds since 1970. Undefined where the format keeps none (pcapng's Simple Packet Block). */
  readonly time: bigint | undefined;
  /** Index into the reader's `interfaces`. */
  readonly interface: number;
  /** LINKTYPE_ number; `firstLayer` says what the bytes begin with. */
  readonly linkType: number;
  /** What was captured: a view into the file, not a copy. */
  readonly bytes: Uint8Array;
  /** How long the packet was before the capture cut it. */
  readonly originalLength: number;
  /** As seen from the capturing machine. */
  readonly direction?: 'inbound' | 'outbound';
  readonly comments: readonly string[];
}

export interface CaptureInterface {
  readonly linkType: number;
  /** Most bytes kept of a packet; 0 is no limit. */
  readonly snapLength: number;
  readonly name?: string;
  readonly description?: string;
  readonly comments: readonly string[];
}

/** A name for an address, as the capturing machine resolved it. */
export interface NameRecord {
  /** 4 bytes of IPv4 or 16 of IPv6. */
  readonly address: Uint8Array;
  readonly names: readonly string[];
}

/** Keys that open the capture's encrypted packets, in the form their protocol's tools write them. */
export interface Secrets {
  /** "TLSK", "WGKL", … as a 32-bit number. */
  readonly type: number;
  readonly data: Uint8Array;
}

/** What the capturing machine counted on one interface. */
export interface InterfaceStatistics {
  readonly interface: number;
  readonly received?: bigint;
  readonly dropped?: bigint;
}

/** How reading ended. `at`: the first byte that was not used. */
export type CaptureEnd =
  | { readonly kind: 'complete'; readonly at: number }
  | { readonly kind: 'broken'; readonly at: number; readonly error: CaptureError };

/**
 * Walks through a capture packet by packet. Its lists grow as the file is read and are whole once `end` is set.
 * Nothing is copied, and apart from its lists, which are bounded, it keeps nothing of what it has passed.
 */
export interface CaptureReader extends Iterable<CapturedPacket> {
  readonly format: 'pcap' | 'pcapng';
  readonly interfaces: readonly CaptureInterface[];
  readonly names: readonly NameRecord[];
  readonly secrets: readonly Secrets[];
  /** The last count of each interface that has one. */
  readonly statistics: ReadonlyMap<number, InterfaceStatistics>;
  /** Of the file as a whole. */
  readonly comments: readonly string[];
  /** Set once `next` has answered undefined. */
  readonly end: CaptureEnd | undefined;
  next(): CapturedPacket | undefined;
}

/** Longest packet that is believed; libpcap's and Wireshark's limit for ordinary links. */
export const MAX_PACKET = 262_144;

export const NO_COMMENTS: readonly string[] = [];

/** Makes a reader iterable: `for (const packet of reader)` goes on from where it stands. */
export function* remaining(reader: CaptureReader): IterableIterator<CapturedPacket> {
  for (let packet = reader.next(); packet; packet = reader.next()) yield packet;
}
