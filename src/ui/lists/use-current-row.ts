/** A long list: only the rows in view exist, the present one is kept in view, with no other cut in half above it. @module */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo } from 'react';

interface LongList {
  /** The element that scrolls, once it is there. */
  readonly box: HTMLElement | null;
  readonly count: number;
  readonly rowHeight: number;
  /** -1 where there is none; then the list shows its beginning. */
  readonly current: number;
}

type List = Virtualizer<HTMLElement, Element>;

export function useCurrentRow({ box, count, rowHeight, current }: LongList): List {
  const rows = useVirtualizer<HTMLElement, Element>({
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => box,
    observeElementOffset: watchOffset,
    overscan: 6,
  });
  const index = Math.max(0, current);
  // Told before the rows are drawn: they are drawn once, where the list is about to stand, and not first where it stood.
  const move = useMemo(() => {
    const { scrollOffset, scrollRect } = rows;
    // Nothing is known of a list that was not laid out yet.
    if (!box || count === 0 || scrollOffset === null || !scrollRect?.height) return undefined;
    const top = topFor(index, rowHeight, scrollOffset, scrollRect.height);
    if (top !== undefined) rows.scrollOffset = top;
    return { top };
  }, [rows, box, count, rowHeight, index]);
  useEffect(() => {
    if (!box || count === 0) return;
    // What the list remembers comes first: asking the box makes the browser lay out the whole page before it is done.
    const top = move ? move.top : topFor(index, rowHeight, box.scrollTop, box.clientHeight);
    if (top === undefined) return;
    rows.scrollOffset = top;
    box.scrollTop = top;
  }, [rows, box, count, rowHeight, index, move]);
  return rows;
}

/** Tells where the list stands, and not when it has come to rest: nobody asks, and all rows would be drawn anew. */
function watchOffset({ scrollElement: box }: List, tell: (offset: number, isScrolling: boolean) => void): () => void {
  if (!box) return () => {};
  const scrolled = () => tell(box.scrollTop, true);
  tell(box.scrollTop, false);
  box.addEventListener('scroll', scrolled, { passive: true });
  return () => box.removeEventListener('scroll', scrolled);
}

/** Where a list must be scrolled to for a row to be seen whole; undefined where it is. */
function topFor(index: number, rowHeight: number, top: number, height: number): number | undefined {
  const first = Math.ceil(top / rowHeight);
  const whole = Math.max(1, Math.floor(height / rowHeight));
  if (index < first) return index * rowHeight;
  return index >= first + whole ? (index - whole + 1) * rowHeight : undefined;
}
