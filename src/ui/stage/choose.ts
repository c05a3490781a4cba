/** What choosing something on the stage does, by pointer or by keyboard, and what it is called. @module */
import { entryText } from '../model/entry.ts';
import { stepOfFrame } from '../model/flights.ts';
import { type Run, stepAt } from '../model/run.ts';
import { STAGE_LABELS } from '../model/stage-labels.ts';
import { viewOf } from '../model/step-view.ts';
import { tableAt } from '../model/table.ts';
import { titleOf } from '../model/title.ts';
import { goToStep, type SessionStore, sameSelection, select } from '../session/session.ts';
import type { Target } from './shapes.ts';

/** Selects it everywhere; a packet brings its step along. What is selected already is let go. */
export function choose(store: SessionStore, target: Target | undefined): void {
  const { run, selection } = store.getState();
  if (!run || target === undefined || sameSelection(selection, target)) {
    select(store, undefined);
    return;
  }
  if (target.kind === 'frame') {
    const position = stepOfFrame(run).get(target.id);
    if (position !== undefined && !shows(run, store.getState().cursor, target.id)) {
      store.setState({ playing: false });
      goToStep(store, position);
    }
  }
  select(store, target);
}

/** The present step is about this packet already: its two sides are two frames. */
function shows(run: Run, cursor: number, frame: number): boolean {
  const view = viewOf(run, run.steps[stepAt(run, cursor)]);
  return view !== undefined && [view.incoming, ...view.outgoing, ...view.answers].some((leg) => leg.frame.id === frame);
}

/** For a tooltip: what it is and what a click does. */
export function nameOfTarget(run: Run, cursor: number, target: Target): string {
  switch (target.kind) {
    case 'node':
      return run.nodes.get(target.id)?.name ?? target.id;
    case 'frame': {
      const position = stepOfFrame(run).get(target.id);
      const step = position === undefined ? undefined : run.steps[position];
      if (!step || !('frame' in step.occurrence)) return 'A packet';
      const out = step.occurrence.kind === 'routed' ? step.occurrence.out : [];
      const frame = [step.occurrence.frame, ...out].find(({ id }) => id === target.id) ?? step.occurrence.frame;
      return `Packet ${step.number}: ${titleOf(frame.bytes)}`;
    }
    case 'stage': {
      const stage = viewOf(run, run.steps[stepAt(run, cursor)])?.stages.find(({ id }) => id === target.id);
      return stage ? `Stage: ${STAGE_LABELS[stage.stage]}` : 'A stage of the router';
    }
    case 'entry': {
      for (const { id, kind } of run.trace.nodes) {
        const entry =
          kind === 'router' ? tableAt(run.trace, id, cursor).find((each) => each.id === target.id) : undefined;
        if (!entry) continue;
        const { protocol, inside, remote, outside, plain } = entryText(entry);
        return `Table entry: ${protocol} ${inside} with ${remote}, ${plain ? 'not translated' : `outside ${outside}`}`;
      }
      return 'A table entry';
    }
  }
}
