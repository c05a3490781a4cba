/**
 * The packet a router works on: bytes in one large buffer, rewritten in place, and what the stages know about it.
 * A router owns two, one for what it received and one for what it makes itself, and uses them again and again.
 * @module
 */
import { i32, putU16, putU32, u16 } from '../lib/bytes.ts';
import { sum16, update16, update32 } from '../wire/checksum.ts';
import type { Options } from './ip-options.ts';

/** How connection tracking classifies a packet. */
export type Tracking = 'untracked' | 'new' | 'established' | 'related' | 'invalid';

const LARGEST = 0x10000;

export class Packet {
  readonly bytes = new Uint8Array(LARGEST);
  length = 0;
  /** Of the IPv4 header, options included. */
  headerLength = 20;
  /** Index of the interface it came in by; -1 for the router's own. */
  inside = -1;
  /** Index of the interface it will leave by; -1 while unknown. */
  outside = -1;
  tracking: Tracking = 'untracked';
  /** Entry in the connection table, or -1. */
  entry = -1;
  /** 0 original, 1 reply. */
  direction = 0;
  /** True once routed to the router itself. */
  local = false;
  /** On its way back in to another inside end: leaves with the sender's outside address. */
  hairpin = false;
  /** Lengths of the data of the pieces it came in, in order; empty where it came whole. */
  pieces: number[] = [];
  /** Largest piece with its header, and whether that one carried DF (IPCB frag_max_size, IPSKB_FRAG_PMTU). */
  largestPiece = 0;
  largestHadDf = false;
  /** What its IP options ask for, once they were read. */
  options: Options | undefined;

  /** Takes over a packet's bytes. The rest of the state starts afresh. */
  load(bytes: Uint8Array, length: number, inside: number): void {
    this.bytes.set(length === bytes.length ? bytes : bytes.subarray(0, length));
    this.length = length;
    this.headerLength = (this.bytes[0]! & 15) << 2;
    this.reset(inside);
  }

  reset(inside: number): void {
    this.inside = inside;
    this.outside = -1;
    this.tracking = 'untracked';
    this.entry = -1;
    this.direction = 0;
    this.local = false;
    this.hairpin = false;
    if (this.pieces.length > 0) this.pieces = [];
    this.largestPiece = 0;
    this.largestHadDf = false;
    this.options = undefined;
  }

  get protocol(): number {
    return this.bytes[9]!;
  }

  /** Signed 32-bit, as tuples have them. */
  get source(): number {
    return i32(this.bytes, 12);
  }

  get destination(): number {
    return i32(this.bytes, 16);
  }

  get ttl(): number {
    return this.bytes[8]!;
  }

  get dontFragment(): boolean {
    return (this.bytes[6]! & 0x40) !== 0;
  }

  get isFragment(): boolean {
    return (u16(this.bytes, 6) & 0x3fff) !== 0;
  }

  /** Bytes after the IP header. */
  get dataLength(): number {
    return this.length - this.headerLength;
  }

  setSource(address: number): void {
    putU16(this.bytes, 10, update32(u16(this.bytes, 10), i32(this.bytes, 12), address));
    putU32(this.bytes, 12, address);
  }

  setDestination(address: number): void {
    putU16(this.bytes, 10, update32(u16(this.bytes, 10), i32(this.bytes, 16), address));
    putU32(this.bytes, 16, address);
  }

  decreaseTtl(): void {
    const before = u16(this.bytes, 8);
    this.bytes[8] = this.bytes[8]! - 1;
    putU16(this.bytes, 10, update16(u16(this.bytes, 10), before, u16(this.bytes, 8)));
  }

  /** Computes the header checksum anew. */
  seal(): void {
    sealHeader(this.bytes, this.headerLength);
  }

  /**
   * What skb_ensure_writable does to a packet that came in pieces: bytes up to `length` move into the first piece,
   * so its size changes, and with it the cut when the packet is sent in pieces again.
   */
  pull(length: number): boolean {
    if (length > this.length) return false;
    if (this.pieces.length > 1) this.pullPieces(length - this.headerLength);
    return true;
  }

  private pullPieces(data: number): void {
    const pieces = this.pieces;
    while (pieces.length > 1 && pieces[0]! < data) {
      const moved = Math.min(data - pieces[0]!, pieces[1]!);
      pieces[0] = pieces[0]! + moved;
      if (moved === pieces[1]) pieces.splice(1, 1);
      else pieces[1] = pieces[1]! - moved;
    }
  }
}

/** Writes the checksum of the IPv4 header at the start of `bytes`. */
export function sealHeader(bytes: Uint8Array, headerLength: number): void {
  putU16(bytes, 10, 0);
  let sum = sum16(bytes, 0, headerLength);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  putU16(bytes, 10, ~sum & 0xffff);
}
