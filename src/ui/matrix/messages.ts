/** What the page and the worker that runs the matrix say to each other. @module */
import type { Cell } from '../../scenarios/matrix.ts';

export type MatrixRequest =
  /** Once, at the beginning: what is looked at, and the keys of the cells that are known already. */
  | { readonly do: 'begin'; readonly view: string; readonly known: readonly string[] }
  | { readonly do: 'prefer'; readonly view: string };

/** A row of cells; the last message has none. */
export type MatrixAnswer = readonly Cell[];
