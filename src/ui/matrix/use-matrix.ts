/** Hands the matrix and what it has found to its components. @module */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { PROFILES } from '../../router/profiles/index.ts';
import type { Profile } from '../../router/profiles/profile.ts';
import type { Situation } from '../../scenarios/matrix-situations.ts';
import type { Verdict } from '../../scenarios/matrix-verdict.ts';
import { cellKey, VIEWS, type View } from './layout.ts';
import { type MatrixHandle, matrixOfThisVisit, type Results } from './results.ts';

export const MatrixContext = createContext<MatrixHandle>(matrixOfThisVisit);

export function useMatrix<Fact>(fact: (results: Results) => Fact): Fact {
  return useStore(useContext(MatrixContext).store, fact);
}

export function useView(): View {
  const id = useMatrix(({ view }) => view);
  return VIEWS.find((each) => each.id === id) ?? VIEWS[0];
}

/** The router that was gone to last, or else the first: where there is room for one only, it is shown. */
export function routerIn({ place }: Results): Profile {
  return PROFILES.find(({ id }) => id === place?.profile) ?? PROFILES[0]!;
}

export function verdictIn({ verdicts }: Results, { id }: Situation, profile: Profile, view: View): Verdict | undefined {
  return verdicts.get(cellKey(id, profile, view.switches));
}

/** Another outcome than with all switches on; false as long as either is not known. */
export function changedIn(results: Results, situation: Situation, profile: Profile, view: View): boolean {
  const here = verdictIn(results, situation, profile, view);
  const allOn = verdictIn(results, situation, profile, VIEWS[0]);
  return here !== undefined && allOn !== undefined && here.code !== allOn.code;
}
