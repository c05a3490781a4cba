/** Paints the crowd: each packet as a small train without words, as a dot where there are many, as a speck where too many. @module */

import type { Frame as Packet } from '../../world/trace.ts';
import { looksOf } from '../design/families.ts';
import type { Flights } from '../model/flights.ts';
import { once } from '../model/once.ts';
import { look } from '../model/packet.ts';
import type { Crowd } from './crowd.ts';
import type { Context, Frame } from './paint.ts';
import type { Palette } from './palette.ts';
import type { Ink } from './shapes.ts';
import { Specks } from './specks.ts';

/** More packets than this are drawn as dots, and still more as specks. */
const TRAINS = 40;
const DOTS = 300;
const DOT = 7;
const WAGON = 6;
const WAGONS = 4;

interface Sprite {
  readonly picture: OffscreenCanvas;
  readonly width: number;
  readonly height: number;
}

/** "ip,tcp,pptp": the hues of a packet's headers, outermost first. */
const huesOf: (packet: Packet) => string = once(({ bytes }: Packet) =>
  looksOf(look(bytes).layers)
    .slice(0, WAGONS)
    .map(({ family }) => family)
    .join(),
);

export class CrowdPainter {
  private readonly sprites = new Map<string, Sprite>();
  private readonly specks = new Specks();
  private palette: Palette | undefined;
  private scale = 0;
  /** By place in the flights they were made for. */
  private looks: (Sprite | undefined)[] = [];
  private flights: Flights | undefined;
  private grade: 'train' | 'dot' = 'train';

  /** `hidden`: frames that are drawn otherwise. */
  paint(
    context: Context,
    frame: Frame,
    palette: Palette,
    flights: Flights,
    crowd: Crowd,
    hidden: ReadonlySet<number>,
  ): void {
    if (crowd.count > DOTS) {
      this.specks.paint(context, frame, palette, flights, crowd, hidden);
      return;
    }
    const { ratio, k } = frame;
    const grade = crowd.count <= TRAINS ? 'train' : 'dot';
    if (palette !== this.palette || ratio * k !== this.scale || flights !== this.flights || grade !== this.grade) {
      if (palette !== this.palette || ratio * k !== this.scale) this.sprites.clear();
      this.looks = new Array<Sprite | undefined>(flights.frames.length);
      this.palette = palette;
      this.scale = ratio * k;
      this.flights = flights;
      this.grade = grade;
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    const [left, top] = [frame.x * ratio, frame.y * ratio];
    for (let i = 0; i < crowd.count; i++) {
      const place = crowd.place[i]!;
      if (hidden.size > 0 && hidden.has(flights.frames[place]!.id)) continue;
      const { picture, width, height } = this.looks[place] ?? this.spriteAt(place, flights);
      context.drawImage(
        picture,
        Math.round(crowd.x[i]! * this.scale + left - width / 2),
        Math.round(crowd.y[i]! * this.scale + top - height / 2),
      );
    }
  }

  private spriteAt(place: number, flights: Flights): Sprite {
    const sprite = this.spriteOf(flights.frames[place]!);
    this.looks[place] = sprite;
    return sprite;
  }

  private spriteOf(packet: Packet): Sprite {
    const hues = huesOf(packet);
    const key = `${this.grade} ${hues}`;
    let found = this.sprites.get(key);
    if (!found) {
      const inks = hues.split(',') as Ink[];
      found = this.grade === 'train' ? this.train(inks) : this.dot(inks);
      this.sprites.set(key, found);
    }
    return found;
  }

  private train(inks: readonly Ink[]): Sprite {
    const width = inks.length * (WAGON + 1) + 3;
    return this.sprite(width, WAGON + 4, (context, palette) => {
      context.fillStyle = palette('card');
      context.beginPath();
      context.roundRect(0, 0, width, WAGON + 4, 3);
      context.fill();
      inks.forEach((ink, i) => {
        context.fillStyle = palette(ink);
        context.fillRect(2 + i * (WAGON + 1), 2, WAGON, WAGON);
      });
    });
  }

  /** In the hue of the innermost header. */
  private dot(inks: readonly Ink[]): Sprite {
    return this.sprite(DOT + 1, DOT + 1, (context, palette) => {
      const middle = (DOT + 1) / 2;
      context.fillStyle = palette(inks.at(-1) ?? 'ip');
      context.strokeStyle = palette('card');
      context.lineWidth = 1;
      context.beginPath();
      context.arc(middle, middle, DOT / 2, 0, Math.PI * 2);
      context.fill();
      context.stroke();
    });
  }

  private sprite(width: number, height: number, draw: (context: Context, palette: Palette) => void): Sprite {
    const { scale } = this;
    const picture = new OffscreenCanvas(Math.ceil(width * scale), Math.ceil(height * scale));
    const context = picture.getContext('2d')!;
    context.scale(scale, scale);
    draw(context, this.palette!);
    return { picture, width: picture.width, height: picture.height };
  }
}
