/** Whether a media query holds, now and as it changes. @module */
import { useSyncExternalStore } from 'react';

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => matchMedia(query).matches,
  );
}

/** One column: panels become tabs. */
export const NARROW = '(width < 700px)';

/** A finger: it points at nothing without touching it, and has no keys beside it. */
export const TOUCH = '(hover: none)';
