/**
 * A lock that a worker holds as long as it lives. Whoever waits for it gets it when the worker is gone, however it went: a
 * browser that is short of memory ends workers without a word.
 * @module
 */

/** In the worker: the name of its lock, once it holds it; undefined where the browser has none, as on a page over HTTP. */
export async function lockForLife(): Promise<string | undefined> {
  if (!('locks' in navigator)) return undefined;
  held ??= new Promise((taken) => {
    const name = `replay ${crypto.randomUUID()}`;
    const forLife = () => {
      taken(name);
      return new Promise<never>(() => undefined);
    };
    void navigator.locks.request(name, forLife);
  });
  return held;
}

let held: Promise<string> | undefined;

/** On the page. */
export function whenFree(lock: string, then: () => void): void {
  void navigator.locks.request(lock, then);
}
