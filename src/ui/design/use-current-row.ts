/** A long list of steps: only the rows in view exist, the present one is kept in view. @module */
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect } from 'react';

export function useCurrentRow(
  box: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
  current: number,
): Virtualizer<HTMLElement, Element> {
  const rows = useVirtualizer<HTMLElement, Element>({
    count,
    estimateSize: () => rowHeight,
    getScrollElement: () => box.current,
    overscan: 12,
  });
  useEffect(() => {
    if (current >= 0) rows.scrollToIndex(current, { align: 'auto' });
  }, [rows, current]);
  return rows;
}
