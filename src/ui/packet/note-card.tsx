/** A step at which no router had a packet in hand: how a conversation stands, what its user reads, what was lost. @module */
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import { noteOf, phaseText, symptomText } from '../model/note.ts';
import type { Run, Step } from '../model/run.ts';
import { secondsOf } from '../model/sentence.ts';
import styles from './packet-panel.module.css';
import card from './why-card.module.css';

export function NoteCard({ run, step }: { readonly run: Run; readonly step: Step }) {
  const { occurrence } = step;
  const name = run.nodes.get(occurrence.node)?.name ?? occurrence.node;
  const { title, says, bad } = noteParts(run, step);
  return (
    <div className={styles.panel}>
      <header>
        <p className={controls.heading}>Step {step.number}</p>
        <h2 className={styles.title}>{title}</h2>
        <p className={styles.way}>
          {name}, at {secondsOf(occurrence.time)}
        </p>
      </header>
      {says && (
        <section className={bad ? `${card.card} ${card.stopped}` : card.card} aria-label="What it means">
          <h3 className={card.verdict}>
            {bad ? <CrossIcon /> : <CheckIcon />}
            {name}
          </h3>
          <p className={card.student}>{says}</p>
        </section>
      )}
    </div>
  );
}

interface NoteParts {
  readonly title: string;
  readonly says?: string;
  readonly bad: boolean;
}

function noteParts(run: Run, { occurrence }: Step): NoteParts {
  switch (occurrence.kind) {
    case 'symptom':
      return { title: symptomText(occurrence), says: `What did not happen: ${occurrence.missing}.`, bad: true };
    case 'phase':
      return {
        title: phaseText(occurrence).replace(/^./, (letter) => letter.toUpperCase()),
        ...(occurrence.status === 'up' ? {} : { says: 'It gives up here.' }),
        bad: occurrence.status !== 'up',
      };
    case 'lost':
      return { title: noteOf(run, occurrence), says: LOST[occurrence.why], bad: true };
    default:
      return { title: noteOf(run, occurrence), bad: false };
  }
}

const LOST = {
  loss: 'The link lost it on the way.',
  cable: 'No cable is plugged in there, or nobody is awake at its end.',
  'nobody-there': 'Nobody has the address it is for.',
};
