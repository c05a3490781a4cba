/** Runs the cells of the matrix, away from the page's own thread, and listens between two rows. @module */
import type { MatrixAnswer, MatrixRequest } from './messages.ts';
import { MatrixWork } from './work.ts';

let work: MatrixWork | undefined;

self.addEventListener('message', ({ data }: MessageEvent<MatrixRequest>) => {
  if (data.do === 'prefer') work?.prefer(data.view);
  else {
    work = new MatrixWork(data.view, data.known);
    goOn();
  }
});

function goOn(): void {
  const cells: MatrixAnswer = work?.next() ?? [];
  self.postMessage(cells);
  if (cells.length > 0) setTimeout(goOn);
}
