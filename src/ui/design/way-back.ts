/**
 * Whoever opens a run from a screen, looks at it and goes back is where they were: at what they opened it with. That is
 * found by its name in `data-opens`, for the screen has been taken off the page in the meantime.
 * @module
 */
import { type MouseEvent, type RefObject, useEffect, useRef } from 'react';

/** What was opened last from each screen. */
const opened = new Map<string, string>();

interface WayBack {
  readonly ref: RefObject<HTMLDivElement | null>;
  readonly onClick: (event: MouseEvent) => void;
}

/** To be spread on what holds the screen. */
export function useWayBack(screen: string): WayBack {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const name = opened.get(screen);
    opened.delete(screen);
    const opener = name && ref.current?.querySelector<HTMLElement>(`[data-opens="${CSS.escape(name)}"]`);
    if (opener) comeBackTo(opener);
  }, [screen]);
  return {
    ref,
    onClick: ({ target }) => {
      const name = (target as Element).closest<HTMLElement>('[data-opens]')?.dataset.opens;
      if (name) opened.set(screen, name);
    },
  };
}

/** Into view; and the focus too, unless somebody came by a link, which has it. */
export function comeBackTo(element: HTMLElement): void {
  element.scrollIntoView({ block: 'center', inline: 'center' });
  const { activeElement } = document;
  if (activeElement === document.body || activeElement?.tagName === 'MAIN') element.focus({ preventScroll: true });
}
