/**
 * The stage at one moment, as plain shapes: pure in (run, cursor, progress, layout, selection). Trains run under the
 * boxes they leave and enter, so a rewritten header is seen to change inside the router.
 * @module
 */
import { easeCubicInOut, linkHorizontal, linkVertical } from 'd3';
import { notable } from '../model/compare.ts';
import { type Segment, segmentsOf } from '../model/packet.ts';
import { type Run, stepAt } from '../model/run.ts';
import { statusesAt } from '../model/status.ts';
import { type Leg, type StepView, viewOf } from '../model/step-view.ts';
import { rowsAt } from '../model/table.ts';
import type { Selection } from '../session/session.ts';
import { host } from './hosts.ts';
import { along, type Cable, cableKey, type Layout, port } from './layout.ts';
import { routerCard } from './router-card.ts';
import { cross, type Point, type Shape } from './shapes.ts';
import { CAPTION_LINE, captions, markedSegments, shortened, TRAIN_HEIGHT, train, trainWidth } from './train.ts';

export interface SceneState {
  readonly run: Run;
  readonly cursor: number;
  /** 0 … 1, of the present step. */
  readonly progress: number;
  readonly layout: Layout;
  readonly selection: Selection | undefined;
}

/** When the packet is at the router's door, and when what became of it leaves. */
const ARRIVES = 0.36;
const LEAVES = 0.64;
/** Where a packet rests on its cable, measured from the node. */
const REST = 0.5;

export function scene(state: SceneState): readonly Shape[] {
  const { run, cursor, layout } = state;
  const step = run.steps[stepAt(run, cursor)];
  const view = viewOf(run, step);
  return [
    ...zones(layout),
    ...cables(layout, view),
    ...(view ? traffic(state, view) : []),
    ...hosts(state),
    ...routers(state, view),
    ...(view ? sideCaptions(state, view) : []),
    ...(view && step?.fate === 'stopped' ? stopMark(state, view) : []),
  ];
}

function zones({ home, across, width }: Layout): readonly Shape[] {
  const label = { kind: 'text', size: 11, ink: 'soft' } as const;
  return [
    { kind: 'box', ...home, round: 14, fill: 'well', stroke: 'line' },
    across
      ? { ...label, x: home.x + 14, y: home.y + 16, text: 'Home' }
      : { ...label, x: home.x + 14, y: home.y + home.height - 14, text: 'Home' },
    { ...label, x: width - 18, y: across ? home.y + 16 : home.y - 12, text: 'Internet', align: 'right' },
  ];
}

const lying = linkHorizontal<Cable, Point>()
  .source((cable) => cable.from)
  .target((cable) => cable.to)
  .x((point) => point.x)
  .y((point) => point.y);
const standing = linkVertical<Cable, Point>()
  .source((cable) => cable.from)
  .target((cable) => cable.to)
  .x((point) => point.x)
  .y((point) => point.y);

function cables(layout: Layout, view: StepView | undefined): readonly Shape[] {
  const inUse = new Set(view ? legsOf(view).map(({ frame }) => cableKey(frame.from, frame.to ?? '')) : []);
  return [...layout.cables].map(([key, cable]) => ({
    kind: 'path',
    d: (layout.across ? lying : standing)(cable) ?? '',
    stroke: inUse.has(key) ? 'soft' : 'line',
    strokeWidth: inUse.has(key) ? 2 : 1.5,
  }));
}

function legsOf(view: StepView): readonly Leg[] {
  return [view.incoming, ...view.outgoing, ...view.answers];
}

/** How far within a span of the way, eased. */
function part(progress: number, from: number, to: number): number {
  return easeCubicInOut(Math.max(0, Math.min(1, (progress - from) / (to - from))));
}

