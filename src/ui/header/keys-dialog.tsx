/** The keyboard's way around the page. @module */
import type { RefObject } from 'react';
import controls from '../design/controls.module.css';
import dialogs from '../recording/open-dialog.module.css';
import { chooseLetterKeys, hasLetterKeys } from '../session/letter-keys.ts';
import styles from './keys-dialog.module.css';

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Space'], 'play or pause'],
  [['→'], 'one step forward'],
  [['←'], 'one step back'],
  [['n'], 'next drop, or where none is, next key step'],
  [['Home'], 'to the start'],
  [['End'], 'to the end'],
  [['Page Down', 'Page Up'], 'forward and back, as on a clicker'],
  [['↑', '↓'], 'up and down in the ladder, the packets, the fields or the list of what is on the stage'],
  [['+', '−', '0'], 'on the stage: larger, smaller, the whole of it'],
  [['Shift', '←', '→', '↑', '↓'], 'on the stage, when it is larger: move the view'],
  [['←', '→', '↑', '↓'], 'in the matrix: from cell to cell'],
  [['F6'], 'to the next part of the page, with Shift to the one before'],
  [['←', '→'], 'in a row of buttons reached by Tab: from one to the next'],
  [['Enter'], 'choose what has the focus; in the matrix, open its run'],
  [['p'], 'present: the stage alone, large; p again leads back'],
  [['Escape'], 'leave the presentation, or close the window in front'],
  [['s'], 'choose a scenario'],
  [['o'], 'open a recording'],
  [['?'], 'this list'],
];

export function KeysDialog({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog ref={dialog} className={dialogs.dialog} aria-labelledby="keys-heading">
      <div className={dialogs.head}>
        <h2 id="keys-heading">Keys</h2>
        <button type="button" className={controls.button} onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <dl className={styles.list}>
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key} className={controls.key}>
                  {key}
                </kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label className={styles.letters}>
        <input
          type="checkbox"
          defaultChecked={hasLetterKeys()}
          onChange={(event) => chooseLetterKeys(event.target.checked)}
        />
        Letters are keys of this page. Turned off, s, o, n, p and ? do nothing.
      </label>
    </dialog>
  );
}
