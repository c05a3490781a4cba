import { expect, test } from 'vitest';
import { type Context, paint } from '../../../src/ui/stage/paint.ts';
import type { Text } from '../../../src/ui/stage/shapes.ts';

/** A canvas that only notes in which font each text is written. */
function listener() {
  const written = new Map<string, string>();
  const context = {
    font: '',
    measureText: (text: string) => ({ width: text.length }),
    fillText: (text: string) => written.set(text, context.font),
  };
  return { context: context as unknown as Context, written };
}

test('no two kinds of text share a font by accident, whatever their sizes', () => {
  const { context, written } = listener();
  const kinds = [10, 10.25, 10.5, 10.75, 11, 11.5, 12].flatMap((size) =>
    [false, true].flatMap((strong) => [false, true].map((mono) => ({ size, strong, mono }))),
  );
  const texts = kinds.map((kind): Text => {
    const text = JSON.stringify(kind);
    return { kind: 'text', x: 0, y: 0, text, ink: 'ink', ...kind };
  });
  paint(context, () => '', texts);
  for (const { size, strong, mono } of kinds) {
    const font = written.get(JSON.stringify({ size, strong, mono }));
    expect(font).toMatch(new RegExp(`^${strong ? 600 : 400} ${size}px "IBM Plex ${mono ? 'Mono' : 'Sans'}"`));
  }
});
