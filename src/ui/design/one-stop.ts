/**
 * Several controls that are one stop of the tab key: the arrow keys go from one to the next, and the tab key comes back
 * to where one was (ARIA authoring practices: roving tabindex).
 * @module
 */
import { type RefObject, useEffect } from 'react';

type Keys = 'across' | 'down';

const KEYS: Readonly<Record<Keys, Readonly<Record<string, 1 | -1>>>> = {
  across: { ArrowRight: 1, ArrowLeft: -1 },
  down: { ArrowDown: 1, ArrowUp: -1 },
};

/**
 * `of`: which of the things in the box belong to it. After a click the arrow keys go on stepping through the run, as everywhere, until the focus leaves: who points does
 * not look for a way by keyboard.
 */
export function useOneStop(ref: RefObject<HTMLElement | null>, of: string, keys: Keys): void {
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const stopKeeping = keepOneStop(box, of);
    let pointed = false;
    const point = () => {
      pointed = true;
    };
    const leave = ({ relatedTarget }: FocusEvent) => {
      if (!(relatedTarget instanceof Node && box.contains(relatedTarget))) pointed = false;
    };
    const press = (event: KeyboardEvent) => {
      const distance = KEYS[keys][event.key];
      const items = itemsOf(box, of);
      const here = items.indexOf(event.target as HTMLElement);
      if (!distance || pointed || here < 0 || isBusy(event)) return;
      event.preventDefault();
      items[here + distance]?.focus();
    };
    box.addEventListener('pointerdown', point);
    box.addEventListener('focusout', leave);
    box.addEventListener('keydown', press);
    return () => {
      stopKeeping();
      box.removeEventListener('pointerdown', point);
      box.removeEventListener('focusout', leave);
      box.removeEventListener('keydown', press);
    };
  }, [ref, of, keys]);
}

/** The arrow keys have a use of their own there, or something else is meant. */
function isBusy({ target, ctrlKey, metaKey, altKey, shiftKey }: KeyboardEvent): boolean {
  return target instanceof HTMLInputElement || ctrlKey || metaKey || altKey || shiftKey;
}

/** What is hidden or shut off is no stop. */
function itemsOf(box: HTMLElement, of: string): readonly HTMLElement[] {
  return [...box.querySelectorAll<HTMLElement>(of)].filter(
    (item) => !item.matches(':disabled') && item.checkVisibility(),
  );
}

/** The tab key gets to the one that had the focus last, or else to the first. Answers how to stop. */
function keepOneStop(box: HTMLElement, of: string): () => void {
  let stop: HTMLElement | undefined;
  const set = () => {
    const items = itemsOf(box, of);
    const reachable = stop && items.includes(stop) ? stop : items[0];
    for (const item of items) item.tabIndex = item === reachable ? 0 : -1;
  };
  const arrive = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement && target.matches(of))) return;
    stop = target;
    set();
  };
  // They come and go, also with the width of the page. What is visible is asked before the next frame's changes, when
  // the browser knows it.
  let asked = 0;
  const ask = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(set);
  };
  const changes = new MutationObserver(ask);
  changes.observe(box, { childList: true, subtree: true, attributeFilter: ['disabled', 'open'] });
  const size = new ResizeObserver(set);
  size.observe(box);
  box.addEventListener('focusin', arrive);
  ask();
  return () => {
    cancelAnimationFrame(asked);
    changes.disconnect();
    size.disconnect();
    box.removeEventListener('focusin', arrive);
  };
}