function traffic(state: SceneState, view: StepView): readonly Shape[] {
  const { progress } = state;
  const stays = view.outgoing.length === 0;
  const shapes: Shape[] = [];
  const arriving = part(progress, 0, ARRIVES);
  if (progress < ARRIVES || stays) shapes.push(...incoming(state, view, stays ? arriving * REST : arriving, 1));
  // What came in stays visible, faintly, beside what went out: the two sides in one picture.
  const settled = part(progress, ARRIVES, LEAVES);
  if (!stays && settled > 0) shapes.push(...incoming(state, view, REST, settled * 0.6));
  const leaving = part(progress, LEAVES, 1);
  if (progress >= LEAVES) {
    for (const [i, leg] of view.outgoing.slice(0, 3).entries()) shapes.push(...outgoing(state, view, leg, leaving, i));
    for (const leg of view.answers.slice(0, 1)) shapes.push(...answer(state, leg, leaving));
  }
  return shapes;
}

function incoming(state: SceneState, view: StepView, t: number, alpha: number): readonly Shape[] {
  const at = place(state.layout, view.incoming, t, 'in');
  const segments = trainOf(state.layout, view.incoming);
  const stopped = view.outgoing.length === 0 && view.routed.outcome.verdict !== 'held';
  const centre = stopped ? atTheDoor(state.layout, view, at, trainWidth(segments)) : at;
  return train(segments, centre, { alpha, stopped: stopped && state.progress >= ARRIVES });
}

/** A stopped packet leaves room for the cross in the router's door. */
function atTheDoor(layout: Layout, view: StepView, at: Point, width: number): Point {
  const router = layout.nodes.get(view.routed.node);
  if (!router || !layout.across) return at;
  const away = width / 2 + 19;
  return view.incoming.on === 'lan'
    ? { x: Math.min(at.x, router.x - away), y: at.y }
    : { x: Math.max(at.x, router.x + router.width + away), y: at.y };
}

function outgoing(state: SceneState, view: StepView, leg: Leg, leaving: number, i: number): readonly Shape[] {
  const at = place(state.layout, leg, 1 - leaving * (1 - REST), 'out');
  const centre = { x: at.x, y: at.y + i * (TRAIN_HEIGHT + 10) };
  return train(trainOf(state.layout, leg), centre, { marked: markedSegments(view.layers) });
}

/** Under each side, once the packet is at rest there: what that side says where the two differ. */
function sideCaptions({ progress, layout }: SceneState, view: StepView): readonly Shape[] {
  const [out, ...more] = view.outgoing;
  if (!out || more.length > 0) return [];
  const spot = (leg: Leg, way: 'in' | 'out') =>
    captionSpot(layout, place(layout, leg, REST, way), trainOf(layout, leg), notable(view.layers).length);
  return [
    ...captions(view.layers, 'before', spot(view.incoming, 'in'), part(progress, ARRIVES, LEAVES)),
    ...captions(view.layers, 'after', spot(out, 'out'), part(progress, (1 + LEAVES) / 2, 1)),
  ];
}

/** The router's own word goes back below the packet it is about. */
function answer(state: SceneState, leg: Leg, leaving: number): readonly Shape[] {
  const at = place(state.layout, leg, 1 - leaving * (1 - REST), 'out');
  const centre = state.layout.across
    ? { x: at.x, y: at.y + TRAIN_HEIGHT + 22 }
    : { x: Math.min(at.x + 116, state.layout.width - 52), y: at.y };
  return [
    ...train(trainOf(state.layout, leg), centre),
    {
      kind: 'text',
      x: centre.x,
      y: centre.y + TRAIN_HEIGHT,
      text: "the router's answer",
      size: 11,
      ink: 'soft',
      align: 'center',
      alpha: leaving,
    },
  ];
}

/** As many of its headers as the cable it travels on has room for. */
function trainOf({ across, width, cables }: Layout, { frame }: Leg): readonly Segment[] {
  const cable = cables.get(cableKey(frame.from, frame.to ?? ''));
  const room = !across ? width * 0.44 : cable ? Math.abs(cable.to.x - cable.from.x) + 4 : 150;
  return shortened(segmentsOf(frame.bytes), room);
}

