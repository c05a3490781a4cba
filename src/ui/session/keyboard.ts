/** The page's keys. Typing in a field and the keys of a control that has the focus come first. @module */
import { hasLetterKeys, isLetter } from './letter-keys.ts';
import { nextDrop, present, type SessionStore, stepBy, toEnd, togglePlay, toStart } from './session.ts';

export interface KeyActions {
  readonly choose: () => void;
  readonly open: () => void;
  readonly help: () => void;
  /** To the next part of the page, or the one before; answers whether there was one. */
  readonly region: (distance: 1 | -1) => boolean;
}

/** `onStage`: whether there is a stage whose keys could be meant. */
export function attachKeyboard(store: SessionStore, actions: KeyActions, onStage: () => boolean): () => void {
  const ofStage: Readonly<Record<string, () => void>> = {
    ' ': () => togglePlay(store),
    ArrowRight: () => stepBy(store, 1),
    ArrowLeft: () => stepBy(store, -1),
    PageDown: () => stepBy(store, 1),
    PageUp: () => stepBy(store, -1),
    Home: () => toStart(store),
    End: () => toEnd(store),
    n: () => nextDrop(store),
    p: () => present(store, !store.getState().presenting),
    Escape: () => present(store, false),
  };
  const everywhere: Readonly<Record<string, () => void>> = {
    s: actions.choose,
    o: actions.open,
    '?': actions.help,
  };
  const press = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    // In front of a dialog that shuts off the page, no key is the page's, wherever the focus has got to.
    if (document.querySelector(':modal')) return;
    if (event.key === 'F6') {
      if (actions.region(event.shiftKey ? -1 : 1)) event.preventDefault();
      return;
    }
    const act = everywhere[event.key] ?? (onStage() ? ofStage[event.key] : undefined);
    if (!act || (isLetter(event.key) && !hasLetterKeys())) return;
    if (event.target instanceof HTMLElement && keeps(event.target, event.key)) return;
    event.preventDefault();
    act();
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}

/** True where the focused element has a use of its own for the key. */
function keeps(target: HTMLElement, key: string): boolean {
  if (target.closest('dialog')) return true;
  const role = target.getAttribute('role');
  if (role === 'tab') return key.startsWith('Arrow') || key === 'Home' || key === 'End' || key === ' ';
  if (target.closest('input[type=range]')) return !['n', ' ', 's', 'o', '?'].includes(key);
  if (target.closest('input[type=checkbox]')) return key === ' ';
  if (target.closest('input, select, textarea, [contenteditable]')) return true;
  // In a list of steps Enter goes to the row; the space bar still plays.
  if (target.closest('[data-steps]')) return false;
  return key === ' ' && target.closest('button, summary, a, [role=switch]') !== null;
}
