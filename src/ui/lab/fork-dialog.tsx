/** Where two runs part, in a sentence, and then both one above the other, each at that step. @module */
import { useEffect, useId, useMemo, useRef } from 'react';
import { SWITCHES } from '../../router/profiles/profile.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import { Ladder } from '../ladder/ladder.tsx';
import type { Step } from '../model/run.ts';
import { labelOf } from '../model/sentence.ts';
import { titleOf } from '../model/title.ts';
import { SessionContext } from '../session/context.ts';
import { Playhead } from '../session/playhead.ts';
import { createSession, goToStep, openRun } from '../session/session.ts';
import { apartOf, type ByteApart, written } from './apart.ts';
import { homeOf, SWITCH_NAMES } from './chosen.ts';
import type { Played } from './engine.ts';
import styles from './fork-dialog.module.css';
import { Outcome } from './outcome.tsx';

interface ForkDialogProps {
  readonly before: Played;
  readonly now: Played;
  readonly onClose: () => void;
}

export function ForkDialog({ before, now, onClose }: ForkDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const apart = useMemo(() => apartOf(before.run, now.run), [before, now]);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={heading} onClose={onClose}>
      <header className={styles.head}>
        <h2 id={heading}>Before and now</h2>
        <p>{now.title}</p>
        <button type="button" className={controls.button} onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      <p className={styles.sentence}>
        {apart?.sentence ?? 'Both runs are the same to the last byte: here it makes no difference.'}
      </p>
      <Side name="Before" side="before" played={before} other={now} step={apart?.before} byte={apart?.byte} />
      <Side name="Now" side="now" played={now} other={before} step={apart?.now} byte={apart?.byte} />
    </dialog>
  );
}

interface SideProps {
  readonly name: string;
  readonly side: 'before' | 'now';
  readonly played: Played;
  readonly other: Played;
  readonly step: Step | undefined;
  readonly byte: ByteApart | undefined;
}

function Side({ name, side, played, other, step, byte }: SideProps) {
  const { run } = played;
  const heading = useId();
  const stagecraft = useMemo(() => {
    const store = createSession();
    openRun(store, run);
    if (step) goToStep(store, step.number - 1);
    return { store, playhead: new Playhead(store, () => true) };
  }, [run, step]);
  return (
    <section className={styles.side} aria-labelledby={heading}>
      <div className={styles.what}>
        <h3 className={controls.heading} id={heading}>
          {name}
        </h3>
        {differences(played, other).map((each) => (
          <p key={each} className={styles.setting}>
            {each}
          </p>
        ))}
        <Outcome run={run} />
      </div>
      <div className={styles.ladder}>
        <SessionContext value={stagecraft}>
          <Ladder run={run} />
        </SessionContext>
      </div>
      <div className={styles.cards}>
        {step && (
          <div className={names(styles.card, step.fate === 'stopped' && styles.stopped)}>
            <h4 className={controls.heading}>The first difference, step {step.number}</h4>
            <p>
              <Unbroken text={labelOf(run, step)} />
            </p>
          </div>
        )}
        {byte && <Byte byte={byte} step={byte[side]} />}
      </div>
    </section>
  );
}

/** What was set otherwise there. */
function differences({ chosen, profile }: Played, { chosen: other, profile: otherProfile }: Played): readonly string[] {
  const { switches } = homeOf(chosen);
  const flippedOnes = SWITCHES.filter((name) => switches[name] !== homeOf(other).switches[name]);
  return [
    ...(profile === otherProfile ? [] : [profile.name]),
    ...flippedOnes.map((name) => `${SWITCH_NAMES[name]} ${switches[name] ? 'on' : 'off'}`),
  ];
}

const AROUND = 3;
/** A longer field is shown by its one byte that differs. */
const LONGEST = 4;

function Byte({ byte: { offset, field }, step }: { readonly byte: ByteApart; readonly step: Step }) {
  const bytes = written(step);
  if (!bytes) return null;
  const from = field && field.length <= LONGEST ? field.offset : offset;
  const to = field && field.length <= LONGEST ? field.offset + field.length : offset + 1;
  const hex = (start: number, end: number) =>
    [...bytes.subarray(Math.max(0, start), end)].map((value) => value.toString(16).padStart(2, '0')).join(' ');
  return (
    <div className={styles.card}>
      <h4 className={controls.heading}>The first byte apart, step {step.number}</h4>
      <p>{titleOf(bytes)}</p>
      <p className={styles.bytes}>
        {hex(from - AROUND, from)} <mark>{hex(from, to)}</mark> {hex(to, to + AROUND)}
      </p>
      <p className={styles.where}>
        {field?.name ?? 'Byte'}, at byte {from} of the packet as it left
      </p>
    </div>
  );
}
