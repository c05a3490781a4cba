/** A packet that no router translates: between a VPN gateway and its peer, or lost on the wire. @module */
import type { Frame, Occurrence } from '../../world/trace.ts';
import type { Selection } from '../session/session.ts';
import { along, cableOf } from './cables.ts';
import type { Layout } from './layout.ts';
import type { Scene } from './scene.ts';
import type { Point } from './shapes.ts';
import { crossAt, stopWords } from './stop-words.ts';
import { part } from './traffic.ts';
import { TRAIN_HEIGHT, train, trainWidth, trainWithin } from './train.ts';

interface Passing {
  readonly layout: Layout;
  readonly occurrence: Extract<Occurrence, { kind: 'lost' | 'received' }>;
  readonly progress: number;
  readonly selection: Selection | undefined;
}

const LOST = {
  loss: 'Lost on the link',
  cable: 'Lost: no cable, or nobody awake',
  'nobody-there': 'Lost: nobody has this address',
};
/** Where a packet that is lost, or looked at, stays on its cable. */
const HALFWAY = 0.5;

export function passing({ layout, occurrence, progress, selection }: Passing): Pick<Scene, 'trains' | 'notes'> {
  const { frame } = occurrence;
  const lost = occurrence.kind === 'lost';
  const { point, room } = courseOf(layout, frame);
  const at = point(part(progress, 0, lost ? 0.5 : 1) * HALFWAY);
  const segments = trainWithin(frame.bytes, room);
  const target = { kind: 'frame', id: frame.id } as const;
  const selected = selection?.kind === 'frame' && selection.id === frame.id;
  const trains = train(segments, at, { stopped: lost && progress >= 0.5, target, selected });
  if (!lost) return { trains, notes: [] };
  const alpha = part(progress, 0.5, 0.8);
  if (alpha === 0) return { trains, notes: [] };
  const away = trainWidth(segments) / 2 + 18;
  const door = layout.across
    ? { x: at.x + (at.x > layout.width / 2 ? -away : away), y: at.y }
    : { x: at.x - away, y: at.y };
  const above = { x: at.x, y: at.y - TRAIN_HEIGHT / 2 - 15 };
  return {
    trains,
    notes: [...crossAt(door, alpha), ...stopWords(LOST[occurrence.why], above, [4, layout.width - 4], alpha)],
  };
}

/** 0 at the sender, 1 at the receiver. */
function courseOf(layout: Layout, frame: Frame): { readonly point: (t: number) => Point; readonly room: number } {
  const cable = cableOf(layout, frame);
  if (cable) {
    const room = layout.across ? Math.abs(cable.to.x - cable.from.x) - 8 : layout.width * 0.5;
    return { point: (t) => along(cable, layout.across, cable.node === frame.from ? t : 1 - t), room };
  }
  const { x, y, width, height } = layout.nodes.get(frame.from) ?? { x: 0, y: 0, width: 0, height: 0 };
  const centre = { x: x + width / 2, y: y + height / 2 };
  const outward = centre.x < layout.width * 0.7 ? 1 : -1;
  const reach = layout.across ? width / 2 + 150 : 0;
  return {
    point: (t) => ({ x: centre.x + outward * reach * t, y: centre.y + (layout.across ? 0 : (height / 2 + 60) * t) }),
    room: 130,
  };
}
