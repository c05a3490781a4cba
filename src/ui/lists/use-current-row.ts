/** A long list: only the rows in view exist, the present one is kept in view, with no other cut in half above it. @module */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';

interface LongList {
  /** The element that scrolls, once it is there. */
  readonly box: HTMLElement | null;
  readonly count: number;
  readonly rowHeight: number;
  /** -1 where there is none; then the list shows its beginning. */
  readonly current: number;
}

export function useCurrentRow({ box, count, rowHeight, current }: LongList): Virtualizer<HTMLElement, Element> {
  const rows = useVirtualizer<HTMLElement, Element>({
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => box,
    overscan: 12,
  });
  /** Where the list stood when it was last told to scroll: as long as it says so, it is still on its way. */
  const left = useRef<number | null>(undefined);
  useEffect(() => {
    if (!box || count === 0) return;
    const index = Math.max(0, current);
    const { scrollOffset, scrollRect } = rows;
    const known = scrollOffset !== left.current && scrollOffset !== null && scrollRect !== null;
    // What the list remembers comes first: asking the box makes the browser lay out the whole page before it is done.
    if (known && topFor(index, rowHeight, scrollOffset, scrollRect.height - rowHeight) === undefined) return;
    const top = topFor(index, rowHeight, box.scrollTop, box.clientHeight);
    if (top === undefined) return;
    left.current = scrollOffset;
    box.scrollTop = top;
  }, [rows, box, count, rowHeight, current]);
  return rows;
}

/** Where a list must be scrolled to for a row to be seen whole; undefined where it is. */
function topFor(index: number, rowHeight: number, top: number, height: number): number | undefined {
  const first = Math.ceil(top / rowHeight);
  const whole = Math.max(1, Math.floor(height / rowHeight));
  if (index < first) return index * rowHeight;
  return index >= first + whole ? (index - whole + 1) * rowHeight : undefined;
}
