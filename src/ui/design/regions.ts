/**
 * The parts of the page that the keyboard jumps to. F6 goes from one to the next, as from pane to pane in a browser's
 * own window; past the last it goes on to the browser's, so nobody is shut in.
 * @module
 */

/** Put on an element, it is one of them. Who goes there hears its name; the tab key then goes on into it. */
export const REGION = { tabIndex: -1, 'data-region': '' } as const;

/** To the next one, or the one before. Answers whether there was one. */
export function goToRegion(distance: 1 | -1): boolean {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter((each) => each.checkVisibility());
  const here = regions.findIndex((each) => each.contains(document.activeElement));
  const next = here < 0 && distance < 0 ? regions.at(-1) : regions[here + distance];
  next?.focus();
  return next !== undefined;
}

export interface Skip {
  readonly name: string;
  /** The first of these that is there gets the focus. */
  readonly to: readonly string[];
}

/** Narrow screens have switches and packet behind a tab, which opens when it gets the focus. */
export const STAGE_SKIPS: readonly Skip[] = [
  { name: 'Skip to the stage', to: ['#stage'] },
  { name: 'Skip to the switches', to: ['#set-up [role=switch]:not(:disabled)', '#set-up', '[id$=-trigger-setup]'] },
  { name: 'Skip to the ladder and the lists', to: ['#views [role=tab][aria-selected=true]'] },
  { name: 'Skip to the packet', to: ['#packet', '[id$=-trigger-packet]'] },
];

export const SCREEN_SKIPS: readonly Skip[] = [{ name: 'Skip to the content', to: ['main'] }];

export function skip({ to }: Skip): void {
  for (const selector of to) {
    const target = document.querySelector<HTMLElement>(selector);
    if (!target) continue;
    target.focus();
    return;
  }
}
