/** Names that somebody may have meant who typed another. @module */

const MOST = 3;

/** "; did you mean run or router?", to put behind a complaint; nothing where nothing is alike. */
export function didYouMean(typed: string, known: readonly string[], before = ''): string {
  const names = nearNames(typed, known).map((name) => `${before}${name}`);
  return names.length > 0 ? `; did you mean ${names.join(' or ')}?` : '';
}

/** The nearest of the known names, best first; none where nothing is alike. */
function nearNames(typed: string, known: readonly string[]): readonly string[] {
  return known
    .map((name) => ({ name, distance: distance(typed.toLowerCase(), name) }))
    .filter((each) => each.distance <= Math.max(typed.length, 4) / 2)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** Letters to add, to leave out or to change; one name being part of the other counts least. */
function distance(a: string, b: string): number {
  if (a !== '' && b.includes(a)) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++)
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
