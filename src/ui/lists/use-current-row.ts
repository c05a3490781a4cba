/** A long list: only the rows in view exist, the present one is kept in view, with no other cut in half above it. @module */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { useEffect } from 'react';

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
  useEffect(() => {
    if (!box || count === 0) return;
    const index = Math.max(0, current);
    const first = Math.ceil(box.scrollTop / rowHeight);
    const whole = Math.max(1, Math.floor(box.clientHeight / rowHeight));
    if (index < first) box.scrollTop = index * rowHeight;
    else if (index >= first + whole) box.scrollTop = (index - whole + 1) * rowHeight;
  }, [box, count, rowHeight, current]);
  return rows;
}
