import type { Search } from '../../../src/ui/lab/search.ts';

/** What a search comes to, without waiting between its parts. */
export function foundBy<Found>(search: Search<Found>): Found {
  let next = search.next();
  while (!next.done) next = search.next();
  return next.value;
}
