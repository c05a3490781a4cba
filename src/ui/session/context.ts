/** Hands the session and its playhead to the components. @module */
import { createContext, useContext, useDeferredValue } from 'react';
import { useStore } from 'zustand';
import { assert } from '../../lib/assert.ts';
import type { Playhead } from './playhead.ts';
import type { Session, SessionStore } from './session.ts';

export interface Stagecraft {
  readonly store: SessionStore;
  readonly playhead: Playhead;
}

export const SessionContext = createContext<Stagecraft | undefined>(undefined);

export function useStage(): Stagecraft {
  const found = useContext(SessionContext);
  assert(found, 'a component of the page outside its session');
  return found;
}

/** Reads a fact from the session; the component is drawn again when that fact changes. */
export function useSession<Fact>(fact: (session: Session) => Fact): Fact {
  return useStore(useStage().store, fact);
}

/**
 * The same for a view that takes long to draw: what is quick is shown first, and this in pieces between the frames, so
 * that the stage misses none. All such views change together.
 */
export function useUnhurried<Fact>(fact: (session: Session) => Fact): Fact {
  return useDeferredValue(useSession(fact));
}
