/**
 * Puts datagrams together again before connection tracking sees them, and cuts them the same way on the way out.
 * Source: Linux ip_fragment.c (ip_frag_queue, ip_frag_reasm, inet_frag_queue_insert), ip_output.c (ip_do_fragment).
 * @module
 */
import { i32, putU16, u16 } from '../lib/bytes.ts';
import { type Packet, sealHeader } from './packet.ts';

interface Piece {
  readonly offset: number;
  readonly end: number;
  readonly data: Uint8Array;
  /** The whole header of this piece, options included. */
  readonly header: Uint8Array;
}

/** Pieces that came one right after the other at the end of what was there. */
interface Run {
  readonly offset: number;
  end: number;
  readonly pieces: Piece[];
}

interface Queue {
  readonly key: string;
  readonly started: number;
  readonly on: number;
  /** In order of offset. */
  runs: Run[];
  /** Length of the whole data, as far as known. */
  length: number;
  hasLast: boolean;
  received: number;
  largest: number;
  largestWithDf: number;
  ecn: number;
  /** How many packets of this sender there were when the last piece came (ip_frag_too_far). */
  seen: number;
}

/** `held`: wait for more. `bad`: this piece, or with it the whole datagram, is thrown away. */
export type Reassembly = 'whole' | 'held' | 'overlap' | 'oversize' | 'duplicate';

/** A datagram whose first pieces are this many of the sender's fragments ago starts afresh (ipfrag_max_dist). */
const MAX_DISTANCE = 64;
/** Senders of fragments remembered at most. */
const MAX_PEERS = 4096;
/** Bytes of fragments kept at most (ipfrag_high_thresh). */
const MAX_BYTES = 4 * 1024 * 1024;

export class Reassembler {
  private readonly queues = new Map<string, Queue>();
  private readonly seenFrom = new Map<string, number>();
  private kept = 0;
  private readonly timeout: number;

  constructor(timeout: number) {
    this.timeout = timeout;
  }

  /** How many pieces are kept for the datagram of this fragment. */
  piecesOf(packet: Packet): number {
    return this.queues.get(keyOf(packet))?.runs.reduce((sum, run) => sum + run.pieces.length, 0) ?? 0;
  }

  /** Takes a fragment; when it completes the datagram, the packet becomes that datagram. */
  add(packet: Packet, now: number): Reassembly {
    this.expire(now);
    const key = keyOf(packet);
    const queue = this.queues.get(key) ?? this.open(key, packet.inside, now);
    if (!queue) return 'oversize';
    this.tooFar(queue, packet, now);
    const { headerLength } = packet;
    const word = u16(packet.bytes, 6);
    const offset = (word & 0x1fff) << 3;
    let end = offset + packet.length - headerLength;
    if ((word & 0x2000) === 0) {
      if (end < queue.length || (queue.hasLast && end !== queue.length)) return this.discard(queue, 'overlap');
      queue.hasLast = true;
      queue.length = end;
    } else {
      end &= ~7;
      if (end > queue.length) {
        if (queue.hasLast) return this.discard(queue, 'overlap');
        queue.length = end;
      }
    }
    if (end === offset) return this.discard(queue, 'overlap');
    const header = packet.bytes.slice(0, headerLength);
    const data = packet.bytes.slice(headerLength, headerLength + end - offset);
    const piece: Piece = { offset, end, data, header };
    const placed = insert(queue, piece);
    if (placed === 'duplicate') return 'duplicate';
    if (placed === 'overlap') return this.discard(queue, 'overlap');
    this.note(queue, packet, piece, word);
    const complete = queue.hasLast && queue.received === queue.length && queue.runs[0]!.offset === 0;
    return complete ? this.finish(queue, packet) : 'held';
  }

  private open(key: string, on: number, now: number): Queue | undefined {
    if (this.kept > MAX_BYTES) return undefined;
    const queue: Queue = {
      key,
      started: now,
      on,
      runs: [],
      length: 0,
      hasLast: false,
      received: 0,
      largest: 0,
      largestWithDf: 0,
      ecn: 0,
      seen: 0,
    };
    this.queues.set(key, queue);
    return queue;
  }

  /** Too many other fragments of the same sender in between: the id has been used again, so start afresh. */
  private tooFar(queue: Queue, packet: Packet, now: number): void {
    const peer = `${packet.source} ${packet.inside}`;
    const end = (this.seenFrom.get(peer) ?? 0) + 1;
    if (this.seenFrom.size >= MAX_PEERS) this.seenFrom.clear();
    this.seenFrom.set(peer, end);
    const far = queue.runs.length > 0 && end - queue.seen > MAX_DISTANCE;
    queue.seen = end;
    if (!far) return;
    this.kept -= queue.received;
    Object.assign(queue, { started: now, runs: [], length: 0, hasLast: false, received: 0, ecn: 0 });
  }

  private note(queue: Queue, packet: Packet, piece: Piece, word: number): void {
    const size = piece.data.length + packet.headerLength;
    queue.received += piece.data.length;
    this.kept += piece.data.length;
    queue.ecn |= 1 << (packet.bytes[1]! & 3);
    queue.largest = Math.max(queue.largest, size);
    if (word & 0x4000) queue.largestWithDf = Math.max(queue.largestWithDf, size);
  }

