/** Myths: what is often said of passthrough, what is so, and a run that shows it. @module */
import { MYTHS, type Myth, TOPICS } from '../../explain/myths.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import { useWayBack } from '../design/way-back.ts';
import { useLabHandle } from '../lab/context.ts';
import { nameOfShown, placeOfShown } from '../model/shown.ts';
import styles from './myths.module.css';

export function Myths() {
  const wayBack = useWayBack('myths');
  return (
    <div className={styles.myths} {...wayBack}>
      <header className={styles.head}>
        <h1>Often said, and not so</h1>
        <p>
          {MYTHS.length} sentences about VPN passthrough that stand in manuals, forums and shops. None of them survives
          a look at the packets, so each comes with a run in which to take that look.
        </p>
      </header>
      {Object.entries(TOPICS).map(([topic, name]) => (
        <section key={topic} className={styles.topic} aria-labelledby={`topic-${topic}`}>
          <h2 className={controls.heading} id={`topic-${topic}`}>
            {name}
          </h2>
          {MYTHS.filter((myth) => myth.topic === topic).map((myth) => (
            <MythItem key={myth.id} myth={myth} />
          ))}
        </section>
      ))}
    </div>
  );
}

function MythItem({ myth: { id, said, truth, why, source, shownBy } }: { readonly myth: Myth }) {
  const lab = useLabHandle();
  const [first, ...others] = shownBy;
  return (
    <article className={styles.myth} aria-labelledby={`myth-${id}`}>
      <h3 className={styles.said} id={`myth-${id}`}>
        <span className={controls.hidden}>Not so: </span>
        <s>
          <Unbroken text={said} />
        </s>
      </h3>
      <div className={styles.so}>
        <p className={styles.truth}>
          <Unbroken text={truth} />
        </p>
        <p className={styles.why}>
          <b>Why.</b> <Unbroken text={why} />
        </p>
        <div className={styles.see}>
          <button
            type="button"
            className={names(controls.button, controls.strong)}
            aria-describedby={`myth-${id}`}
            data-opens={id}
            onClick={() => lab.openPlace(placeOfShown(first))}
          >
            See it happen
          </button>
          <span>{nameOfShown(first)}</span>
        </div>
        {others.length > 0 && (
          <ul className={styles.others} aria-label="Seen here too">
            {others.map((shown) => (
              <li key={nameOfShown(shown)}>
                <button
                  type="button"
                  className={styles.other}
                  data-opens={`${id} ${nameOfShown(shown)}`}
                  onClick={() => lab.openPlace(placeOfShown(shown))}
                >
                  {nameOfShown(shown)}
                </button>
              </li>
            ))}
          </ul>
        )}
        <p className={styles.source}>{source}</p>
      </div>
    </article>
  );
}
