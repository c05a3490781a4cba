/**
 * Zooming and panning: wheel, pinch, drag, double click and keys. The stage never goes out of sight, and on a page that
 * scrolls, as on a telephone, one finger and the plain wheel go on scrolling it.
 * @module
 */
import { select, type ZoomTransform, zoom, zoomIdentity } from 'd3';

export interface Zoomer {
  /** By a factor, around the middle. */
  readonly by: (factor: number) => void;
  /** The whole stage. */
  readonly fit: () => void;
  readonly resize: (width: number, height: number) => void;
  readonly detach: () => void;
}

const MOST = 6;
const STEP = 1.5;
/** Of the stage's own coordinates, for one press of a key. */
const PAN = 60;

export function attachZoom(canvas: HTMLCanvasElement, onView: (view: ZoomTransform) => void): Zoomer {
  const behaviour = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([1, MOST])
    .filter(isOurs)
    .on('zoom', ({ transform }: { readonly transform: ZoomTransform }) => onView(transform));
  const surface = select(canvas).call(behaviour);
  // Keys count wherever on the stage the focus is, its buttons and its list included.
  const stage = canvas.parentElement!;
  // Its own double click would glide, which not everybody wants.
  surface.on('dblclick.zoom', null);
  const twice = (event: MouseEvent) => {
    event.preventDefault();
    const { left, top } = canvas.getBoundingClientRect();
    behaviour.scaleBy(surface, event.shiftKey ? 1 / 2 : 2, [event.clientX - left, event.clientY - top]);
  };
  const zoomer: Zoomer = {
    by: (factor) => behaviour.scaleBy(surface, factor),
    fit: () => behaviour.transform(surface, zoomIdentity),
    resize: (width, height) => {
      const whole: [[number, number], [number, number]] = [
        [0, 0],
        [width, height],
      ];
      behaviour.extent(whole).translateExtent(whole);
      // Brings the view back inside.
      behaviour.translateBy(surface, 0, 0);
    },
    detach: () => {
      surface.on('.zoom', null);
      canvas.removeEventListener('dblclick', twice);
      stage.removeEventListener('keydown', press);
    },
  };
  const pan = (x: number, y: number) => behaviour.translateBy(surface, x * PAN, y * PAN);
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = event.shiftKey ? withShift(zoomer, pan)[event.key] : plain(zoomer)[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
  canvas.addEventListener('dblclick', twice);
  stage.addEventListener('keydown', press);
  return zoomer;
}

type Keys = Readonly<Record<string, () => void>>;

const plain = ({ by, fit }: Zoomer): Keys => ({
  '+': () => by(STEP),
  '=': () => by(STEP),
  '-': () => by(1 / STEP),
  '0': fit,
});

/** Bare arrows step through the run, here as everywhere. On many keyboards "+" takes the shift key. */
const withShift = (zoomer: Zoomer, pan: (x: number, y: number) => void): Keys => ({
  ...plain(zoomer),
  _: () => zoomer.by(1 / STEP),
  ArrowLeft: () => pan(1, 0),
  ArrowRight: () => pan(-1, 0),
  ArrowUp: () => pan(0, 1),
  ArrowDown: () => pan(0, -1),
});

function isOurs(event: WheelEvent & TouchEvent & MouseEvent): boolean {
  if (event.type === 'wheel') return event.ctrlKey || event.metaKey || !pageScrolls();
  if (event.type === 'touchstart') return event.touches.length > 1;
  return event.button === 0 && !event.ctrlKey;
}

function pageScrolls(): boolean {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight + 1;
}
