/** All bundled recordings, fetched once: after that the page needs nobody. @module */
import { situations } from './catalogue.ts';
import type { Fetch } from './source.ts';

export interface Stash {
  readonly load: Fetch;
  /** Fetches what is not here yet. */
  readonly fill: () => Promise<void>;
}

const fetchFile: Fetch = async (path) => {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.arrayBuffer();
};

export function createStash(): Stash {
  const files = new Map<string, Promise<ArrayBuffer>>();
  const load: Fetch = (path) => {
    let file = files.get(path);
    if (!file) {
      file = fetchFile(path);
      files.set(path, file);
      // A failed attempt is not kept: the next one may succeed.
      file.catch(() => files.delete(path));
    }
    return file;
  };
  return {
    load,
    async fill() {
      const paths = situations.flatMap(({ off, on }) =>
        [off, on].flatMap((each) => (each ? [`recordings/${each.id}/lan.pcap`, `recordings/${each.id}/wan.pcap`] : [])),
      );
      await Promise.allSettled(paths.map(load));
    },
  };
}
