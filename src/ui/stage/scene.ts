/**
 * The stage at one moment, as plain shapes: pure in (run, cursor, progress, layout, selection). Trains run under the
 * boxes they leave and enter, so a rewritten header is seen to change inside the router. Most of the picture stands
 * still while a packet moves: `under` and `over` are the same arrays from frame to frame, so that a painter can keep
 * them as pictures.
 * @module
 */
import { deedOf, gatewaysOf } from '../model/gateway.ts';
import { last } from '../model/once.ts';
import { pulledAt } from '../model/pulled.ts';
import { type Run, stepAt } from '../model/run.ts';
import { statusesAt, tellersOf } from '../model/status.ts';
import { viewOf } from '../model/step-view.ts';
import { rowsAt } from '../model/table.ts';
import { ARRIVES } from '../session/playhead.ts';
import type { Selection } from '../session/session.ts';
import { backdrop } from './backdrop.ts';
import { callout } from './callout.ts';
import { host } from './hosts.ts';
import type { Layout } from './layout.ts';
import { passing } from './passing.ts';
import { routerCard } from './router-card.ts';
import type { Shape } from './shapes.ts';
import { chipsOf } from './stage-chips.ts';
import { LEAVES, notes, speakingIn, type Traffic, trains, waiting } from './traffic.ts';

export interface SceneState {
  readonly run: Run;
  readonly cursor: number;
  /** 0 … 1, of the present step. */
  readonly progress: number;
  readonly layout: Layout;
  readonly selection: Selection | undefined;
}

/** From the back to the front. */
export interface Scene {
  readonly under: readonly Shape[];
  readonly trains: readonly Shape[];
  readonly over: readonly Shape[];
  readonly notes: readonly Shape[];
}

const NOTHING: readonly Shape[] = [];

/** Every shape of the stage, the last on top. */
export function scene(state: SceneState): readonly Shape[] {
  const { under, trains: moving, over, notes: said } = layersOf(state);
  return [...under, ...moving, ...over, ...said];
}

export function layersOf(state: SceneState): Scene {
  const { run, cursor, progress, layout, selection } = state;
  const step = run.steps[stepAt(run, cursor)];
  const view = viewOf(run, step);
  const within = Math.max(0, Math.min(1, (progress - ARRIVES) / (LEAVES - ARRIVES)));
  const reached = view ? Math.floor(within * chipsOf(view).length + 0.5) : 0;
  const under = underlay(run, layout, cursor);
  const over = overlay(run, layout, cursor, selection, reached, !view || within >= 0.5);
  if (view) {
    const traffic: Traffic = { layout, view, progress, selection, stopped: step?.fate === 'stopped' };
    return { under, trains: trains(traffic), over, notes: notes(traffic) };
  }
  if (!step) return { under, trains: waiting(run, layout), over, notes: NOTHING };
  const { occurrence } = step;
  if (occurrence.kind === 'lost' || occurrence.kind === 'received')
    return { under, over, ...passing({ layout, occurrence, progress, selection }) };
  return { under, trains: NOTHING, over, notes: callout(run, layout, occurrence) };
}

const underlay = last((run: Run, layout: Layout, cursor: number): readonly Shape[] => {
  const step = run.steps[stepAt(run, cursor)];
  const tunnels = tunnelEnds(run, cursor, step !== undefined);
  return backdrop(layout, framesOf(run, cursor), tunnels, pulledAt(run.trace, cursor));
});

/** The packets that the present step is about. */
function framesOf(run: Run, cursor: number) {
  const step = run.steps[stepAt(run, cursor)];
  const view = viewOf(run, step);
  if (view) return [view.incoming, ...view.outgoing, ...view.answers].map(({ frame }) => frame);
  return step && 'frame' in step.occurrence ? [step.occurrence.frame] : [];
}

/** Routers that are VPN gateways, where their tunnel is up. */
function tunnelEnds(run: Run, cursor: number, begun: boolean): ReadonlySet<string> {
  const ends = new Set<string>();
  if (!begun) return ends;
  const statuses = statusesAt(run.trace, cursor);
  for (const { id, kind } of run.trace.nodes) if (kind === 'router' && statuses.get(id) === 'up') ends.add(id);
  return ends;
}

const overlay = last(
  (
    run: Run,
    layout: Layout,
    cursor: number,
    selection: Selection | undefined,
    reached: number,
    lookedUp: boolean,
  ): readonly Shape[] => {
    const step = run.steps[stepAt(run, cursor)];
    const view = viewOf(run, step);
    const statuses = statusesAt(run.trace, cursor);
    const speaking = speakingIn(run, view);
    return run.trace.nodes.flatMap((node) => {
      const rect = layout.nodes.get(node.id);
      if (!rect) return [];
      const status = statuses.get(node.id);
      if (node.kind !== 'router') {
        const size = node.kind === 'client' ? layout.hosts.inside : layout.hosts.outside;
        const selected = selection?.kind === 'node' && selection.id === node.id;
        return host({ node, rect, size, status: status ?? startOf(run, node.id), selected, speaking });
      }
      const mine = view?.routed.node === node.id;
      return routerCard({
        node,
        rect,
        strip: layout.strips.get(node.id),
        view: mine ? view : undefined,
        reached,
        lookedUp: !mine || lookedUp,
        rows: rowsAt(run.trace)(node.id, !mine || lookedUp ? cursor : cursor - 1),
        status,
        gateway: gatewaysOf(run.trace).has(node.id) ? { doing: deedOf(run, step, node.id) } : undefined,
        selection,
      });
    });
  },
);

/** A node that will have something to tell of itself has not begun; in a recording nobody ever tells. */
function startOf(run: Run, node: string): 'idle' | undefined {
  return tellersOf(run.trace).has(node) ? 'idle' : undefined;
}
