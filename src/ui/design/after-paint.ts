/** What may come a moment after the picture. @module */

/** Calls once the page has been painted as it is now. Answers how to take that back. */
export function afterPaint(call: () => void): () => void {
  let afterwards: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    afterwards = setTimeout(call);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(afterwards);
  };
}
