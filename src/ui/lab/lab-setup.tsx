/** The left side of an experiment: its story, the router with its switches, and who is at home. @module */

import { memo, useMemo } from 'react';
import type { SwitchName } from '../../router/profiles/profile.ts';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import setup from '../setup/setup.module.css';
import { LabActions } from './actions.tsx';
import { asItWas, changesOf } from './changes.ts';
import { homeOf } from './chosen.ts';
import { Clients } from './clients.tsx';
import { useLab, useLabHandle } from './context.ts';
import { Deeds } from './deeds.tsx';
import type { Played } from './engine.ts';
import styles from './lab.module.css';
import { Outcome } from './outcome.tsx';
import { RouterPanel } from './router-panel.tsx';

interface LabSetupProps {
  readonly played: Played;
  /** The switch that would have let the present packet through. */
  readonly pointed: SwitchName | undefined;
  /** The header has no room for what can be taken away. */
  readonly narrow: boolean;
  readonly onCompare: () => void;
}

export const LabSetup = memo(function LabSetup({ played, pointed, narrow, onCompare }: LabSetupProps) {
  const { story, run } = played;
  const before = useLab((lab) => lab.before);
  return (
    <div className={setup.setup}>
      <section className={setup.story} aria-label="What this is">
        <p className={styles.story}>
          <Unbroken text={story} />
        </p>
        <Changed played={played} />
        <Outcome run={run} />
        {(before || narrow) && (
          <div className={styles.actions}>
            {before && (
              <button type="button" className={controls.button} aria-haspopup="dialog" onClick={onCompare}>
                Compare with before
              </button>
            )}
            {narrow && <LabActions played={played} />}
          </div>
        )}
      </section>
      <RouterPanel played={played} pointed={pointed} />
      <Clients played={played} />
      <Deeds played={played} />
    </div>
  );
});

/** That it is not told any more as its origin has it, and the way back. */
function Changed({ played: { chosen } }: { readonly played: Played }) {
  const lab = useLabHandle();
  const engine = useLab((each) => each.engine);
  const told = useMemo(() => engine?.told(chosen.origin, homeOf(chosen).profile), [engine, chosen]);
  const changes = told ? changesOf(told, chosen.experiment) : [];
  if (!told || changes.length === 0) return null;
  const [first, second, ...others] = changes;
  const said = [first, second, ...(others.length > 0 ? [`and ${others.length} more`] : [])].filter(Boolean).join(', ');
  return (
    <p className={styles.changed}>
      Changed by you: <Unbroken text={said} />.{' '}
      <button type="button" className={styles.undo} onClick={() => lab.edit((experiment) => asItWas(told, experiment))}>
        Undo
      </button>
    </p>
  );
}
