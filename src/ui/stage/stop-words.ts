/** The unmistakable part of a packet that goes no further: a cross, and the reason in words. @module */
import { cross, type Point, type Shape } from './shapes.ts';

export function crossAt(at: Point, alpha: number): readonly Shape[] {
  return [
    { kind: 'box', x: at.x - 13, y: at.y - 13, width: 26, height: 26, round: 13, fill: 'drop', alpha },
    { kind: 'path', d: cross(at, 5.5), stroke: 'on-drop', strokeWidth: 2.6, alpha },
  ];
}

/** Of the strong words over a stopped packet, one letter. */
const WIDE = 6.25;

const WORDS_LINE = 15;

/**
 * On a plate that keeps cables from running through them, its foot (or its middle) at the same height however many lines
 * they take: the span between a router and its neighbour is often narrower than a reason, and the router's table must stay seen.
 */
export function stopWords(
  text: string,
  { x, y }: Point,
  [left, right]: readonly [number, number],
  alpha: number,
  grows: 'up' | 'both' = 'up',
): readonly Shape[] {
  const lines = linesWithin(text, Math.floor((right - left - 12) / WIDE));
  const wide = Math.max(...lines.map((line) => line.length)) * WIDE + 10;
  const centre = Math.max(Math.min(x, right - wide / 2 - 2), left + wide / 2 + 2);
  const more = (lines.length - 1) * WORDS_LINE;
  const top = y - 9.5 - (grows === 'up' ? more : more / 2);
  const height = 19 + more;
  const word = { kind: 'text', x: centre, size: 12, ink: 'drop', strong: true, align: 'center', alpha } as const;
  return [
    { kind: 'box', x: centre - wide / 2, y: top, width: wide, height, round: 5, fill: 'drop-tint', alpha },
    ...lines.map((line, i) => ({ ...word, y: top + 10 + i * WORDS_LINE, text: line })),
  ];
}

/** Of at most so many letters, if the words allow it. "Stopped:" stands alone where not all fits in one line. */
function linesWithin(text: string, letters: number): readonly string[] {
  if (text.length <= letters) return [text];
  const [first = '', ...words] = text.split(' ');
  const lines = [first];
  for (const word of words) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 1 && longer.length <= letters) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
