/** The router's passthrough switches, each with the line that says what it does in its present position. @module */
import { Switch } from 'radix-ui';
import { type CSSProperties, useId } from 'react';
import { names } from '../design/class-names.ts';
import type { Family } from '../design/families.ts';
import { TryIcon } from '../design/icons.tsx';
import { Unbroken } from '../design/unbroken.tsx';
import styles from './switches.module.css';

export interface SwitchView {
  readonly name: string;
  readonly family: Family;
  readonly on: boolean;
  /** What it does, here and now; where it does nothing, that, and why. */
  readonly says: string;
  /** It does nothing here, in either position: drawn without colour. */
  readonly idle?: boolean;
  /** What else is to be known of its position. */
  readonly note?: string;
  /** A switch that does nothing here can be turned too: on a real router one finds out in no other way. */
  readonly flip: () => void;
  /** Flipping it would change what has just happened. */
  readonly pointed?: boolean;
}

export function Switches({ switches }: { readonly switches: readonly SwitchView[] }) {
  return (
    <ul className={styles.list}>
      {switches.map((each) => (
        <SwitchRow key={each.name} {...each} />
      ))}
    </ul>
  );
}

function SwitchRow({ name, family, on, says, idle, note, flip, pointed }: SwitchView) {
  const id = useId();
  const described = [pointed && 'try', 'says', note && 'note'].filter(Boolean);
  return (
    <li className={names(styles.row, pointed && styles.pointed)}>
      <Switch.Root
        id={id}
        className={styles.switch}
        style={{ '--hue': `var(--${family})` } as CSSProperties}
        data-idle={idle === true}
        checked={on}
        onCheckedChange={flip}
        aria-label={name}
        aria-describedby={described.map((part) => `${id}-${part}`).join(' ')}
      >
        <Switch.Thumb className={styles.thumb} />
      </Switch.Root>
      <label className={styles.name} htmlFor={id}>
        {name}
      </label>
      {pointed && (
        <span className={styles.try} id={`${id}-try`}>
          <TryIcon size={11} />
          Try this
        </span>
      )}
      <p className={styles.says} id={`${id}-says`}>
        <Unbroken text={says} />
      </p>
      {note && (
        <p className={styles.note} id={`${id}-note`}>
          <Unbroken text={note} />
        </p>
      )}
    </li>
  );
}