/** Under the packet; on the upright stage, where there is no room below, beside it. */
function captionSpot({ across, width }: Layout, at: Point, segments: readonly Segment[], lines: number): Point {
  if (across) return { x: at.x, y: at.y + TRAIN_HEIGHT / 2 + 18 };
  const away = trainWidth(segments) / 2 + 66;
  return { x: at.x + (at.x > width * 0.6 ? -away : away), y: at.y - ((Math.min(lines, 3) - 1) * CAPTION_LINE) / 2 };
}

/** Where on its cable a packet is: `t` is 0 at the node and 1 at the router. Nobody there: a short way out of the port. */
function place(layout: Layout, leg: Leg, t: number, way: 'in' | 'out'): Point {
  const { from, to } = leg.frame;
  const cable = layout.cables.get(cableKey(from, to ?? ''));
  if (cable) return along(cable, layout.across, t);
  const router = layout.nodes.get(way === 'in' ? (to ?? '') : from);
  const door = router
    ? port(router, layout.across, leg.on === 'lan' ? 'in' : 'out')
    : { x: layout.width / 2, y: layout.height / 2 };
  const away = (1 - t) * 150 * (leg.on === 'lan' ? -1 : 1);
  return layout.across ? { x: door.x + away, y: door.y } : { x: door.x, y: door.y - away };
}

function hosts({ run, cursor, layout, selection }: SceneState): readonly Shape[] {
  const statuses = statusesAt(run.trace, cursor);
  return run.trace.nodes.flatMap((node) => {
    const rect = layout.nodes.get(node.id);
    if (!rect || node.kind === 'router') return [];
    return host(node, rect, statuses.get(node.id), selection?.kind === 'node' && selection.id === node.id);
  });
}

function routers(state: SceneState, view: StepView | undefined): readonly Shape[] {
  const { run, cursor, progress, layout, selection } = state;
  return run.trace.nodes.flatMap((node) => {
    const rect = layout.nodes.get(node.id);
    if (!rect || node.kind !== 'router') return [];
    const mine = view?.routed.node === node.id;
    const arrived = !mine || progress >= (ARRIVES + LEAVES) / 2;
    return routerCard({
      node,
      rect,
      view: mine ? view : undefined,
      within: Math.max(0, Math.min(1, (progress - ARRIVES) / (LEAVES - ARRIVES))),
      rows: rowsAt(run.trace)(node.id, arrived ? cursor : cursor - 1),
      selectedEntry: selection?.kind === 'entry' ? selection.id : undefined,
    });
  });
}

/** The unmistakable part: a cross in the router's door and two words over the packet. */
function stopMark(state: SceneState, view: StepView): readonly Shape[] {
  const { layout, progress } = state;
  const alpha = part(progress, ARRIVES, LEAVES);
  const router = layout.nodes.get(view.routed.node);
  if (alpha === 0 || !router) return [];
  const at = port(router, layout.across, view.incoming.on === 'lan' ? 'in' : 'out');
  const width = trainWidth(trainOf(layout, view.incoming));
  const packet = atTheDoor(layout, view, place(layout, view.incoming, REST, 'in'), width);
  const text = `Stopped: ${view.reasons[0]?.words.short ?? ''}`;
  const wide = text.length * 6.1;
  // Above the packet; on the upright stage a packet from home has the router there, so beside it.
  const beside = !layout.across && view.incoming.on === 'lan';
  const away = beside ? (width + wide) / 2 + 8 : 0;
  const x = packet.x + (packet.x > layout.width / 2 ? -away : away);
  const y = beside ? packet.y : packet.y - TRAIN_HEIGHT / 2 - 15;
  return [
    { kind: 'box', x: at.x - 13, y: at.y - 13, width: 26, height: 26, round: 13, fill: 'drop', alpha },
    { kind: 'path', d: cross(at, 5.5), stroke: 'on-drop', strokeWidth: 2.6, alpha },
    plate(x, y, wide, alpha),
    { kind: 'text', x, y, text, size: 12.5, ink: 'drop', strong: true, align: 'center', alpha },
  ];
}

/** Keeps cables from running through words. */
function plate(x: number, y: number, width: number, alpha: number): Shape {
  return { kind: 'box', x: x - width / 2, y: y - 9, width, height: 18, round: 5, fill: 'paper', alpha };
}
