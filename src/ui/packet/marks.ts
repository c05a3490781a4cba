/** The marks of one packet: its authors on both sides, and its guards. @module */
import { authorsOf, sharesOf } from '../model/authors.ts';
import type { LayerRows } from '../model/compare.ts';
import { guardsOf } from '../model/coverage.ts';
import type { Run } from '../model/run.ts';
import type { Leg } from '../model/step-view.ts';
import { type Mark, markOfGuard } from './byte-marks.tsx';

export function guardMarks(layers: readonly LayerRows[]): readonly Mark[] {
  return guardsOf(layers).map(markOfGuard);
}

/** One for each node that wrote a byte of it, the sender first; counted where the packet went on, if it did. */
export function authorMarks(run: Run, before: Leg, after: Leg | undefined): readonly Mark[] {
  const left = authorsOf(run, before.frame);
  const right = after ? authorsOf(run, after.frame) : [];
  const shares = sharesOf(after ? right : left);
  return shares.map(([node, bytes]) => {
    const name = run.nodes.get(node)?.name ?? node;
    const by = (wrote: readonly string[]) => new Set([...wrote.keys()].filter((at) => wrote[at] === node));
    const what = bytes === 1 ? 'byte' : 'bytes';
    return {
      id: `author ${node}`,
      name: `${name}, ${bytes} ${what}`,
      says: `Underlined: what ${name} wrote.`,
      before: by(left),
      after: by(right),
    };
  });
}
