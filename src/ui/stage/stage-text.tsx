/** What the canvas shows, as text in the page: the same nodes, packets, stages and table entries. @module */
import { formatIpv4 } from '../../wire/address.ts';
import controls from '../design/controls.module.css';
import { entryState, entryText } from '../model/entry.ts';
import type { Run, Step } from '../model/run.ts';
import { stepAt } from '../model/run.ts';
import { labelOf } from '../model/sentence.ts';
import { viewOf } from '../model/step-view.ts';
import { tableAt } from '../model/table.ts';
import { titleOf } from '../model/title.ts';
import { useSession } from '../session/context.ts';
import { STAGE_LABELS } from './router-card.ts';

/** The newest entries, as on the stage; the whole table stands in its own view. */
const MOST = 30;

export function StageText() {
  const run = useSession((session) => session.run);
  const cursor = useSession((session) => session.cursor);
  if (!run) return null;
  const step = run.steps[stepAt(run, cursor)];
  return (
    <div className={controls.hidden}>
      <ul aria-label="Who is there">
        {run.trace.nodes.map((node) => (
          <li key={node.id}>
            {node.name}, {node.addresses.map(formatIpv4).join(' and ')}
          </li>
        ))}
      </ul>
      {step && <StepText run={run} step={step} />}
      {run.trace.nodes
        .filter((node) => node.kind === 'router')
        .map((node) => (
          <ul key={node.id} aria-label={`Table of ${node.name}`}>
            {tableAt(run.trace, node.id, cursor)
              .slice(-MOST)
              .map((entry) => {
                const { protocol, inside, remote, outside } = entryText(entry);
                return (
                  <li key={entry.id}>
                    {protocol} {inside} with {remote}, outside {outside}, {entryState(entry)}
                  </li>
                );
              })}
          </ul>
        ))}
    </div>
  );
}

function StepText({ run, step }: { readonly run: Run; readonly step: Step }) {
  const view = viewOf(run, step);
  return (
    <ul aria-label="This step">
      <li>{labelOf(run, step)}</li>
      {view?.stages.map(({ id, stage, did }) => (
        <li key={id}>
          {STAGE_LABELS[stage]}:{' '}
          {did === 'stop' || did === 'end' ? 'the packet ends here' : did === 'act' ? 'acted' : 'passed'}
        </li>
      ))}
      {view?.answers.map(({ frame }) => (
        <li key={frame.id}>The router answers: {titleOf(frame.bytes)}</li>
      ))}
    </ul>
  );
}
