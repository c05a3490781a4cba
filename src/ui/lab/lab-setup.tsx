/** The left side of an experiment: its story, the router with its switches, and who is at home. @module */
import { useId } from 'react';
import { positionOf, SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import controls from '../design/controls.module.css';
import setup from '../setup/setup.module.css';
import { Switches } from '../setup/switches.tsx';
import { LabActions } from './actions.tsx';
import { homeOf, SWITCH_NAMES } from './chosen.ts';
import { Clients } from './clients.tsx';
import { useLab, useLabHandle } from './context.ts';
import type { Played } from './engine.ts';
import styles from './lab.module.css';
import { Outcome } from './outcome.tsx';

interface LabSetupProps {
  readonly played: Played;
  /** The switch that would have let the present packet through. */
  readonly pointed: SwitchName | undefined;
  /** The header has no room for what can be taken away. */
  readonly narrow: boolean;
  readonly onCompare: () => void;
}

export function LabSetup({ played, pointed, narrow, onCompare }: LabSetupProps) {
  const { story, run } = played;
  const before = useLab((lab) => lab.before);
  return (
    <div className={setup.setup}>
      <section className={setup.story} aria-label="What this is">
        <p className={styles.story}>{story}</p>
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
      <Clients run={run} />
    </div>
  );
}

function RouterPanel({ played, pointed }: Pick<LabSetupProps, 'played' | 'pointed'>) {
  const lab = useLabHandle();
  const profiles = useLab(({ engine }) => engine?.profiles ?? []);
  const id = useId();
  const { profile } = played;
  const { switches } = homeOf(played.chosen);
  return (
    <section className={controls.panel} aria-labelledby={id}>
      <h2 className={controls.heading} id={id}>
        The router
      </h2>
      <div className={styles.field}>
        <select
          aria-label="Router model"
          className={styles.select}
          value={profile.id}
          onChange={(event) => lab.setProfile(event.target.value)}
          aria-describedby={`${id}-about`}
        >
          {profiles.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
        <span className={styles.about} id={`${id}-about`}>
          {profile.about}
        </span>
      </div>
      <Switches
        switches={SWITCHES.map((name) => ({
          name: SWITCH_NAMES[name],
          family: name,
          on: switches[name],
          says: positionOf(profile, switches, name).says,
          pointed: pointed === name,
          flip: () => lab.flip(name),
        }))}
      />
    </section>
  );
}
