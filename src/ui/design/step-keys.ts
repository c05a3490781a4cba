/** Up and down in a list of steps go to the step before and after; the focus follows. @module */
import type { KeyboardEvent } from 'react';

export function stepKeys(go: (distance: 1 | -1) => void): (event: KeyboardEvent<HTMLElement>) => void {
  return (event) => {
    const distance = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : undefined;
    if (distance === undefined) return;
    event.preventDefault();
    const list = event.currentTarget;
    go(distance);
    requestAnimationFrame(() => list.querySelector<HTMLElement>('[aria-current="step"]')?.focus());
  };
}
