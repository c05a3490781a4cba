/** Cuts a trace into parts that can be handed from a worker to the page without copying its packets. @module */
import type { Frame, Occurrence } from '../../world/trace.ts';

/** Occurrences a part: the page takes one in within a few milliseconds. */
const PART = 250;

export interface Part {
  readonly occurrences: readonly Occurrence[];
  /** Holds the bytes of all its packets; to be transferred. */
  readonly bytes: ArrayBuffer;
}

/** A packet of a capture is a view of the whole file: sent as it is, each would take the file along. */
export function* partsOf(occurrences: readonly Occurrence[]): Iterable<Part> {
  for (let i = 0; i < occurrences.length; i += PART) yield packed(occurrences.slice(i, i + PART));
}

function packed(occurrences: readonly Occurrence[]): Part {
  const packets = new Set(occurrences.flatMap(packetsOf));
  const bytes = new ArrayBuffer([...packets].reduce((sum, { length }) => sum + length, 0));
  const places = new Map<Uint8Array, Uint8Array>();
  let at = 0;
  for (const packet of packets) {
    const place = new Uint8Array(bytes, at, packet.length);
    place.set(packet);
    places.set(packet, place);
    at += packet.length;
  }
  const moved = (packet: Uint8Array) => places.get(packet) ?? packet;
  return { occurrences: occurrences.map((each) => moveInto(each, moved)), bytes };
}

function packetsOf(occurrence: Occurrence): readonly Uint8Array[] {
  if (occurrence.kind === 'routed') return [occurrence.frame, ...occurrence.out].map(({ bytes }) => bytes);
  return 'frame' in occurrence ? [occurrence.frame.bytes] : [];
}

function moveInto(occurrence: Occurrence, moved: (packet: Uint8Array) => Uint8Array): Occurrence {
  if (!('frame' in occurrence)) return occurrence;
  const framed = (frame: Frame): Frame => ({ ...frame, bytes: moved(frame.bytes) });
  if (occurrence.kind !== 'routed') return { ...occurrence, frame: framed(occurrence.frame) };
  const { outcome } = occurrence;
  const out = outcome.out.map((each) => ({ ...each, packet: moved(each.packet) }));
  return {
    ...occurrence,
    frame: framed(occurrence.frame),
    out: occurrence.out.map(framed),
    outcome: { ...outcome, out },
  };
}
