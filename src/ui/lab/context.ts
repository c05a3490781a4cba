/** Hands the lab to the components. @module */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { assert } from '../../lib/assert.ts';
import type { Lab, LabHandle } from './lab.ts';

export const LabContext = createContext<LabHandle | undefined>(undefined);

export function useLabHandle(): LabHandle {
  const found = useContext(LabContext);
  assert(found, 'a component of the page outside its lab');
  return found;
}

export function useLab<Fact>(fact: (lab: Lab) => Fact): Fact {
  return useStore(useLabHandle().store, fact);
}
