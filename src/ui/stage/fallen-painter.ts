/** Paints the marks of what was stopped while all flows: one small picture, again and again. @module */
import type { Fallen } from './fallen.ts';
import type { Context, Frame } from './paint.ts';
import type { Palette } from './palette.ts';

/** Pixels of the stage. */
const SIZE = 17;

export class FallenPainter {
  private picture: OffscreenCanvas | undefined;
  private palette: Palette | undefined;
  private scale = 0;

  paint(context: Context, { ratio, k, x, y }: Frame, palette: Palette, fallen: Fallen, now: number): void {
    const scale = ratio * k;
    if (!this.picture || palette !== this.palette || scale !== this.scale) this.picture = draw(palette, scale);
    this.palette = palette;
    this.scale = scale;
    const { picture } = this;
    const half = picture.width / 2;
    context.setTransform(1, 0, 0, 1, 0, 0);
    fallen.each(now, (atX, atY, alpha) => {
      context.globalAlpha = alpha;
      context.drawImage(
        picture,
        Math.round(atX * scale + x * ratio - half),
        Math.round(atY * scale + y * ratio - half),
      );
    });
    context.globalAlpha = 1;
  }
}

/** The cross of a stopped packet, small. */
function draw(palette: Palette, scale: number): OffscreenCanvas {
  const picture = new OffscreenCanvas(Math.ceil(SIZE * scale), Math.ceil(SIZE * scale));
  const context = picture.getContext('2d')!;
  context.scale(scale, scale);
  const middle = SIZE / 2;
  context.fillStyle = palette('drop');
  context.strokeStyle = palette('card');
  context.lineWidth = 1;
  context.beginPath();
  context.arc(middle, middle, middle - 0.5, 0, Math.PI * 2);
  context.fill();
  context.stroke();
  context.strokeStyle = palette('on-drop');
  context.lineWidth = 2;
  context.lineCap = 'round';
  const reach = 3.2;
  context.beginPath();
  context.moveTo(middle - reach, middle - reach);
  context.lineTo(middle + reach, middle + reach);
  context.moveTo(middle + reach, middle - reach);
  context.lineTo(middle - reach, middle + reach);
  context.stroke();
  return picture;
}
