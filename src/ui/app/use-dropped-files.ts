/** Files that are dragged over the page and let go on it. @module */
import { useEffect, useState } from 'react';

export interface Dropped {
  readonly files: readonly File[];
  /** Something is being dragged over the page. */
  readonly over: boolean;
}

export function useDroppedFiles(onDrop: () => void): Dropped {
  const [dropped, setDropped] = useState<Dropped>({ files: [], over: false });
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDropped((now) => (now.over ? now : { ...now, over: true }));
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDropped((now) => ({ ...now, over: false }));
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDropped({ files: [...(event.dataTransfer?.files ?? [])], over: false });
      onDrop();
    };
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
    };
  }, [onDrop]);
  return dropped;
}
