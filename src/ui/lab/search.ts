/** Looking for something that takes long: a part at a time, each in a task of its own. @module */

/** Yields after each part; between two of them frames are painted and clicks are heard. */
export type Search<Found> = Generator<void, Found>;

/** Calls when there is nothing more urgent; answers how to take that back. Tests hand in their own. */
export type Later = (call: () => void) => () => void;

const nextTask: Later = (call) => {
  const timer = setTimeout(call);
  return () => clearTimeout(timer);
};

/** Begins at once. Answers how to give up; `done` is not called then. */
export function searchOn<Found>(search: Search<Found>, done: (found: Found) => void, later = nextTask): () => void {
  let giveUp = () => {};
  const next = () => {
    const step = search.next();
    if (step.done) done(step.value);
    else giveUp = later(next);
  };
  next();
  return () => giveUp();
}
