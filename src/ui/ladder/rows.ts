/** The run as lines of a ladder: who sent to whom, where the router stood in between, and where a packet ended. @module */
import type { Frame, TraceNode } from '../../world/trace.ts';
import type { Family } from '../design/families.ts';
import { notable } from '../model/compare.ts';
import { noteOf } from '../model/note.ts';
import { once } from '../model/once.ts';
import { familyOf } from '../model/packet.ts';
import type { Run } from '../model/run.ts';
import { type Leg, type StepView, viewOf } from '../model/step-view.ts';
import { titleOf } from '../model/title.ts';

/** Lifelines from left to right; a router has two, its LAN and its WAN side. */
export interface Lifeline {
  readonly node: TraceNode;
  /** 0 … 1 across the ladder. */
  readonly at: number;
  /** Routers: where the WAN side stands. */
  readonly to?: number;
}

/** Of the ladder's width. */
const EDGE = 0.06;
const APART = 0.11;
const MOST_INSIDE = 0.4;
/** A router's own width, and from the left side of one to the left side of the next. */
const DOORS = 0.14;
const BETWEEN_ROUTERS = 0.26;

/** Routers stand in the middle, or as near to it as those on either side leave room for. */
export function lifelinesOf(nodes: readonly TraceNode[]): readonly Lifeline[] {
  const inside = nodes.filter((node) => node.kind === 'client');
  const routers = nodes.filter((node) => node.kind === 'router');
  const outside = nodes.filter((node) => node.kind === 'server' || node.kind === 'stranger');
  const insideEnd = EDGE + Math.min(APART * Math.max(0, inside.length - 1), MOST_INSIDE);
  const outsideFrom = 1 - EDGE - APART * Math.max(0, outside.length - 1);
  const half = (DOORS + BETWEEN_ROUTERS * (routers.length - 1)) / 2;
  const middle = Math.max(0.5, insideEnd + APART / 2 + half);
  return [
    ...spread(inside, EDGE, insideEnd),
    ...routers.map((node, i) => {
      const at = Math.min(middle, outsideFrom - APART / 2 - half) - half + i * BETWEEN_ROUTERS;
      return { node, at, to: at + DOORS };
    }),
    ...spread(outside, outsideFrom, 1 - EDGE),
  ];
}

function spread(nodes: readonly TraceNode[], from: number, to: number): readonly Lifeline[] {
  return nodes.map((node, i) => ({
    node,
    at: nodes.length > 1 ? from + ((to - from) * i) / (nodes.length - 1) : from,
  }));
}

export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly family: Family;
  readonly label: string;
  /** Where the label may stand, 0 … 1: as long as its arrow, or the whole way if nothing else is written there. */
  readonly room: readonly [from: number, to: number];
  /** The router's own packet. */
  readonly own: boolean;
}

/** A line of the ladder: a step's packet, or what the router had to say to it. */
export interface LadderLine {
  /** Position in `run.steps`. */
  readonly position: number;
  readonly answer: boolean;
}

export const linesOf = once((run: Run): readonly LadderLine[] =>
  run.steps.flatMap(({ occurrence }, position) => {
    const answered = occurrence.kind === 'routed' && occurrence.outcome.out.some((emission) => emission.own);
    return [{ position, answer: false }, ...(answered ? [{ position, answer: true }] : [])];
  }),
);

export interface LadderRow {
  readonly arrows: readonly Arrow[];
  /** Where a cross stands, 0 … 1. */
  readonly stoppedAt: number | undefined;
  /** Spans over the whole width: phases, symptoms, interventions. */
  readonly note: string | undefined;
}

export function ladderRow(run: Run, lifelines: readonly Lifeline[], { position, answer }: LadderLine): LadderRow {
  const step = run.steps[position]!;
  const view = viewOf(run, step);
  const { occurrence } = step;
  if (occurrence.kind === 'received')
    return { arrows: [atGateway(run, lifelines, occurrence.frame)], stoppedAt: undefined, note: undefined };
  if (!view) return { arrows: [], stoppedAt: undefined, note: noteOf(run, occurrence) };
  if (answer)
    return {
      arrows: view.answers.slice(0, 1).map((leg) => answered(lifelines, leg)),
      stoppedAt: undefined,
      note: undefined,
    };
  const line = lifelines.find(({ node }) => node.id === view.routed.node);
  const arrows = [
    arrow(lifelines, view.incoming, titleOf(view.incoming.frame.bytes), false),
    ...view.outgoing.slice(0, 1).map((leg) => arrow(lifelines, leg, changesOf(view), false)),
  ];
  const stoppedAt = step.fate === 'stopped' && line ? doorOf(line, view.incoming.on) : undefined;
  return { arrows: arrows[1]?.label ? arrows : arrows.map(roomy), stoppedAt, note: undefined };
}

function atGateway(run: Run, lifelines: readonly Lifeline[], frame: Frame): Arrow {
  const inside = [frame.from, frame.to].some((id) => id !== undefined && run.nodes.get(id)?.kind === 'client');
  return roomy(arrow(lifelines, { frame, on: inside ? 'lan' : 'wan' }, titleOf(frame.bytes), false));
}

function answered(lifelines: readonly Lifeline[], leg: Leg): Arrow {
  const { from, to, ...rest } = arrow(lifelines, leg, `the router: ${titleOf(leg.frame.bytes)}`, true);
  return { ...rest, from, to, room: [0, Math.max(from, to)] };
}

function doorOf(line: Lifeline, on: string): number {
  return on === 'lan' ? line.at : (line.to ?? line.at);
}

function arrow(lifelines: readonly Lifeline[], { frame, on }: Leg, label: string, own: boolean): Arrow {
  const end = (id: string | undefined) => {
    const line = lifelines.find(({ node }) => node.id === id);
    if (!line) return on === 'lan' ? 0 : 1;
    return line.node.kind === 'router' ? doorOf(line, on) : line.at;
  };
  const [from, to] = [end(frame.from), end(frame.to)];
  return { from, to, room: [Math.min(from, to), Math.max(from, to)], family: familyOf(frame.bytes), label, own };
}

/** The only label of its line may run on past its arrow's end. */
function roomy(arrow: Arrow): Arrow {
  return { ...arrow, room: arrow.to > arrow.from ? [arrow.from, 1] : [0, arrow.from] };
}

/** On the far side only what the router made different is worth saying. */
function changesOf(view: StepView): string {
  return notable(view.layers)
    .filter((row) => row.key !== 'ip.src' && row.key !== 'ip.dst')
    .map((row) => `${row.name} ${row.after?.display ?? ''}`)
    .join(', ');
}
