/** Binds the stage to its canvas: size, theme, zoom, clicks, frames. Everything drawn comes from `layersOf`. @module */
import { pointer, type ZoomTransform, zoomIdentity } from 'd3';
import { flightsOf } from '../model/flights.ts';
import type { Run } from '../model/run.ts';
import type { Stagecraft } from '../session/context.ts';
import { choose, nameOfTarget } from './choose.ts';
import { Crowd } from './crowd.ts';
import { boxOf, targetAt } from './hit-test.ts';
import { type Layout, layoutOf } from './layout.ts';
import { forgetMeasures } from './paint.ts';
import { Painter } from './painter.ts';
import { readPalette } from './palette.ts';
import { layersOf, type Scene } from './scene.ts';
import type { Point, Shape, Target } from './shapes.ts';
import { attachZoom } from './zoom.ts';

export interface StageControls {
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
  /** Rings what the keyboard is at in the list of the same things. */
  readonly point: (target: Target | undefined) => void;
  readonly detach: () => void;
}

/** How near a packet must be to be meant, in pixels of the screen. */
const REACH = 9;

export interface StageOptions {
  /** Pixels of the screen to one of the stage's, before any zoom. */
  readonly magnified: number;
  /** Hears whether the view is other than the whole stage. */
  readonly onZoom: (zoomed: boolean) => void;
}

export function attachStage(
  canvas: HTMLCanvasElement,
  { store, playhead }: Stagecraft,
  { magnified, onZoom }: StageOptions,
): StageControls {
  const painter = new Painter(canvas.getContext('2d')!);
  let palette = readPalette(canvas.parentElement!);
  let view: ZoomTransform = zoomIdentity;
  let size = { width: 0, height: 0 };
  let place: Place | undefined;
  let shown: Scene | undefined;
  let pointed: Target | undefined;

  const draw = () => {
    const { run, cursor, selection } = store.getState();
    const { width, height } = size;
    if (!run || width === 0 || height === 0) return;
    if (place?.run !== run || place.layout.width !== width || place.layout.height !== height)
      place = placeOf(run, width, height);
    const { flowing } = playhead;
    const progress = flowing ? 1 : playhead.progress;
    shown = layersOf({ run, cursor, progress, layout: place.layout, selection });
    // Where packets flow too fast to be looked at one by one, all are drawn alike.
    if (flowing) shown = { ...shown, trains: [], notes: [] };
    place.crowd.moveTo(playhead.clock);
    const ring = pointed && boxOf(everything(shown), pointed);
    painter.draw({ palette, scene: shown, crowd: place.crowd, flights: flightsOf(run), ring });
  };

  const onStage = ({ x, y, k }: ZoomTransform) => ({ x: x / magnified, y: y / magnified, k });
  const zoomer = attachZoom(canvas, (next) => {
    view = next;
    onZoom(next.k !== 1);
    painter.look(onStage(next));
    playhead.refresh();
  });

  const under = (event: MouseEvent): Target | undefined => {
    const [x, y] = view.invert(pointer(event, canvas));
    const at = { x: x / magnified, y: y / magnified };
    return shown && place && hit(shown, place, at, REACH / view.k / magnified, store.getState().run!);
  };
  const unpoint = attachPointer(canvas, store, under);

  const recolour = () => {
    palette = readPalette(canvas.parentElement!);
    playhead.refresh();
  };
  const unwatch = watchSurroundings(canvas, recolour, () => {
    const { clientWidth, clientHeight } = canvas;
    size = { width: clientWidth / magnified, height: clientHeight / magnified };
    zoomer.resize(clientWidth, clientHeight);
    painter.resize(canvas, magnified, onStage(view));
    draw();
  });
  const offFrame = playhead.onFrame(draw);
  const redraw = () => {
    forgetMeasures();
    painter.forget();
    draw();
  };
  document.fonts.ready.then(redraw, redraw);

  return {
    zoomBy: zoomer.by,
    fit: zoomer.fit,
    point: (target) => {
      pointed = target;
      playhead.refresh();
    },
    detach: () => {
      zoomer.detach();
      unpoint();
      unwatch();
      offFrame();
    },
  };
}

/** A click chooses what is under it, and the pointer names it. Answers how to stop. */
function attachPointer(
  canvas: HTMLCanvasElement,
  store: Stagecraft['store'],
  under: (event: MouseEvent) => Target | undefined,
): () => void {
  const click = (event: MouseEvent) => choose(store, under(event));
  const hover = (event: MouseEvent) => {
    const target = event.buttons === 0 ? under(event) : undefined;
    const { run, cursor } = store.getState();
    canvas.title = target && run ? nameOfTarget(run, cursor, target) : '';
    canvas.toggleAttribute('data-over', target !== undefined);
  };
  canvas.addEventListener('click', click);
  canvas.addEventListener('pointermove', hover);
  return () => {
    canvas.removeEventListener('click', click);
    canvas.removeEventListener('pointermove', hover);
  };
}

/** Where everything of a run stands on a stage of this size. */
interface Place {
  readonly run: Run;
  readonly layout: Layout;
  readonly crowd: Crowd;
}

function placeOf(run: Run, width: number, height: number): Place {
  const layout = layoutOf(run.trace.nodes, width, height);
  return { run, layout, crowd: new Crowd(flightsOf(run), layout) };
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

/** Colours, the size of the canvas and the fineness of the screen may change under us. Answers how to stop watching. */
function watchSurroundings(canvas: HTMLCanvasElement, recolour: () => void, resize: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', recolour);
  const theme = new MutationObserver(recolour);
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const resized = new ResizeObserver(resize);
  resized.observe(canvas);
  let finer = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
  const refine = () => {
    finer = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    finer.addEventListener('change', refine, { once: true });
    resize();
  };
  finer.addEventListener('change', refine, { once: true });
  return () => {
    dark.removeEventListener('change', recolour);
    theme.disconnect();
    resized.disconnect();
    finer.removeEventListener('change', refine);
  };
}
