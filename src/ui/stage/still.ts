/** A part of the stage that stands still for many frames, painted once and kept as a picture. @module */
import { type Context, enter, type Frame, paint } from './paint.ts';
import type { Palette } from './palette.ts';
import type { Shape } from './shapes.ts';

export class Still {
  private readonly canvas = new OffscreenCanvas(1, 1);
  private shapes: readonly Shape[] | undefined;
  private palette: Palette | undefined;
  private frame: Frame | undefined;

  /** Puts the shapes on the canvas; paints them anew only if any of them, the view or the colours have changed. */
  draw(onto: Context, frame: Frame, palette: Palette, shapes: readonly Shape[]): void {
    if (shapes !== this.shapes || palette !== this.palette || frame !== this.frame) {
      this.repaint(frame, palette, shapes);
      this.shapes = shapes;
      this.palette = palette;
      this.frame = frame;
    }
    onto.setTransform(1, 0, 0, 1, 0, 0);
    onto.drawImage(this.canvas, 0, 0);
  }

  /** For when what the shapes look like has changed behind them, as when a font has come. */
  forget(): void {
    this.shapes = undefined;
  }

  private repaint(frame: Frame, palette: Palette, shapes: readonly Shape[]): void {
    const { canvas } = this;
    const [width, height] = [Math.round(frame.width * frame.ratio), Math.round(frame.height * frame.ratio)];
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    enter(context, frame);
    paint(context, palette, shapes);
  }
}
