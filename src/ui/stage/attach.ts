/** Binds the stage to its canvas: size, theme, zoom, clicks, frames. What is seen of it is a `LivePicture`. @module */
import { pointer } from 'd3';
import type { Stagecraft } from '../session/context.ts';
import { choose, nameOfTarget } from './choose.ts';
import { LivePicture } from './live-picture.ts';
import type { Target } from './shapes.ts';
import { attachZoom } from './zoom.ts';

export interface StageControls {
  readonly zoomBy: (factor: number) => void;
  readonly fit: () => void;
  /** Rings what the keyboard is at in the list of the same things. */
  readonly point: (target: Target | undefined) => void;
  readonly detach: () => void;
}

export interface StageOptions {
  /** Pixels of the screen to one of the stage's, before any zoom. */
  readonly magnified: number;
  /** Hears whether the view is other than the whole stage. */
  readonly onZoom: (zoomed: boolean) => void;
}

export function attachStage(
  canvas: HTMLCanvasElement,
  stagecraft: Stagecraft,
  { magnified, onZoom }: StageOptions,
): StageControls {
  const picture = new LivePicture(canvas, stagecraft, magnified);
  const zoomer = attachZoom(canvas, (view) => {
    picture.look(view);
    onZoom(view.k !== 1);
  });
  const resize = () => {
    zoomer.resize(canvas.clientWidth, canvas.clientHeight);
    picture.resize();
  };
  const detaches = [
    zoomer.detach,
    attachPointer(canvas, stagecraft.store, (event) => picture.under(pointer(event, canvas))),
    watchSurroundings(canvas, () => picture.recolour(), resize),
    stagecraft.playhead.onFrame(picture.draw),
  ];
  document.fonts.ready.then(picture.reset, picture.reset);
  return {
    zoomBy: zoomer.by,
    fit: zoomer.fit,
    point: (target) => picture.point(target),
    detach: () => {
      for (const detach of detaches) detach();
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
