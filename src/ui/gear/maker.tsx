/** Which switch makes a line: its hue, and its name in words. @module */
import type { CSSProperties } from 'react';
import type { Maker } from '../../gear/gear.ts';
import { makerName } from '../../gear/text.ts';
import styles from './gear-view.module.css';

/** The router itself goes without saying. */
export function MakerName({ by }: { readonly by: Maker }) {
  if (by === 'router') return null;
  return (
    <span className={styles.maker} style={hueOf(by)}>
      {makerName(by)}
    </span>
  );
}

export function hueOf(by: Maker): CSSProperties | undefined {
  return by === 'router' ? undefined : ({ '--hue': `var(--${by.switch})` } as CSSProperties);
}
