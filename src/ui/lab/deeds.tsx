/** What is done in the middle of the run, in order of time, and a way to take each back. @module */
import { withdraw } from '../../world/edits.ts';
import controls from '../design/controls.module.css';
import { CrossIcon } from '../design/icons.tsx';
import { secondsOf } from '../model/sentence.ts';
import { useSession, useStage } from '../session/context.ts';
import { goToStep } from '../session/session.ts';
import { deedText } from './changes.ts';
import { useLabHandle } from './context.ts';
import styles from './deeds.module.css';
import type { Played } from './engine.ts';

export function Deeds({ played }: { readonly played: Played }) {
  const lab = useLabHandle();
  const { store } = useStage();
  const { run, chosen } = played;
  const now = useSession(({ cursor }) => run.trace.occurrences[cursor]?.time ?? -1);
  const { interventions = [] } = chosen.experiment;
  if (interventions.length === 0) return null;
  /** To the step at which it happens, or the first one after. */
  const goTo = (time: number) =>
    goToStep(
      store,
      run.steps.findIndex(({ occurrence }) => occurrence.time >= time),
    );
  return (
    <section className={controls.panel} aria-labelledby="deeds-heading">
      <h2 className={controls.heading} id="deeds-heading">
        Done in the middle
      </h2>
      <ol className={styles.deeds}>
        {interventions.map((each, index) => {
          const text = deedText(chosen.experiment, each);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: an intervention is known by its place, and may stand twice
            <li key={index} className={styles.deed} data-past={each.at <= now}>
              <button type="button" className={styles.when} onClick={() => goTo(each.at)}>
                <span className={styles.time}>{secondsOf(each.at)}</span> {text}
              </button>
              <button
                type="button"
                className={styles.undo}
                aria-label={`Take back: ${text} at ${secondsOf(each.at)}`}
                onClick={() => lab.editHere((experiment) => withdraw(experiment, index))}
              >
                <CrossIcon size={12} />
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
