/** Reads captures and replays them, away from the page's own thread. @module */
import '../offline/sealed.ts';
import { lockForLife } from './life-lock.ts';
import type { FromWorker, Progress, ReplayAnswer, ReplayRequest } from './messages.ts';
import { partsOf } from './parts.ts';
import { replayOf } from './replaying.ts';

/** Milliseconds between two reports of progress. */
const OFTEN = 50;
/** Larger files would not fit into a browser's memory beside what is made of them. */
const MOST_BYTES = 1_073_741_824;

self.addEventListener('message', ({ data }: MessageEvent<ReplayRequest>) => {
  answer(data).catch((error: unknown) => {
    // A mistake of ours: told as what it is.
    setTimeout(() => {
      throw error;
    });
  });
});

async function answer({ id, files, setup }: ReplayRequest): Promise<void> {
  const say = (message: FromWorker, transfer: Transferable[] = []) => self.postMessage(message, transfer);
  const report = seldom((progress) => say({ id, kind: 'progress', progress }));
  const done = (given: ReplayAnswer) => say({ id, kind: 'answer', answer: given });
  const lock = await lockForLife();
  if (lock !== undefined) say({ id, kind: 'alive', lock });
  const blobs = [files.lan, ...(files.wan ? [files.wan] : [])];
  const of = blobs.reduce((sum, { size }) => sum + size, 0);
  if (of > MOST_BYTES) {
    done({ ok: false, what: `These captures: expected at most 1 GB, found ${gigabytes(of)}. Cut them with editcap.` });
    return;
  }
  let before = 0;
  const read: Uint8Array[] = [];
  for (const blob of blobs) {
    const start = before;
    read.push(await bytesOf(blob, (count) => report({ doing: 'reading', done: start + count, of, unit: 'bytes' })));
    before += blob.size;
  }
  const given = replayOf({ lan: read[0]!, wan: read[1] }, setup, report);
  if (!given.ok) {
    done(given);
    return;
  }
  const { trace } = given.replayed;
  for (const { occurrences, bytes } of partsOf(trace.occurrences)) say({ id, kind: 'part', occurrences }, [bytes]);
  done({ ok: true, replayed: { ...given.replayed, trace: { ...trace, occurrences: [] } } });
}

const gigabytes = (bytes: number): string => `${(bytes / 1_073_741_824).toFixed(1)} GB`;

/** Piece by piece, so that progress can be told. */
async function bytesOf(blob: Blob, progress: (bytes: number) => void): Promise<Uint8Array> {
  const bytes = new Uint8Array(blob.size);
  const reader = blob.stream().getReader();
  let at = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    bytes.set(piece.value, at);
    at += piece.value.length;
    progress(at);
  }
  return bytes;
}

function seldom(report: (progress: Progress) => void): (progress: Progress) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < OFTEN) return;
    last = now;
    report(progress);
  };
}
