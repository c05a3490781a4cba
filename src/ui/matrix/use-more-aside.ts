/**
 * Whether a table goes on beyond the right edge of the box it scrolls in. Its last head tells: it stays in sight however
 * far one scrolls down, and every browser can watch it, while only some have animations that go by how far one scrolled.
 * @module
 */
import { type RefObject, useEffect, useState } from 'react';

/** So much of the last column in sight is all of it: sizes are not always whole pixels. */
const ALL = 0.98;

export function useMoreAside(box: RefObject<HTMLElement | null>): boolean {
  const [more, setMore] = useState(false);
  useEffect(() => {
    const last = box.current?.querySelector('thead th:last-child');
    if (!last) return;
    const watching = new IntersectionObserver((seen) => setMore((seen.at(-1)?.intersectionRatio ?? 1) < ALL), {
      root: box.current,
      threshold: [0, ALL],
    });
    watching.observe(last);
    return () => watching.disconnect();
  }, [box]);
  return more;
}
