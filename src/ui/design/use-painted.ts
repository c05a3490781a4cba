/** What may come a moment after the picture. @module */
import { startTransition, useEffect, useState } from 'react';

/**
 * Follows `value` once the page has been painted with it; undefined before the first time. For what is dear to work
 * out: a deferred value alone would often be worked on before the browser gets to paint.
 */
export function usePainted<Value>(value: Value): Value | undefined {
  const [painted, setPainted] = useState<Value>();
  useEffect(() => {
    let afterwards: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      afterwards = setTimeout(() => startTransition(() => setPainted(() => value)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(afterwards);
    };
  }, [value]);
  return painted;
}
