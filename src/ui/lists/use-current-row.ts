/** A long list: only the rows in view exist, the present one is kept in view, with no other cut in half above it. @module */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';

interface LongList {
  /** The element that scrolls, once it is there. */
  readonly box: HTMLElement | null;
  readonly count: number;
  readonly rowHeight: number;
  /** -1 where there is none; then the list shows its beginning, if it is alone in its box. */
  readonly current: number;
  /** What else is in the box before the rows, in pixels; left out where they are alone in it. */
  readonly above?: number | undefined;
}

type List = Virtualizer<HTMLElement, Element>;

export function useCurrentRow({ box, count, rowHeight, current, above }: LongList): List {
  /** Where the box stands, as it has said or was told last. */
  const stands = useRef<number>(undefined);
  /** What the list was moved for last, also by a drawing that React has given up since. */
  const movedFor = useRef('');
  const rows = useVirtualizer<HTMLElement, Element>({
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => box,
    observeElementOffset: (list, tell) =>
      watchOffset(list, (offset, isScrolling) => {
        stands.current = offset;
        tell(offset, isScrolling);
      }),
    overscan: 6,
    scrollMargin: above ?? 0,
  });
  const row = current < 0 && above !== undefined ? undefined : (above ?? 0) + Math.max(0, current) * rowHeight;
  const moveFor = `${row} ${rowHeight} ${count}`;
  const move = () => {
    const { scrollOffset, scrollRect } = rows;
    // Nothing is known of a list that was not laid out yet.
    if (
      movedFor.current === moveFor ||
      count === 0 ||
      row === undefined ||
      scrollOffset === null ||
      !scrollRect?.height
    )
      return;
    movedFor.current = moveFor;
    const wanted = { row, rowHeight, shared: above !== undefined };
    rows.scrollOffset = topFor(wanted, scrollOffset, scrollRect.height) ?? scrollOffset;
  };
  // Told before the rows are drawn: they are drawn once, where the list is about to stand, and not first where it stood.
  if (box) move();
  useEffect(() => {
    if (!box) return;
    move();
    // What is remembered is asked, not the box: that makes the browser lay out the whole page before it is done.
    if (rows.scrollOffset === null || stands.current === undefined || rows.scrollOffset === stands.current) return;
    stands.current = rows.scrollOffset;
    box.scrollTop = rows.scrollOffset;
  });
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

interface Wanted {
  /** Where it begins in its box. */
  readonly row: number;
  readonly rowHeight: number;
  /** Other things are in the box, too: they are worth seeing where there is room for them. */
  readonly shared: boolean;
}

/** Where a list must be scrolled to for a row to be seen whole; undefined where it is. */
function topFor({ row, rowHeight, shared }: Wanted, top: number, height: number): number | undefined {
  const end = row + rowHeight;
  if (row < top) return shared && end <= height ? 0 : row;
  const whole = Math.max(1, Math.floor(height / rowHeight));
  return end > top + height ? Math.max(0, end - whole * rowHeight) : undefined;
}
