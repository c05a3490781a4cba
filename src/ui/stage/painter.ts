/** Paints a scene in its layers: what stands still from pictures that are kept, what moves anew in each frame. @module */
import type { Flights } from '../model/flights.ts';
import type { Crowd } from './crowd.ts';
import { CrowdPainter } from './crowd-painter.ts';
import type { Fallen } from './fallen.ts';
import { FallenPainter } from './fallen-painter.ts';
import { enter, type Frame, paint } from './paint.ts';
import type { Palette } from './palette.ts';
import type { Scene } from './scene.ts';
import type { Box, Shape } from './shapes.ts';
import { Still } from './still.ts';

interface Picture {
  readonly palette: Palette;
  readonly scene: Scene;
  readonly crowd: Crowd;
  readonly flights: Flights;
  readonly fallen: Fallen;
  /** What the keyboard points at. */
  readonly ring: Box | undefined;
}

export class Painter {
  private readonly context: CanvasRenderingContext2D;
  private readonly under = new Still();
  private readonly over = new Still();
  private readonly crowd = new CrowdPainter();
  private readonly fallen = new FallenPainter();
  private frame: Frame = { width: 0, height: 0, ratio: 1, x: 0, y: 0, k: 1 };

  constructor(context: CanvasRenderingContext2D) {
    this.context = context;
  }

  resize(canvas: HTMLCanvasElement, magnified: number, view: Pick<Frame, 'x' | 'y' | 'k'>): void {
    const { clientWidth, clientHeight } = canvas;
    canvas.width = Math.round(clientWidth * devicePixelRatio);
    canvas.height = Math.round(clientHeight * devicePixelRatio);
    keepSpacing(this.context);
    const size = { width: clientWidth / magnified, height: clientHeight / magnified };
    this.frame = { ...size, ratio: devicePixelRatio * magnified, ...view };
  }

  look({ x, y, k }: Pick<Frame, 'x' | 'y' | 'k'>): void {
    this.frame = { ...this.frame, x, y, k };
  }

  forget(): void {
    this.under.forget();
    this.over.forget();
  }

  draw({ palette, scene, crowd, flights, fallen, ring }: Picture): void {
    const { context, frame } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    this.under.draw(context, frame, palette, scene.under);
    this.crowd.paint(context, frame, palette, flights, crowd, framesIn(scene));
    enter(context, frame);
    paint(context, palette, scene.trains);
    this.over.draw(context, frame, palette, scene.over);
    this.fallen.paint(context, frame, palette, fallen, performance.now());
    enter(context, frame);
    paint(context, palette, scene.notes);
    if (ring) paint(context, palette, [ringAround(ring)]);
  }
}

/**
 * Whoever sets the page's text apart would have letters on the canvas run out of the rooms measured for them: until told
 * otherwise a context takes over the page's spacing, and what it thinks it has already is not heard.
 */
function keepSpacing(context: CanvasRenderingContext2D): void {
  for (const spacing of ['1px', '0px']) {
    context.letterSpacing = spacing;
    context.wordSpacing = spacing;
  }
}

const NONE: ReadonlySet<number> = new Set();

/** Packets that are drawn large need no small one beside them. */
function framesIn({ trains, notes }: Scene): ReadonlySet<number> {
  if (trains.length === 0 && notes.length === 0) return NONE;
  const ids = new Set<number>();
  for (const shapes of [trains, notes])
    for (const shape of shapes) if (shape.kind === 'box' && shape.target?.kind === 'frame') ids.add(shape.target.id);
  return ids;
}

function ringAround({ x, y, width, height }: Box): Shape {
  return {
    kind: 'box',
    x: x - 4,
    y: y - 4,
    width: width + 8,
    height: height + 8,
    round: 9,
    stroke: 'focus',
    strokeWidth: 2,
    dash: [5, 3],
  };
}
