/** Finds what a reader cannot read to its end, and what sticks out of the screen. Works on any state of the page. */
import type { Page } from '@playwright/test';

/** One line for each fault: what is cut, and by how much. Empty where all is well. */
export function faultsOf(page: Page): Promise<readonly string[]> {
  return page.evaluate(faults);
}

/** In the page. What is cut is forgiven where it stands in full elsewhere: in a title, or in the name of its row. */
function faults(): readonly string[] {
  const found: string[] = [];
  const dialog = document.querySelector<HTMLDialogElement>('dialog:modal');
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide} pixels too wide`);
  if (dialog) {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    if (left < 0 || right > innerWidth + 1 || top < 0 || bottom > innerHeight + 1)
      found.push('the dialog is larger than the screen');
    if (dialog.scrollWidth > dialog.clientWidth) found.push('the dialog scrolls sideways');
  }
  const texts = document.createTreeWalker(dialog ?? document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const words = text.textContent?.trim() ?? '';
    const parent = text.parentElement;
    if (words === '' || !parent?.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    range.selectNodeContents(text);
    const { left, right, bottom } = range.getBoundingClientRect();
    for (let box: HTMLElement | null = parent; box && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      // Whoever only hears the page has it whole.
      if (style.clipPath !== 'none') break;
      const inFull = box.title || (box instanceof HTMLButtonElement ? (box.ariaLabel ?? '') : '');
      if (inFull.includes(words)) break;
      // From here on it is scrolled into view.
      if (/auto|scroll/.test(style.overflowX)) break;
      const edge = box.getBoundingClientRect();
      const aside = Math.max(right - edge.right, edge.left - left);
      const below = style.webkitLineClamp === 'none' ? 0 : bottom - edge.bottom;
      if (/hidden|clip/.test(style.overflowX) && Math.max(aside, below) > 1) {
        found.push(`“${words}” is cut by ${Math.round(Math.max(aside, below))} pixels`);
        break;
      }
    }
  }
  return [...new Set(found)];
}
