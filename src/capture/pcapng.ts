/**
 * pcapng (draft-ietf-opsawg-pcapng): sections of blocks, each section in a byte order of its own.
 *
 * Reads Section Header, Interface Description, Enhanced, Simple and obsolete Packet, Name Resolution, Interface
 * Statistics and Decryption Secrets Blocks; passes over all others by their length, as the format asks.
 * Interfaces are numbered anew in each section of the file; here they are counted through.
 * @module
 */
import { type CaptureError, failed, type Opened } from './error.ts';
import {
  type CapturedPacket,
  type CaptureEnd,
  type CaptureInterface,
  type CaptureReader,
  type InterfaceStatistics,
  type NameRecord,
  remaining,
  type Secrets,
} from './packet.ts';
import { type Found, readBlock } from './pcapng-blocks.ts';
import { BLOCK, BLOCK_OVERHEAD, BYTE_ORDER_MAGIC } from './pcapng-format.ts';
import type { Clock } from './pcapng-time.ts';

/** A longer block is believed only where the file really holds that much. */
const MAX_BLOCK = 16 * 1024 * 1024;

/** Most interfaces, names, secrets and comments that are kept, each: past all honest files, and little memory. */
const MAX_KEPT = 65_536;

export function openPcapng(bytes: Uint8Array): Opened<CaptureReader> {
  const reader = new PcapngReader(bytes);
  reader.openFirstSection();
  return reader.end?.kind === 'broken' ? failed(reader.end.error) : { ok: true, value: reader };
}

class PcapngReader implements CaptureReader {
  readonly format = 'pcapng';
  readonly interfaces: CaptureInterface[] = [];
  readonly names: NameRecord[] = [];
  readonly secrets: Secrets[] = [];
  readonly statistics = new Map<number, InterfaceStatistics>();
  readonly comments: string[] = [];
  end: CaptureEnd | undefined;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly clocks: Clock[] = [];
  private little = false;
  private at = 0;
  private count = 0;
  /** The first interface of the current section. */
  private base = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  [Symbol.iterator](): IterableIterator<CapturedPacket> {
    return remaining(this);
  }

  openFirstSection(): void {
    this.nextBlock();
  }

  next(): CapturedPacket | undefined {
    while (!this.end) {
      const packet = this.nextBlock();
      if (packet) return packet;
    }
    return undefined;
  }

  /** Reads one block; answers the packet in it, if it holds one. */
  private nextBlock(): CapturedPacket | undefined {
    const { at, bytes, view } = this;
    const left = bytes.length - at;
    if (left === 0) {
      this.end = { kind: 'complete', at };
      return undefined;
    }
    if (left < BLOCK_OVERHEAD) return this.stop('cut', 'block', `${BLOCK_OVERHEAD} bytes`, left);
    if (view.getUint32(at) === BLOCK.section && !this.takeByteOrder()) return undefined;
    const length = view.getUint32(at + 4, this.little);
    if (length < BLOCK_OVERHEAD || length % 4 !== 0 || (length > left && length > MAX_BLOCK))
      return this.stop('damaged', 'block length', `a multiple of 4 from ${BLOCK_OVERHEAD} to ${MAX_BLOCK}`, length);
    if (length > left) return this.stop('cut', 'block', `${length} bytes`, left);
    const again = view.getUint32(at + length - 4, this.little);
    if (again !== length) return this.stop('damaged', 'block length at its end', `${length} as at its start`, again);
    const body = { bytes, view, little: this.little, from: at + 8, to: at + length - 4 };
    const { interfaces, clocks, base, count } = this;
    const packet = this.take(
      readBlock(view.getUint32(at, this.little), body, { interfaces, clocks, base, number: count + 1 }),
    );
    if (!this.end) this.at += length;
    return packet;
  }

  /** Each section says in which byte order it is written, before its own length can be read. */
  private takeByteOrder(): boolean {
    const magic = this.view.getUint32(this.at + 8);
    this.little = magic !== BYTE_ORDER_MAGIC;
    if (this.view.getUint32(this.at + 8, this.little) === BYTE_ORDER_MAGIC) return true;
    this.stop('damaged', 'byte-order magic', '1a2b3c4d or 4d3c2b1a', magic.toString(16).padStart(8, '0'));
    return false;
  }

  private take(found: Found): CapturedPacket | undefined {
    switch (found.kind) {
      case 'packet':
        this.count++;
        return found.packet;
      case 'interface':
        this.clocks.push(found.clock);
        return this.keep(this.interfaces, [found.value], 'interfaces');
      case 'section':
        this.base = this.interfaces.length;
        return this.keep(this.comments, found.comments, 'comments');
      case 'names':
        return this.keep(this.names, found.records, 'names');
      case 'secrets':
        return this.keep(this.secrets, [found.secrets], 'secrets');
      case 'statistics':
        this.statistics.set(found.statistics.interface, found.statistics);
        return undefined;
      case 'problem': {
        const { kind, path, expected, received } = found.error;
        return this.stop(kind, path, expected, received);
      }
      case 'nothing':
        return undefined;
    }
  }

  private keep<T>(list: T[], items: readonly T[], what: string): undefined {
    for (const item of items) list.push(item);
    if (list.length > MAX_KEPT) this.stop('damaged', 'block', `at most ${MAX_KEPT} ${what} in a file`, 'more');
  }

  private stop(kind: CaptureError['kind'], part: string, expected: string, received: number | string): undefined {
    const { at } = this;
    const path = this.count === 0 ? part : `${part} after packet ${this.count}`;
    this.end = { kind: 'broken', at, error: { kind, path, at, expected, received: `${received}` } };
  }
}
