/** Where every packet is that is on its way at a moment: as numbers, in arrays that are filled anew for each frame. @module */
import { eachInFlight, type Flights } from '../model/flights.ts';
import { along, cableOf } from './cables.ts';
import type { Cable, Layout } from './layout.ts';

/** Points of a cable that are known beforehand; between two of them a packet goes straight. */
const STOPS = 48;

export class Crowd {
  /** How many there are; the arrays are longer. */
  count = 0;
  x = new Float32Array(64);
  y = new Float32Array(64);
  /** Places in `flights`. */
  place = new Int32Array(64);
  private readonly flights: Flights;
  private readonly points: readonly Float32Array[];
  /** By place in `flights`: which cable, and whether towards its router. */
  private readonly cable: Int16Array;
  private readonly inward: Uint8Array;
  private time = 0;

  constructor(flights: Flights, layout: Layout) {
    this.flights = flights;
    const cables = [...layout.cables.values()];
    const numbers = new Map(cables.map((cable, i) => [cable, i]));
    this.points = cables.map((cable) => pointsOf(cable, layout.across));
    this.cable = new Int16Array(flights.frames.length);
    this.inward = new Uint8Array(flights.frames.length);
    flights.frames.forEach((frame, i) => {
      const cable = cableOf(layout, frame);
      this.cable[i] = cable ? numbers.get(cable)! : -1;
      this.inward[i] = cable?.node === frame.from ? 1 : 0;
    });
  }

  /** Finds all places at a moment, microseconds. */
  moveTo(time: number): void {
    this.count = 0;
    this.time = time;
    eachInFlight(this.flights, time, this.put);
  }

  /** The packet nearest to a point, if it is as near as this; its place in `flights`. */
  nearest(x: number, y: number, within: number): number | undefined {
    let best: number | undefined;
    let least = within * within;
    for (let i = 0; i < this.count; i++) {
      const distance = (this.x[i]! - x) ** 2 + (this.y[i]! - y) ** 2;
      if (distance > least) continue;
      least = distance;
      best = this.place[i];
    }
    return best;
  }

  private readonly put = (place: number): void => {
    const points = this.points[this.cable[place]!];
    if (!points) return;
    if (this.count === this.x.length) this.grow();
    const { sent, lands } = this.flights;
    const part = (this.time - sent[place]!) / (lands[place]! - sent[place]!);
    const at = (this.inward[place] ? part : 1 - part) * STOPS;
    const stop = Math.min(STOPS - 1, at | 0);
    const rest = at - stop;
    const i = stop * 2;
    this.x[this.count] = points[i]! + (points[i + 2]! - points[i]!) * rest;
    this.y[this.count] = points[i + 1]! + (points[i + 3]! - points[i + 1]!) * rest;
    this.place[this.count] = place;
    this.count++;
  };

  private grow(): void {
    const longer = <List extends Float32Array | Int32Array>(list: List, next: List): List => {
      next.set(list);
      return next;
    };
    const size = this.x.length * 2;
    this.x = longer(this.x, new Float32Array(size));
    this.y = longer(this.y, new Float32Array(size));
    this.place = longer(this.place, new Int32Array(size));
  }
}

function pointsOf(cable: Cable, across: boolean): Float32Array {
  const points = new Float32Array((STOPS + 1) * 2);
  for (let i = 0; i <= STOPS; i++) {
    const { x, y } = along(cable, across, i / STOPS);
    points[i * 2] = x;
    points[i * 2 + 1] = y;
  }
  return points;
}
