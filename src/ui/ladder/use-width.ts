/** How wide an element is, as long as it stands on the page. @module */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

interface Measured {
  readonly ref: RefObject<HTMLDivElement | null>;
  /** Without its padding; 0 until it has been measured. */
  readonly width: number;
}

export function useWidth(): Measured {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    if (ref.current) observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}
