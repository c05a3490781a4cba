/**
 * Paints a crowd too large for pictures: a square for each packet, in the hue of its protocol. It costs the browser a
 * fifth of what a small picture does. No edges: where so many are on one cable, each would hide the one before it.
 * @module
 */
import { familyOfProtocol } from '../model/entry.ts';
import type { Flights } from '../model/flights.ts';
import type { Crowd } from './crowd.ts';
import type { Context, Frame } from './paint.ts';
import type { Palette } from './palette.ts';

const SIDE = 4;

export class Specks {
  private palette: Palette | undefined;
  private flights: Flights | undefined;
  /** By place in the flights. */
  private colours: (string | undefined)[] = [];

  /** `hidden`: frames that are drawn otherwise. */
  paint(
    context: Context,
    { x, y, ratio, k }: Frame,
    palette: Palette,
    flights: Flights,
    crowd: Crowd,
    hidden: ReadonlySet<number>,
  ): void {
    if (palette !== this.palette || flights !== this.flights) {
      this.palette = palette;
      this.flights = flights;
      this.colours = new Array<string | undefined>(flights.frames.length);
    }
    const scale = ratio * k;
    const side = Math.max(1, Math.round(SIDE * scale));
    context.setTransform(1, 0, 0, 1, 0, 0);
    for (let i = 0; i < crowd.count; i++) {
      const place = crowd.place[i]!;
      if (hidden.size > 0 && hidden.has(flights.frames[place]!.id)) continue;
      context.fillStyle = this.colours[place] ?? this.colourAt(place, palette, flights);
      const left = Math.round(crowd.x[i]! * scale + x * ratio - side / 2);
      const top = Math.round(crowd.y[i]! * scale + y * ratio - side / 2);
      context.fillRect(left, top, side, side);
    }
  }

  /** A whole crowd must not be taken apart within one frame: the protocol number will do. */
  private colourAt(place: number, palette: Palette, flights: Flights): string {
    const colour = palette(familyOfProtocol(flights.frames[place]!.bytes[9] ?? 0));
    this.colours[place] = colour;
    return colour;
  }
}
