/**
 * Where the focus goes when what had it is taken off the page: another screen, a presentation, a button that has done
 * its deed. Left to the browser it would be nowhere, and the tab key would begin again at the top. Back and Forward
 * lead to what is shown then. A field that is being typed in is never left.
 * @module
 */
import type { SessionStore } from '../session/session.ts';

interface Held {
  readonly element: HTMLElement;
  /** The part of the page it is in: it may outlive it. */
  readonly region: HTMLElement | null;
  /** What had the focus before a dialog took it. */
  readonly behind?: Held | undefined;
}

/** Answers how to stop. */
export function keepFocus(session: SessionStore): () => void {
  let held: Held | undefined;
  /** What had the focus when the presentation began. */
  let presented: Held | undefined;
  let waiting = 0;
  /** Whether what was done last was done with a pointer; what the keyboard clicks counts no clicks. */
  let pointed = false;

  /** Where the address is about to lead, since a link to it was followed: the focus stays on that. */
  let followed: string | undefined;
  /** The browser went back or forward, to what may still be on its way. */
  let travelled = false;

  const arrive = ({ target }: FocusEvent) => {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    // What came may itself know the place where one was.
    travelled = false;
    const region = target.closest<HTMLElement>('[data-region], dialog');
    held = { element: target, region, behind: region?.tagName === 'DIALOG' ? (held?.behind ?? held) : undefined };
  };
  const mend = () => {
    const onwards = travelled && !isTypedIn(document.activeElement);
    travelled = false;
    if (!onwards && (!held || isSeen(document.activeElement))) return;
    const { behind } = held ?? {};
    const places = onwards ? [] : [held?.element, held?.region, behind?.element, behind?.region];
    const place = [...places, document.querySelector('main')].find(isSeen);
    place?.focus({ preventScroll: true });
    if (place && pointed) leaveUnframed(place);
  };
  // What is hidden loses the focus only once the page is laid out, and React may need a moment.
  const look = (event?: Event) => {
    if (event instanceof UIEvent) pointed = event instanceof MouseEvent && event.detail > 0;
    if (event?.type === 'click') followed = linkAt(event.target) ?? followed;
    if (event?.type === 'hashchange') {
      travelled = location.hash !== followed;
      followed = undefined;
    }
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      waiting = requestAnimationFrame(mend);
    });
  };
  const unsubscribe = session.subscribe((now, before) => {
    if (now.presenting && !before.presenting) presented = held;
    if (!now.presenting && before.presenting && presented) held = presented;
    if (now.presenting !== before.presenting || now.run !== before.run) look();
  });
  // What takes long to draw goes later than that.
  const removals = new MutationObserver(() => {
    if (held && !held.element.isConnected) look();
  });
  removals.observe(document.body, { childList: true, subtree: true });
  const events = ['click', 'keyup', 'close', 'hashchange'] as const;
  document.addEventListener('focusin', arrive);
  for (const event of events) addEventListener(event, look, true);
  return () => {
    cancelAnimationFrame(waiting);
    unsubscribe();
    removals.disconnect();
    document.removeEventListener('focusin', arrive);
    for (const event of events) removeEventListener(event, look, true);
  };
}

/** Who points does not look for the focus: a frame around a whole part of the page would be no news. */
function leaveUnframed(place: HTMLElement): void {
  place.dataset.unframed = '';
  place.addEventListener('blur', () => delete place.dataset.unframed, { once: true });
}

function isSeen(element: Element | null | undefined): element is HTMLElement {
  return (
    element instanceof HTMLElement && element !== document.body && element.isConnected && element.checkVisibility()
  );
}

function isTypedIn(element: Element | null): boolean {
  return isSeen(element) && element.matches('input, textarea, select');
}

/** The part of the address behind "#" that a click there leads to. */
function linkAt(target: EventTarget | null): string | undefined {
  return target instanceof Element ? target.closest('a')?.hash : undefined;
}
