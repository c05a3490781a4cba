import { afterEach, expect, test } from 'vitest';
import '../../src/ui/design/tokens.css';
import { readPalette } from '../../src/ui/stage/palette.ts';
import type { Ink } from '../../src/ui/stage/shapes.ts';

afterEach(() => {
  delete document.documentElement.dataset.theme;
});

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  const [r, g, b] = colour.match(/[\d.]+/g)!.map((part) => {
    const value = Number(part) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

const FAMILIES = ['ip', 'tcp', 'udp', 'pptp', 'l2tp', 'ipsec', 'ppp', 'app'] as const;
const GROUNDS: readonly Ink[] = [
  'paper',
  'card',
  'well',
  'mark-row',
  'drop-tint',
  ...FAMILIES.map((each) => `${each}-tint` as const),
];

const pairs: readonly (readonly [text: Ink, ground: Ink])[] = [
  ...GROUNDS.flatMap((ground) => [['ink', ground] as const, ['soft', ground] as const]),
  ...(['paper', 'card', 'well', 'drop-tint'] as const).map((ground) => ['drop', ground] as const),
  ...(['paper', 'card', 'ok-tint'] as const).map((ground) => ['ok', ground] as const),
  ...FAMILIES.map((family) => ['on-family', family] as const),
  ['on-mark', 'mark'],
  ['on-drop', 'drop'],
];

/** Lines and marks that carry a meaning without being text: 3 to 1. */
const lines: readonly (readonly [line: Ink, ground: Ink])[] = [
  ...FAMILIES.flatMap((family) => [[family, 'paper'] as const, [family, 'card'] as const]),
  ['mark-line', 'card'],
  ['focus', 'paper'],
  ['focus', 'card'],
];

test.each(['light', 'dark'] as const)('in %s colours every text stands out 4.5 to 1, every mark 3 to 1', (theme) => {
  document.documentElement.dataset.theme = theme;
  const palette = readPalette(document.body);
  const weak = (list: typeof pairs, least: number) =>
    list
      .map(([a, b]) => ({ pair: `${a} on ${b}`, ratio: contrast(palette(a), palette(b)) }))
      .filter(({ ratio }) => ratio < least)
      .map(({ pair, ratio }) => `${pair}: ${ratio.toFixed(2)}`);
  expect(weak(pairs, 4.5)).toEqual([]);
  expect(weak(lines, 3)).toEqual([]);
});

/** Of the colour circle, in degrees. */
function hue(colour: string): number {
  const [r, g, b] = colour.match(/[\d.]+/g)!.map(Number) as [number, number, number];
  const [least, most] = [Math.min(r, g, b), Math.max(r, g, b)];
  const sixth =
    most === r ? (g - b) / (most - least) : most === g ? 2 + (b - r) / (most - least) : 4 + (r - g) / (most - least);
  return (sixth * 60 + 360) % 360;
}

test.each(['light', 'dark'] as const)(
  'in %s colours what changed, what was stopped and PPTP are three hues',
  (theme) => {
    document.documentElement.dataset.theme = theme;
    const palette = readPalette(document.body);
    const [changed, pptp, stopped] = (['mark-line', 'pptp', 'drop'] as const).map((ink) => hue(palette(ink)));
    expect(changed! - pptp!).toBeGreaterThan(20);
    expect(pptp! - stopped!).toBeGreaterThan(15);
  },
);
