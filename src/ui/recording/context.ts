/** Hands the library to the components. @module */
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { assert } from '../../lib/assert.ts';
import type { Library, LibraryHandle } from './library.ts';

export const LibraryContext = createContext<LibraryHandle | undefined>(undefined);

export function useLibraryHandle(): LibraryHandle {
  const found = useContext(LibraryContext);
  assert(found, 'a component of the page outside its library');
  return found;
}

export function useLibrary<Fact>(fact: (library: Library) => Fact): Fact {
  return useStore(useLibraryHandle().store, fact);
}
