/** Binds the stage to its canvas: size, theme, zoom, clicks, frames. Everything drawn comes from `scene`. @module */
import { pointer, select as selectNode, type ZoomTransform, zoom, zoomIdentity } from 'd3';
import type { Stagecraft } from '../session/context.ts';
import { select } from '../session/session.ts';
import { targetAt } from './hit-test.ts';
import { type Layout, layoutOf } from './layout.ts';
import { paint } from './paint.ts';
import { readPalette } from './palette.ts';
import { scene } from './scene.ts';
import type { Shape } from './shapes.ts';

export interface StageControls {
  readonly resetZoom: () => void;
  readonly detach: () => void;
}

/** `onZoom` hears whether the view is other than the whole stage. */
export function attachStage(
  canvas: HTMLCanvasElement,
  { store, playhead }: Stagecraft,
  onZoom: (zoomed: boolean) => void,
): StageControls {
  const context = canvas.getContext('2d')!;
  let palette = readPalette(canvas.parentElement!);
  let view: ZoomTransform = zoomIdentity;
  let layout: Layout | undefined;
  let shapes: readonly Shape[] = [];
  let size = { width: 0, height: 0, ratio: 1 };

  const draw = () => {
    const { run, cursor, selection } = store.getState();
    if (!run || size.width === 0) return;
    layout ??= layoutOf(run.trace.nodes, size.width, size.height);
    shapes = scene({ run, cursor, progress: playhead.progress, layout, selection });
    paint(context, size, view, palette, shapes);
  };

  const measure = () => {
    const ratio = devicePixelRatio;
    size = { width: canvas.clientWidth, height: canvas.clientHeight, ratio };
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    layout = undefined;
    draw();
  };

  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, 4])
    .translateExtent([
      [0, 0],
      [4000, 4000],
    ])
    // A plain wheel scrolls the page; zooming takes a key, a pinch or a drag.
    .filter((event: WheelEvent & TouchEvent) =>
      event.type === 'wheel' ? event.ctrlKey || event.metaKey : event.type !== 'touchstart' || event.touches.length > 1,
    )
    .on('zoom', ({ transform }: { readonly transform: ZoomTransform }) => {
      view = transform;
      onZoom(transform.k !== 1);
      draw();
    });

  const surface = selectNode(canvas).call(behaviour);
  surface.on('dblclick.zoom', null).on('click', (event: MouseEvent) => {
    const [x, y] = view.invert(pointer(event, canvas));
    select(store, targetAt(shapes, { x, y }));
  });

  const recolour = () => {
    palette = readPalette(canvas.parentElement!);
    draw();
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  dark.addEventListener('change', recolour);
  const theme = new MutationObserver(recolour);
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const resized = new ResizeObserver(() => {
    behaviour.translateExtent([
      [0, 0],
      [canvas.clientWidth, canvas.clientHeight],
    ]);
    measure();
  });
  resized.observe(canvas);
  const unsubscribe = store.subscribe((now, before) => {
    if (now.run !== before.run) layout = undefined;
    draw();
  });
  const offFrame = playhead.onFrame(draw);
  document.fonts.ready.then(draw, draw);

  return {
    resetZoom: () => behaviour.transform(surface, zoomIdentity),
    detach: () => {
      surface.on('.zoom', null).on('click', null);
      dark.removeEventListener('change', recolour);
      theme.disconnect();
      resized.disconnect();
      unsubscribe();
      offFrame();
    },
  };
}
