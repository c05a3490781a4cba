/** The run as lines of a ladder: who sent to whom, where the router stood in between, and where a packet ended. @module */
import type { Frame, TraceNode } from '../../world/trace.ts';
import type { Family } from '../design/families.ts';
import { notable, shortNameOf } from '../model/compare.ts';
import { briefOf } from '../model/note.ts';
import { once } from '../model/once.ts';
import { familyOf } from '../model/packet.ts';
import type { Run } from '../model/run.ts';
import { type Leg, type StepView, viewOf } from '../model/step-view.ts';
import { partsOf, type TitleParts } from '../model/title.ts';

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
/** Where one router leaves them the room, two stand so far apart that their whole names fit. */
const APART_IN_PAIRS = 0.17;
const MOST_INSIDE = 0.4;
/** A router's own width, and from the left side of one to the left side of the next. */
const DOORS = 0.14;
const BETWEEN_ROUTERS = 0.26;

/** Routers stand in the middle, or as near to it as those on either side leave room for. */
export function lifelinesOf(nodes: readonly TraceNode[]): readonly Lifeline[] {
  const inside = nodes.filter((node) => node.kind === 'client');
  const routers = nodes.filter((node) => node.kind === 'router');
  const outside = nodes.filter((node) => node.kind === 'server' || node.kind === 'stranger');
  const inPairs = routers.length > 1 ? APART : APART_IN_PAIRS;
  const widthOf = ({ length }: readonly TraceNode[]) => (length === 2 ? inPairs : APART) * Math.max(0, length - 1);
  const insideEnd = EDGE + Math.min(widthOf(inside), MOST_INSIDE);
  const outsideFrom = 1 - EDGE - widthOf(outside);
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
  /** The router's own packet. */
  readonly own: boolean;
}

/** What is written along the arrows of a row: over them what it is, under them its numbers. */
export interface RowWords extends TitleParts {
  /** On the far side: what the router made different. */
  readonly changed: string;
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
  /** The first leads from the sender, the last to the receiver. */
  readonly arrows: readonly Arrow[];
  readonly words: RowWords;
  /** Where a cross stands, 0 … 1. */
  readonly stoppedAt: number | undefined;
  /** Spans over the whole width: phases, symptoms, interventions. */
  readonly note: string | undefined;
}

const NO_WORDS: RowWords = { name: '', numbers: '', changed: '' };

export function ladderRow(run: Run, lifelines: readonly Lifeline[], { position, answer }: LadderLine): LadderRow {
  const step = run.steps[position]!;
  const view = viewOf(run, step);
  const { occurrence } = step;
  if (occurrence.kind === 'received') return plain(atGateway(run, lifelines, occurrence.frame), occurrence.frame);
  if (!view) return { arrows: [], words: NO_WORDS, stoppedAt: undefined, note: briefOf(run, occurrence) };
  const own = view.answers[0];
  if (answer && own) {
    const row = plain(arrow(lifelines, own, true), own.frame);
    return {
      ...row,
      words: {
        ...row.words,
        name: `the router: ${row.words.name.replace('ICMP Destination unreachable', 'ICMP unreachable')}`,
      },
    };
  }
  const line = lifelines.find(({ node }) => node.id === view.routed.node);
  const legs = [view.incoming, ...view.outgoing.slice(0, 1)];
  return {
    arrows: legs.map((leg) => arrow(lifelines, leg, false)),
    words: { ...saidOf(view.incoming.frame), changed: view.outgoing.length > 0 ? changesOf(view) : '' },
    stoppedAt: step.fate === 'stopped' && line ? doorOf(line, view.incoming.on) : undefined,
    note: undefined,
  };
}

/** That an arrow is L2TP's is seen by its hue: there is little room, and its numbers are long. */
function saidOf({ bytes }: Frame): TitleParts {
  const { name, numbers } = partsOf(bytes);
  return { name, numbers: numbers.replace(/^L2TP(v3)? (?=tunnel|session)/, '') };
}

/** One arrow, and the packet's name along it. */
function plain(one: Arrow, frame: Frame): LadderRow {
  return { arrows: [one], words: { ...saidOf(frame), changed: '' }, stoppedAt: undefined, note: undefined };
}

function atGateway(run: Run, lifelines: readonly Lifeline[], frame: Frame): Arrow {
  const inside = [frame.from, frame.to].some((id) => id !== undefined && run.nodes.get(id)?.kind === 'client');
  return arrow(lifelines, { frame, on: inside ? 'lan' : 'wan' }, false);
}

function doorOf(line: Lifeline, on: string): number {
  return on === 'lan' ? line.at : (line.to ?? line.at);
}

function arrow(lifelines: readonly Lifeline[], { frame, on }: Leg, own: boolean): Arrow {
  const end = (id: string | undefined) => {
    const line = lifelines.find(({ node }) => node.id === id);
    if (!line) return on === 'lan' ? 0 : 1;
    return line.node.kind === 'router' ? doorOf(line, on) : line.at;
  };
  return { from: end(frame.from), to: end(frame.to), family: familyOf(frame.bytes), own };
}

/** On the far side only what the router made different is worth saying. */
function changesOf(view: StepView): string {
  return notable(view.layers)
    .filter((row) => row.key !== 'ip.src' && row.key !== 'ip.dst')
    .map((row) => `${shortNameOf(row)} ${row.after?.display ?? ''}`)
    .join(', ');
}
