/**
 * Whether letters alone are keys of the page. Who speaks to the computer, or often hits a key unawares, can turn them off
 * (WCAG 2.1.4); this browser remembers it.
 * @module
 */
const KEY = 'letter-keys';

/** A browser may forbid storage; then the choice lasts as long as the page. */
let chosen: boolean | undefined;

export function hasLetterKeys(): boolean {
  if (chosen !== undefined) return chosen;
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function chooseLetterKeys(on: boolean): void {
  chosen = on;
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // Not remembered: see `chosen`.
  }
}

/** A letter or a sign, with which one also writes; not the space bar, an arrow or Escape. */
export function isLetter(key: string): boolean {
  return key.length === 1 && key !== ' ';
}
