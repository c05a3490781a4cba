/**
 * A step at which no router had a packet in hand: what happened, what it means, and the packet that settled it, with
 * the reason where that packet was stopped.
 * @module
 */
import { LEFT_OUT } from '../../explain/cut.ts';
import { failed, intervention, LOST, PASSED_OVER, symptom, up } from '../../explain/moments.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import { Unbroken } from '../design/unbroken.tsx';
import { noteOf } from '../model/note.ts';
import type { Run, Step } from '../model/run.ts';
import { captionOf, secondsOf } from '../model/sentence.ts';
import { type Settled, settledBy, stoppedBehind } from '../model/settled.ts';
import { viewOf } from '../model/step-view.ts';
import { useStage } from '../session/context.ts';
import { goToStep } from '../session/session.ts';
import styles from './packet-panel.module.css';
import card from './why-card.module.css';
import { type Cure, WhyCard } from './why-card.tsx';
import { WireView } from './wire-view.tsx';

interface NoteCardProps {
  readonly run: Run;
  readonly step: Step;
  /** The bytes of what was lost, too. */
  readonly whole?: boolean;
  /** What would have let the packet through whose end is told here. */
  readonly cure?: Cure | undefined;
}

export function NoteCard({ run, step, whole = false, cure }: NoteCardProps) {
  const { occurrence } = step;
  const { says, mood } = noteParts(run, step);
  const settled = settledBy(run, step);
  const stopped = stoppedBehind(run, step);
  const reasons = stopped && viewOf(run, stopped)?.reasons;
  return (
    <div className={styles.panel}>
      <p className={styles.moment}>
        <span className={controls.heading}>Step {step.number}</span> at {secondsOf(occurrence.time)}
      </p>
      <section className={names(card.card, mood && card[mood])} aria-label="What it means">
        <h2 className={card.verdict}>
          {mood === 'stopped' && <CrossIcon />}
          {mood === 'good' && <CheckIcon />}
          <span>
            <Unbroken text={noteOf(run, occurrence)} />
          </span>
        </h2>
        <p className={card.student}>
          <Unbroken text={says} />
        </p>
        {settled && <SettledBy run={run} settled={settled} />}
      </section>
      {reasons && <WhyCard fate="stopped" reasons={reasons} cure={cure} />}
      {whole && occurrence.kind === 'lost' && <WireView step={step} bytes={occurrence.frame.bytes} />}
    </div>
  );
}

const SETTLED: Readonly<Record<Settled['how'], string>> = {
  came: 'Settled by',
  stopped: 'The packet that was stopped',
  unanswered: 'Its last packet, that nobody answered',
  next: 'See what comes of it',
};

function SettledBy({ run, settled: { position, how } }: { readonly run: Run; readonly settled: Settled }) {
  const { store } = useStage();
  const step = run.steps[position]!;
  const { what, fate } = captionOf(run, step);
  return (
    <p className={styles.settled}>
      {SETTLED[how]}:{' '}
      <button type="button" className={styles.link} onClick={() => goToStep(store, position)}>
        Packet {step.number}, {what}
      </button>{' '}
      <span>{fate}</span>
    </p>
  );
}

interface NoteParts {
  readonly says: string;
  /** `stopped`: something has failed. */
  readonly mood?: 'stopped' | 'good';
}

function noteParts(run: Run, { occurrence }: Step): NoteParts {
  const node = run.nodes.get(occurrence.node);
  const name = node?.name ?? occurrence.node;
  switch (occurrence.kind) {
    case 'symptom':
      return { says: symptom(node?.kind, occurrence.missing), mood: 'stopped' };
    case 'phase':
      return occurrence.status === 'up'
        ? { says: up(node?.kind ?? 'client', name, occurrence.notice), mood: 'good' }
        : { says: failed(name, missingAt(run, occurrence)), mood: 'stopped' };
    case 'lost':
      return { says: LOST[occurrence.why], mood: 'stopped' };
    case 'intervention':
      return { says: intervention(node?.kind, occurrence.what) };
    case 'left-out':
      return { says: LEFT_OUT };
    default:
      return { says: PASSED_OVER };
  }
}

/** What the conversation that fails here has waited for: its symptom of the same moment knows. */
function missingAt(
  run: Run,
  { session, time }: { readonly session: string; readonly time: number },
): string | undefined {
  const found = run.trace.occurrences.find(
    (each) => each.kind === 'symptom' && each.session === session && each.time === time,
  );
  return found?.kind === 'symptom' ? found.missing : undefined;
}
