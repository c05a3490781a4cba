/** For our own mistakes only: bad packets and bad user input are values, never exceptions. @module */

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`broken invariant: ${message}`);
}

/** Ends an exhaustive switch: a case added to the union and forgotten here does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