  private finish(queue: Queue, packet: Packet): Reassembly {
    this.drop(queue);
    const ecn = combinedEcn(queue.ecn);
    if (ecn === undefined) return 'overlap';
    const pieces = queue.runs.flatMap((run) => run.pieces);
    const first = pieces[0]!;
    const headerLength = first.header.length;
    const length = headerLength + queue.length;
    if (length > 0xffff) return 'oversize';
    const { bytes } = packet;
    bytes.set(first.header);
    for (const piece of pieces) bytes.set(piece.data, headerLength + piece.offset);
    packet.length = length;
    packet.headerLength = headerLength;
    packet.pieces = pieces.map((piece) => piece.data.length);
    packet.largestPiece = Math.max(queue.largest, queue.largestWithDf);
    packet.largestHadDf = queue.largestWithDf === queue.largest;
    putU16(bytes, 2, length);
    putU16(bytes, 6, packet.largestHadDf ? 0x4000 : 0);
    bytes[1] = bytes[1]! | ecn;
    packet.seal();
    return 'whole';
  }

  private discard(queue: Queue, why: Reassembly): Reassembly {
    this.drop(queue);
    return why;
  }

  private drop(queue: Queue): void {
    if (this.queues.delete(queue.key)) this.kept -= queue.received;
  }

  /** Forgets datagrams that never became whole. Conntrack's own queues expire without an ICMP error. */
  private expire(now: number): void {
    for (const queue of this.queues.values()) {
      if (queue.started + this.timeout > now) break;
      this.drop(queue);
    }
  }
}

/** Fragments belong together by addresses, protocol and id; two clients may well use one id. */
function keyOf(packet: Packet): string {
  return `${i32(packet.bytes, 12)} ${i32(packet.bytes, 16)} ${packet.protocol} ${u16(packet.bytes, 4)}`;
}

/** A piece must lie beside all runs; wholly inside one it is a duplicate, anything else is an overlap. */
function insert(queue: Queue, piece: Piece): 'placed' | 'duplicate' | 'overlap' {
  const { runs } = queue;
  const tail = runs.at(-1);
  const run: Run = { offset: piece.offset, end: piece.end, pieces: [piece] };
  if (!tail || (tail.end < piece.end && piece.offset > tail.end)) {
    runs.push(run);
    return 'placed';
  }
  if (tail.end < piece.end && piece.offset === tail.end) {
    tail.pieces.push(piece);
    tail.end = piece.end;
    return 'placed';
  }
  const index = runs.findIndex((other) => piece.offset < other.end);
  const next = runs[index];
  if (!next) return 'overlap';
  if (piece.end <= next.offset) {
    runs.splice(index, 0, run);
    return 'placed';
  }
  return piece.offset >= next.offset && piece.end <= next.end ? 'duplicate' : 'overlap';
}

/** RFC 3168 §5.3: `seen` has a bit for each ECN value among the pieces. Undefined: the mixture is not allowed. */
function combinedEcn(seen: number): number | undefined {
  const isMixed = (seen & (seen - 1)) !== 0;
  if (!isMixed) return 0;
  if (seen & 1) return undefined;
  return seen & 8 ? 3 : 0;
}

/** The packets that leave: one, or the pieces of a packet that came in pieces or is too large. */
export function cut(packet: Packet, mtu: number): Uint8Array[] {
  const { headerLength: header, pieces } = packet;
  const limit = (packet.largestPiece > 0 ? Math.min(packet.largestPiece, mtu) : mtu) - header;
  const total = packet.dataLength;
  // A packet that is a piece itself has its place in the datagram, and more may follow.
  const word = u16(packet.bytes, 6);
  const base = word & 0x1fff;
  const more = word & 0x2000;
  const kept = pieces.length > 1 && geometryFits(pieces, limit);
  const sizes = kept ? pieces : equalSizes(total, limit);
  const out: Uint8Array[] = [];
  let at = 0;
  for (const [index, size] of sizes.entries()) {
    const last = index === sizes.length - 1;
    const piece = new Uint8Array(header + size);
    piece.set(packet.bytes.subarray(0, header));
    if (index > 0) blankUncopiedOptions(piece, header);
    piece.set(packet.bytes.subarray(header + at, header + at + size), header);
    putU16(piece, 2, header + size);
    putU16(piece, 6, (base + (at >> 3)) | (last ? more : 0x2000) | (!kept && packet.largestHadDf ? 0x4000 : 0));
    sealHeader(piece, header);
    out.push(piece);
    at += size;
  }
  return out;
}

/** Can the pieces go on as they came? (ip_do_fragment's fast path) */
function geometryFits(pieces: readonly number[], limit: number): boolean {
  return pieces.every((size, index) => size <= limit && (index === pieces.length - 1 || size % 8 === 0));
}

function equalSizes(total: number, limit: number): number[] {
  const sizes: number[] = [];
  for (let left = total; left > 0; ) {
    const size = left > limit ? limit & ~7 : left;
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

/** RFC 791 §3.1: options without the copied flag stand in the first fragment only; the others get no-operations. */
function blankUncopiedOptions(piece: Uint8Array, header: number): void {
  let at = 20;
  while (at < header) {
    const kind = piece[at]!;
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    const length = piece[at + 1] ?? 0;
    if (length < 2 || at + length > header) return;
    if ((kind & 0x80) === 0) piece.fill(1, at, at + length);
    at += length;
  }
}
