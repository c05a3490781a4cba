/** The packet's way through the router, stage by stage; a stage that is chosen, here or in the picture, says what it did. @module */
import { useRef } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { useOneStop } from '../design/one-stop.ts';
import { STAGE_LABELS } from '../model/stage-labels.ts';
import type { StageView, StepView } from '../model/step-view.ts';
import { useSession, useStage } from '../session/context.ts';
import { select } from '../session/session.ts';
import styles from './packet-panel.module.css';

const SAID: Readonly<Record<StageView['did'], string>> = {
  pass: 'passed',
  act: 'acted',
  stop: 'stopped here',
  end: 'ended here',
};

export function PathList({ view }: { readonly view: StepView }) {
  const { store } = useStage();
  const chosen = useSession(({ selection }) => (selection?.kind === 'stage' ? selection.id : undefined));
  const list = useRef<HTMLOListElement>(null);
  useOneStop(list, 'button', 'across');
  const stage = view.stages.find(({ id }) => id === chosen);
  return (
    <section aria-label="Way through the router">
      <h3 className={controls.heading}>Way through the router</h3>
      <ol ref={list} className={styles.path}>
        {view.stages.map(({ id, stage: name, did }) => (
          <li key={id}>
            <button
              type="button"
              data-did={did}
              aria-pressed={id === chosen}
              title={hookOf(name)}
              onClick={() => select(store, id === chosen ? undefined : { kind: 'stage', id })}
            >
              {STAGE_LABELS[name]}
              <span className={controls.hidden}>: {SAID[did]}</span>
            </button>
          </li>
        ))}
      </ol>
      {stage && <StageDeed view={view} stage={stage} />}
    </section>
  );
}

/** As engineers call it: "source nat", "confirm". */
function hookOf(stage: StageView['stage']): string {
  return stage.replace('-', ' ');
}

function StageDeed({ view, stage }: { readonly view: StepView; readonly stage: StageView }) {
  const reasons = view.reasons.filter(({ reason }) => stage.reasons.includes(reason));
  return (
    <p className={names(styles.detail, styles.deed)}>
      <b>{STAGE_LABELS[stage.stage]}</b> ({hookOf(stage.stage)}){' '}
      {reasons.length > 0 ? reasons.map(({ words }) => words.student).join(' ') : 'There was nothing to do here.'}
    </p>
  );
}
