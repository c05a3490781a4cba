/** In what order the cells of the matrix are run: the row that is looked at first, then all others. @module */
import { PROFILES } from '../../router/profiles/index.ts';
import { type Cell, type KnownRuns, type Place, positionAt, positionsOf, rowOf } from '../../scenarios/matrix.ts';
import { SITUATIONS, type Situation } from '../../scenarios/matrix-situations.ts';
import { cellKey, VIEWS } from './layout.ts';

export const CELLS = PROFILES.reduce((sum, profile) => sum + positionsOf(profile).length, 0) * SITUATIONS.length;

export class MatrixWork {
  private readonly done: Set<string>;
  private readonly known = new Map<string, KnownRuns>();
  private preferred: string;

  /** `done`: keys of the cells that need no run. */
  constructor(preferred: string, done: readonly string[]) {
    this.preferred = preferred;
    this.done = new Set(done);
  }

  /** The switches are looked at in this position now: its rows come first. */
  prefer(view: string): void {
    this.preferred = view;
  }

  /** The next row of cells that have not been run; undefined when there is none. */
  next(): readonly Cell[] | undefined {
    const first = VIEWS.filter(({ id }) => id === this.preferred);
    for (const { switches } of [...first, ...VIEWS])
      for (const situation of SITUATIONS) {
        const open = PROFILES.map((profile) => ({ profile, switches: positionAt(profile, switches) })).filter(
          (place) => !this.done.has(cellKey(situation.id, place.profile, place.switches)),
        );
        if (open.length > 0) return this.run(situation, open);
      }
    return undefined;
  }

  private run(situation: Situation, places: readonly Place[]): readonly Cell[] {
    const known: KnownRuns = this.known.get(situation.id) ?? new Map();
    this.known.set(situation.id, known);
    for (const { profile, switches } of places) this.done.add(cellKey(situation.id, profile, switches));
    return [...rowOf(situation, places, known)];
  }
}
