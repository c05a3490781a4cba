/** Who wrote each byte of a packet: its sender, and the routers that rewrote some of it on the way. @module */
import type { Frame, Occurrence } from '../../world/trace.ts';
import { once } from './once.ts';
import type { Run } from './run.ts';

type Routed = Extract<Occurrence, { kind: 'routed' }>;

/** Byte by byte, the id of the node that wrote it. */
export type Authors = readonly string[];

const IP_HEADER = 20;

/** Of a frame as it was on one link. */
export function authorsOf(run: Run, frame: Frame): Authors {
  return authors(run)(frame);
}

const authors = once((run: Run) => {
  const known = once((frame: Frame): Authors => {
    const made = makers(run).get(frame.id);
    if (!made || made.own) return Array.from(frame.bytes, () => frame.from);
    return rewritten(made.from, known(made.from), frame);
  });
  return known;
});

/** For each frame that a router sent: the frame it was made from, and whether it is the router's own answer to that. */
const makers = once((run: Run): ReadonlyMap<number, { readonly from: Frame; readonly own: boolean }> => {
  const routed = run.trace.occurrences.filter((each): each is Routed => each.kind === 'routed');
  return new Map(
    routed.flatMap(({ frame, out, outcome }) =>
      out.map((each, i) => [each.id, { from: frame, own: outcome.out[i]?.own ?? false }] as const),
    ),
  );
});

/** A piece of a larger packet has a header of its own, and content by whoever wrote the whole. */
function rewritten(before: Frame, wrote: Authors, { bytes, from }: Frame): Authors {
  const sameLength = bytes.length === before.bytes.length;
  return Array.from(bytes, (byte, at) => {
    const changed = byte !== before.bytes[at] && (sameLength || at < IP_HEADER);
    return changed ? from : (wrote[Math.min(at, wrote.length - 1)] ?? from);
  });
}

/** How many bytes each has written, in the order of first appearance. */
export function sharesOf(wrote: Authors): readonly (readonly [node: string, bytes: number])[] {
  const counts = new Map<string, number>();
  for (const node of wrote) counts.set(node, (counts.get(node) ?? 0) + 1);
  return [...counts];
}
