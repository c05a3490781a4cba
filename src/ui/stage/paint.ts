/** Puts shapes on a canvas. The only file that touches one. @module */
import type { Palette } from './palette.ts';
import type { Box, Path, Shape, Text } from './shapes.ts';

export interface View {
  /** Pan and zoom, as d3-zoom gives it. */
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

type Context = CanvasRenderingContext2D;

export function paint(
  context: Context,
  size: { readonly width: number; readonly height: number; readonly ratio: number },
  view: View,
  palette: Palette,
  shapes: readonly Shape[],
): void {
  const { ratio } = size;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y);
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
  const [left, right] = typeof round === 'number' ? [round, round] : round;
  context.beginPath();
  context.roundRect(x, y, width, height, [left, right, right, left]);
  if (shape.fill) {
    context.fillStyle = palette(shape.fill);
    context.fill();
  }
  if (shape.hatched) hatch(context, palette, shape);
  if (shape.stroke) stroke(context, palette, shape.stroke, shape.strokeWidth, shape.dash);
}

/** Fine slanting lines over a sealed segment. */
function hatch(context: Context, palette: Palette, { x, y, width, height }: Box): void {
  context.save();
  context.clip();
  context.beginPath();
  for (let at = x - height; at < x + width; at += 5) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.globalAlpha *= 0.28;
  context.strokeStyle = palette('on-family');
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
  context.setLineDash(shape.dash ?? []);
  context.stroke(drawn);
  context.setLineDash([]);
}

function stroke(
  context: Context,
  palette: Palette,
  ink: Box['stroke'] & {},
  width = 1,
  dash: readonly number[] = [],
): void {
  context.strokeStyle = palette(ink);
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.stroke();
  context.setLineDash([]);
}

function text(context: Context, palette: Palette, shape: Text): void {
  const family = shape.mono ? '"IBM Plex Mono", monospace' : '"IBM Plex Sans", sans-serif';
  context.font = `${shape.strong ? 600 : 400} ${shape.size}px ${family}`;
  context.fillStyle = palette(shape.ink);
  context.textAlign = shape.align ?? 'left';
  context.fillText(fitted(context, shape.text, shape.maxWidth), shape.x, shape.y);
}

function fitted(context: Context, whole: string, maxWidth: number | undefined): string {
  if (maxWidth === undefined || context.measureText(whole).width <= maxWidth) return whole;
  let low = 0;
  let high = whole.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${whole.slice(0, middle)}…`).width <= maxWidth) low = middle;
    else high = middle - 1;
  }
  return `${whole.slice(0, low).trimEnd()}…`;
}
