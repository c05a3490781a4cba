/**
 * Classic pcap (draft-ietf-opsawg-pcap), read in both byte orders and both precisions.
 *
 *     file     |0 magic |4 major, minor |8 reserved |16 snap length |20 link type, upper bits: FCS length
 *     packet   |0 seconds |4 µs or ns |8 captured length |12 original length |16 data …
 *
 * Does not model: version 1 files, and the variants other vendors made with magic numbers of their own.
 * @module
 */
import { type CaptureError, failed, type Opened } from './error.ts';
import { firstLayer, nameOfUnsupported, SUPPORTED } from './link-type.ts';
import {
  type CapturedPacket,
  type CaptureEnd,
  type CaptureInterface,
  type CaptureReader,
  MAX_PACKET,
  NO_COMMENTS,
  remaining,
} from './packet.ts';

const FILE_HEADER = 24;
const PACKET_HEADER = 16;

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

/** Whether these four bytes, read in the order given, open a classic capture. */
function precision(magic: number): bigint | undefined {
  return magic === MICROSECONDS ? 1000n : magic === NANOSECONDS ? 1n : undefined;
}

export function isPcap(magic: number): boolean {
  return precision(magic) !== undefined || precision(swap(magic)) !== undefined;
}

function swap(value: number): number {
  return (((value & 255) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

export function openPcap(bytes: Uint8Array): Opened<CaptureReader> {
  if (bytes.length < FILE_HEADER)
    return failed({
      kind: 'cut',
      path: 'file header',
      at: bytes.length,
      expected: `${FILE_HEADER} bytes`,
      received: `${bytes.length}`,
    });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = precision(view.getUint32(0)) === undefined;
  const major = view.getUint16(4, little);
  const minor = view.getUint16(6, little);
  if (major !== 2)
    return failed({
      kind: 'unsupported',
      path: 'file header: version',
      at: 4,
      expected: 'pcap version 2',
      received: `version ${major}.${minor}`,
    });
  const linkType = view.getUint32(20, little) & 0x03ff_ffff;
  if (!firstLayer(linkType))
    return failed({
      kind: 'unsupported',
      path: 'file header: link type',
      at: 20,
      expected: SUPPORTED,
      received: nameOfUnsupported(linkType),
    });
  return { ok: true, value: new PcapReader(bytes, view, { little, minor, linkType }) };
}

interface Header {
  readonly little: boolean;
  readonly minor: number;
  readonly linkType: number;
}

class PcapReader implements CaptureReader {
  readonly format = 'pcap';
  readonly interfaces: readonly CaptureInterface[];
  readonly names = [];
  readonly secrets = [];
  readonly statistics = new Map();
  readonly comments = NO_COMMENTS;
  end: CaptureEnd | undefined;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly header: Header;
  private readonly unit: bigint;
  private at = FILE_HEADER;
  private count = 0;

  constructor(bytes: Uint8Array, view: DataView, header: Header) {
    this.bytes = bytes;
    this.view = view;
    this.header = header;
    this.unit = precision(view.getUint32(0, header.little))!;
    const snapLength = view.getUint32(16, header.little);
    this.interfaces = [{ linkType: header.linkType, snapLength, comments: NO_COMMENTS }];
  }

  [Symbol.iterator](): IterableIterator<CapturedPacket> {
    return remaining(this);
  }

  next(): CapturedPacket | undefined {
    if (this.end) return undefined;
    const { at, view } = this;
    const { little } = this.header;
    const left = this.bytes.length - at;
    if (left === 0) {
      this.end = { kind: 'complete', at };
      return undefined;
    }
    if (left < PACKET_HEADER) return this.stop('cut', 'header', `${PACKET_HEADER} bytes`, left);
    const lengths = this.lengths(view.getUint32(at + 8, little), view.getUint32(at + 12, little));
    if (lengths.captured > MAX_PACKET)
      return this.stop('damaged', 'captured length', `at most ${MAX_PACKET} bytes`, lengths.captured);
    if (left - PACKET_HEADER < lengths.captured)
      return this.stop('cut', 'data', `${lengths.captured} bytes`, left - PACKET_HEADER);
    const from = at + PACKET_HEADER;
    this.at = from + lengths.captured;
    return {
      number: ++this.count,
      time: BigInt(view.getUint32(at, little)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, little)) * this.unit,
      interface: 0,
      linkType: this.header.linkType,
      bytes: this.bytes.subarray(from, this.at),
      originalLength: lengths.original,
      comments: NO_COMMENTS,
    };
  }

  /** Before version 2.4 some writers swapped the two; what was captured is never the longer one. */
  private lengths(captured: number, original: number) {
    return this.header.minor < 4 && captured > original
      ? { captured: original, original: captured }
      : { captured, original };
  }

  private stop(kind: CaptureError['kind'], what: string, expected: string, received: number): undefined {
    const { at } = this;
    const path = `packet ${this.count + 1}: ${what}`;
    this.end = { kind: 'broken', at, error: { kind, path, at, expected, received: `${received}` } };
  }
}
