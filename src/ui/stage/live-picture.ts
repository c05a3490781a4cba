/** The picture on the canvas as it stands now: what is painted, at what size, in which colours, and what lies where. @module */
import { type ZoomTransform, zoomIdentity } from 'd3';
import { flightsOf } from '../model/flights.ts';
import type { Run } from '../model/run.ts';
import type { Stagecraft } from '../session/context.ts';
import { Crowd } from './crowd.ts';
import { Fallen } from './fallen.ts';
import { boxOf, targetAt } from './hit-test.ts';
import { type Layout, layoutOf } from './layout.ts';
import { forgetMeasures } from './paint.ts';
import { Painter } from './painter.ts';
import { type Palette, readPalette } from './palette.ts';
import { layersOf, type Scene } from './scene.ts';
import type { Point, Shape, Target } from './shapes.ts';

/** How near a packet must be to be meant, in pixels of the screen. */
const REACH = 9;

export class LivePicture {
  private readonly canvas: HTMLCanvasElement;
  private readonly stagecraft: Stagecraft;
  private readonly magnified: number;
  private readonly painter: Painter;
  private palette: Palette;
  private view: ZoomTransform = zoomIdentity;
  private size = { width: 0, height: 0 };
  private place: Place | undefined;
  private shown: Scene | undefined;
  private pointed: Target | undefined;

  /** `magnified`: pixels of the screen to one of the stage's, before any zoom. */
  constructor(canvas: HTMLCanvasElement, stagecraft: Stagecraft, magnified: number) {
    this.canvas = canvas;
    this.stagecraft = stagecraft;
    this.magnified = magnified;
    this.painter = new Painter(canvas.getContext('2d')!);
    this.palette = readPalette(canvas.parentElement!);
  }

  readonly draw = (): void => {
    const { playhead, store } = this.stagecraft;
    const { run, cursor, selection } = store.getState();
    const { width, height } = this.size;
    if (!run || width === 0 || height === 0) return;
    if (this.place?.run !== run || this.place.layout.width !== width || this.place.layout.height !== height) {
      this.place = placeOf(run, width, height);
      this.tellMiddle(run, this.place.layout);
    }
    const { layout, crowd, fallen } = this.place;
    const { flowing } = playhead;
    const progress = flowing ? 1 : playhead.progress;
    let scene = layersOf({ run, cursor, progress, layout, selection });
    // Where packets flow too fast to be looked at one by one, all are drawn alike.
    if (flowing) scene = { ...scene, trains: [], notes: [] };
    if (flowing) fallen.follow(playhead.place, performance.now());
    else fallen.forget();
    crowd.moveTo(playhead.clock);
    const ring = this.pointed && boxOf(everything(scene), this.pointed);
    this.painter.draw({ palette: this.palette, scene, crowd, flights: flightsOf(run), fallen, ring });
    this.shown = scene;
  };

  /** For what stands over the picture: where the routers are, in pixels of the screen from its left. */
  private tellMiddle({ nodes }: Run, layout: Layout): void {
    const cards = [...nodes.values()].flatMap(({ kind, id }) => (kind === 'router' ? [layout.nodes.get(id)!] : []));
    const middle = cards.reduce((sum, { x, width }) => sum + x + width / 2, 0) / cards.length;
    this.canvas.parentElement!.style.setProperty('--routers', `${middle * this.magnified}px`);
  }

  look(view: ZoomTransform): void {
    this.view = view;
    this.painter.look(this.onStage());
    this.stagecraft.playhead.refresh();
  }

  /** The canvas has another size, or the screen is finer. */
  resize(): void {
    const { canvas, magnified } = this;
    this.size = { width: canvas.clientWidth / magnified, height: canvas.clientHeight / magnified };
    this.painter.resize(canvas, magnified, this.onStage());
    this.draw();
  }

  recolour(): void {
    this.palette = readPalette(this.canvas.parentElement!);
    this.stagecraft.playhead.refresh();
  }

  /** Other fonts are there than before. */
  readonly reset = (): void => {
    forgetMeasures();
    this.painter.forget();
    this.draw();
  };

  /** Rings what the keyboard is at. */
  point(target: Target | undefined): void {
    this.pointed = target;
    this.stagecraft.playhead.refresh();
  }

  /** What lies at a point of the canvas. */
  under(point: [x: number, y: number]): Target | undefined {
    const { run } = this.stagecraft.store.getState();
    if (!this.shown || !this.place || !run) return undefined;
    const [x, y] = this.view.invert(point);
    const at = { x: x / this.magnified, y: y / this.magnified };
    return hit(this.shown, this.place, at, REACH / this.view.k / this.magnified, run);
  }

  private onStage() {
    const { x, y, k } = this.view;
    return { x: x / this.magnified, y: y / this.magnified, k };
  }
}

/** Where everything of a run stands on a stage of this size. */
interface Place {
  readonly run: Run;
  readonly layout: Layout;
  readonly crowd: Crowd;
  readonly fallen: Fallen;
}

function placeOf(run: Run, width: number, height: number): Place {
  const layout = layoutOf(run.trace.nodes, width, height);
  return { run, layout, crowd: new Crowd(flightsOf(run), layout), fallen: new Fallen(run, layout) };
}

function everything({ under, trains, over, notes }: Scene): readonly Shape[] {
  return [...under, ...trains, ...over, ...notes];
}

/** What the eye sees on top: notes, then boxes, then the packets that run under them. */
function hit(scene: Scene, { crowd }: Place, at: Point, reach: number, run: Run): Target | undefined {
  const found = targetAt(scene.notes, at) ?? targetAt(scene.over, at) ?? targetAt(scene.trains, at);
  if (found) return found;
  const near = crowd.nearest(at.x, at.y, reach);
  return near === undefined ? undefined : { kind: 'frame', id: flightsOf(run).frames[near]!.id };
}
