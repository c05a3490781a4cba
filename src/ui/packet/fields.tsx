/** The fields of a packet as a tree, the telling ones or all of them. @module */
import { useState } from 'react';
import controls from '../design/controls.module.css';
import { FieldTree, type FieldTreeProps } from './field-tree.tsx';
import styles from './packet-panel.module.css';

export function Fields({ heading, ...tree }: { readonly heading: string } & Omit<FieldTreeProps, 'brief'>) {
  const [all, setAll] = useState(false);
  return (
    <section aria-label="Fields">
      <div className={styles.tools}>
        <h3 className={controls.heading}>{heading}</h3>
        <label className={styles.toggle}>
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          all fields
        </label>
      </div>
      <FieldTree {...tree} brief={!all} />
    </section>
  );
}
