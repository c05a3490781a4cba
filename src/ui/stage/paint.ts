/** Puts shapes on a canvas. @module */
import type { Palette } from './palette.ts';
import type { Box, Path, Shape, Text } from './shapes.ts';

/** A canvas in the page, or one that is kept behind it as a picture. */
export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** What a canvas shows of the stage, and how finely. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** Device pixels to one of ours. */
  readonly ratio: number;
  /** Pan and zoom, as d3-zoom gives it. */
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

/** Makes the canvas speak in the stage's own coordinates. */
export function enter(context: Context, { ratio, x, y, k }: Frame): void {
  context.setTransform(ratio * k, 0, 0, ratio * k, ratio * x, ratio * y);
}

/** In the stage's own coordinates, the last shape on top. */
export function paint(context: Context, palette: Palette, shapes: readonly Shape[]): void {
  context.textBaseline = 'middle';
  for (const shape of shapes) {
    context.globalAlpha = shape.alpha ?? 1;
    if (shape.kind === 'box') box(context, palette, shape);
    else if (shape.kind === 'path') path(context, palette, shape);
    else text(context, palette, shape);
  }
  context.globalAlpha = 1;
}

function box(context: Context, palette: Palette, shape: Box): void {
  const { x, y, width, height, round = 0 } = shape;
  context.beginPath();
  if (typeof round === 'number') context.roundRect(x, y, width, height, round);
  else context.roundRect(x, y, width, height, [round[0], round[1], round[1], round[0]]);
  if (shape.fill) {
    context.fillStyle = palette(shape.fill);
    context.fill();
  }
  if (shape.stroke) {
    context.strokeStyle = palette(shape.stroke);
    context.lineWidth = shape.strokeWidth ?? 1;
    if (shape.dash) context.setLineDash(shape.dash);
    context.stroke();
    if (shape.dash) context.setLineDash(SOLID);
  }
  // Last, for it leaves another path behind.
  if (shape.hatched) hatch(context, palette(shape.hatched), shape);
}

const SOLID: number[] = [];

/** Fine slanting lines over a sealed segment. */
function hatch(context: Context, ink: string, { x, y, width, height }: Box): void {
  context.save();
  context.clip();
  context.beginPath();
  for (let at = x - height; at < x + width; at += 5) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.globalAlpha *= 0.4;
  context.strokeStyle = ink;
  context.lineWidth = 1.2;
  context.stroke();
  context.restore();
}

function path(context: Context, palette: Palette, shape: Path): void {
  const drawn = new Path2D(shape.d);
  if (shape.fill) {
    context.fillStyle = palette(shape.fill);
    context.fill(drawn);
  }
  if (!shape.stroke) return;
  context.strokeStyle = palette(shape.stroke);
  context.lineWidth = shape.strokeWidth ?? 1;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  if (shape.dash) context.setLineDash(shape.dash);
  context.stroke(drawn);
  if (shape.dash) context.setLineDash(SOLID);
}

function text(context: Context, palette: Palette, shape: Text): void {
  context.font = fontOf(shape);
  context.fillStyle = palette(shape.ink);
  context.textAlign = shape.align ?? 'left';
  context.fillText(shape.maxWidth === undefined ? shape.text : fitted(context, shape), shape.x, shape.y);
}

const fonts = new Map<number, string>();

/** Names of fonts are long, and asked for with every word. */
function fontOf({ size, strong, mono }: Text): string {
  // Sizes may be fractions: what is added must stay apart from them.
  const key = Math.round(size * 100) * 4 + (strong ? 1 : 0) + (mono ? 2 : 0);
  let found = fonts.get(key);
  if (found === undefined) {
    const family = mono ? '"IBM Plex Mono", monospace' : '"IBM Plex Sans", sans-serif';
    found = `${strong ? 600 : 400} ${size}px ${family}`;
    fonts.set(key, found);
  }
  return found;
}

/** Texts that had to be measured, with what there was room for. */
const fits = new Map<string, string>();
const MOST_FITS = 4000;

/** To be called when other fonts are there than before. */
export function forgetMeasures(): void {
  fits.clear();
}

function fitted(context: Context, shape: Text): string {
  const { text: whole, maxWidth = 0 } = shape;
  const key = `${fontOf(shape)}|${maxWidth}|${whole}`;
  let found = fits.get(key);
  if (found === undefined) {
    if (fits.size >= MOST_FITS) fits.clear();
    found = shortenedTo(context, whole, maxWidth);
    fits.set(key, found);
  }
  return found;
}

function shortenedTo(context: Context, whole: string, maxWidth: number): string {
  if (context.measureText(whole).width <= maxWidth) return whole;
  let low = 0;
  let high = whole.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${whole.slice(0, middle)}…`).width <= maxWidth) low = middle;
    else high = middle - 1;
  }
  return `${whole.slice(0, low).trimEnd()}…`;
}
