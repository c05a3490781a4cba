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
import { beyondName } from './ways.ts';

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
  const why = occurrence.kind === 'lost' ? occurrence.why : undefined;
  const lost = why !== undefined;
  const { point, room, span } = courseOf(layout, frame);
  const middle = point(part(progress, 0, lost ? 0.5 : 1) * HALFWAY);
  const wagons = trainWithin(frame.bytes, lost && layout.across ? room - CROSS : room);
  // Across, the packet keeps the middle of its way together with its cross.
  const crossed = crossedSide(layout, middle);
  const at = lost && layout.across ? { x: middle.x - (crossed * CROSS) / 2, y: middle.y } : middle;
  const target = { kind: 'frame', id: frame.id } as const;
  const selected = selection?.kind === 'frame' && selection.id === frame.id;
  const trains = train(wagons, at, { stopped: lost && progress >= 0.5, target, selected });
  const alpha = lost ? part(progress, 0.5, 0.8) : 0;
  if (!why || alpha === 0) return { trains, notes: [] };
  const half = trainWidth(wagons) / 2;
  const mark = crossAt({ x: at.x + crossed * (half + 18), y: at.y }, alpha);
  if (layout.across) {
    const above = { x: middle.x, y: at.y - TRAIN_HEIGHT / 2 - 15 };
    return { trains, notes: [...mark, ...stopWords(LOST[why], above, span, alpha)] };
  }
  const near = { x: at.x - crossed * (half + 6), y: at.y };
  const beyond = beyondName(layout, at.y > layout.height / 2 ? 'lan' : 'wan');
  const beside = crossed < 0 ? ([near.x, layout.width - 8] as const) : ([beyond, near.x] as const);
  return { trains, notes: [...mark, ...stopWords(LOST[why], near, beside, alpha, 'both')] };
}

/** Across, the cross stands where there is the router, or the room; upright at the side that leaves more for the reason. */
function crossedSide({ across, width }: Layout, { x }: Point): 1 | -1 {
  return x > width / 2 === across ? -1 : 1;
}

/** What the cross takes beside a packet. */
const CROSS = 31;

interface Course {
  /** 0 at the sender, 1 at the receiver. */
  readonly point: (t: number) => Point;
  /** The longest train that has room, and from where to where words have it. */
  readonly room: number;
  readonly span: readonly [left: number, right: number];
}

function courseOf(layout: Layout, frame: Frame): Course {
  const whole = [4, layout.width - 4] as const;
  const cable = cableOf(layout, frame);
  if (cable) {
    const [left, right] = [Math.min(cable.from.x, cable.to.x), Math.max(cable.from.x, cable.to.x)];
    const point = (t: number) => along(cable, layout.across, cable.node === frame.from ? t : 1 - t);
    return layout.across
      ? { point, room: right - left - 8, span: [left, right] }
      : { point, room: layout.width * 0.5, span: whole };
  }
  const { x, y, width, height } = layout.nodes.get(frame.from) ?? { x: 0, y: 0, width: 0, height: 0 };
  const centre = { x: x + width / 2, y: y + height / 2 };
  const outward = centre.x < layout.width * 0.7 ? 1 : -1;
  const reach = layout.across ? width / 2 + 150 : 0;
  return {
    point: (t) => ({ x: centre.x + outward * reach * t, y: centre.y + (layout.across ? 0 : (height / 2 + 60) * t) }),
    room: 130,
    span: whole,
  };
}
