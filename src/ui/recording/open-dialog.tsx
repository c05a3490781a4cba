/** Choosing what to watch: a recording of the page's, or a pair of captures of one's own. @module */
import { type RefObject, useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import { type Position, type Situation, situations } from './catalogue.ts';
import { useLibrary, useLibraryHandle } from './context.ts';
import type { Opened } from './library.ts';
import styles from './open-dialog.module.css';
import { OwnCaptures } from './own-captures.tsx';
import type { OwnPair } from './source.ts';

interface OpenDialogProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** Files that fell on the page. */
  readonly dropped: readonly File[];
  /** Called when something was chosen; playing is up to the page. */
  readonly onChosen: (opening: Promise<void>) => void;
}

const NO_FILES: readonly File[] = [];

export function OpenDialog({ dialog, dropped, onChosen }: OpenDialogProps) {
  const library = useLibraryHandle();
  const opened = useLibrary((state) => state.opened);
  // Closing forgets half-made choices, and what fell on the page.
  const [round, setRound] = useState(0);
  const [forgotten, setForgotten] = useState(NO_FILES);
  const forget = () => {
    setRound(round + 1);
    setForgotten(dropped);
  };
  const choose = (opening: Promise<void>) => {
    onChosen(opening);
    dialog.current?.close();
  };
  // One's own comes to rest where it goes wrong.
  const chooseOwn = (pair: OwnPair) => {
    void library.openOwn(pair);
    dialog.current?.close();
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="open-heading" onClose={forget}>
      <div className={styles.head}>
        <h2 id="open-heading">Open a recording</h2>
        <button type="button" className={controls.button} onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <div className={styles.body}>
        {/* First, for the page's button is called after them, and what falls on the page is shown here. */}
        <OwnCaptures key={round} dropped={dropped === forgotten ? NO_FILES : dropped} choose={chooseOwn} />
        <section aria-labelledby="bundled-heading">
          <h3 className={controls.heading} id="bundled-heading">
            Recorded on a real Linux router
          </h3>
          <ul className={styles.list}>
            {situations.map((situation) => (
              <SituationItem
                key={situation.title}
                situation={situation}
                present={opened?.situation === situation ? positionOf(opened) : undefined}
                choose={(position) => choose(library.open(situation, position))}
              />
            ))}
          </ul>
        </section>
      </div>
    </dialog>
  );
}

function positionOf(opened: Opened): Position {
  return opened.setup.switches.pptp ? 'on' : 'off';
}

interface SituationProps {
  readonly situation: Situation;
  /** Set where one of its recordings is open. */
  readonly present: Position | undefined;
  readonly choose: (position: Position) => void;
}

function SituationItem({ situation, present, choose }: SituationProps) {
  const pptp = situation.on !== undefined;
  return (
    <li className={styles.situation}>
      <h3>{situation.title}</h3>
      <p>{situation.story}</p>
      <div className={styles.variants}>
        {(['off', 'on'] as const).map((position) => {
          const recorded = situation[position];
          if (!recorded) return null;
          return (
            <button
              key={position}
              type="button"
              className={styles.variant}
              aria-current={present === position}
              data-works={recorded.works}
              onClick={() => choose(position)}
            >
              {recorded.works ? <CheckIcon size={14} /> : <CrossIcon size={14} />}
              <span>
                {pptp && (
                  <>
                    <b>PPTP passthrough {position}</b>
                    <span className={controls.hidden}>: </span>
                  </>
                )}
                {recorded.outcome}
                <span className={names(controls.hidden)}> {situation.title}</span>
              </span>
            </button>
          );
        })}
      </div>
    </li>
  );
}
