/** Ways to not work a thing out twice. @module */

/** Works something out once for each object and keeps it as long as the object lives. */
export function once<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let found = made.get(key);
    if (!found) {
      found = { value: make(key) };
      made.set(key, found);
    }
    return found.value;
  };
}

/** Keeps the last answer: for what is asked again and again with the same arguments, as in each frame of a step. */
export function last<Arguments extends readonly unknown[], Value>(
  make: (...given: Arguments) => Value,
): (...given: Arguments) => Value {
  let kept: { readonly given: Arguments; readonly value: Value } | undefined;
  return (...given) => {
    if (!kept?.given.every((each, i) => each === given[i])) kept = { given, value: make(...given) };
    return kept.value;
  };
}
