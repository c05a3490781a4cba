/** Which model the router is: its name to choose, and what is to be known of it. @module */
import { useId } from 'react';
import { PROFILES } from '../../router/profiles/index.ts';
import type { Profile } from '../../router/profiles/profile.ts';
import controls from '../design/controls.module.css';
import styles from './router-model.module.css';

interface RouterModelProps {
  /** Of the heading, for the section that it names. */
  readonly heading: string;
  readonly profile: Profile;
  readonly choose: (profile: string) => void;
}

export function RouterModel({ heading, profile, choose }: RouterModelProps) {
  const about = useId();
  return (
    <>
      <div className={styles.model}>
        <h2 className={controls.heading} id={heading}>
          The router
        </h2>
        <select
          aria-label="Router model"
          className={styles.select}
          value={profile.id}
          onChange={(event) => choose(event.target.value)}
          aria-describedby={about}
        >
          {PROFILES.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </select>
      </div>
      <p className={styles.about} id={about}>
        {profile.about}
      </p>
    </>
  );
}
