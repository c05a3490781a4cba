/** Which packet it is: its number, its name, from whom to whom, how long and when. @module */
import controls from '../design/controls.module.css';
import type { Run, Step } from '../model/run.ts';
import { endsOf, secondsOf } from '../model/sentence.ts';
import { titleOf } from '../model/title.ts';
import styles from './packet-panel.module.css';

interface PacketHeaderProps {
  readonly run: Run;
  readonly step: Step;
  readonly bytes: Uint8Array;
}

export function PacketHeader({ run, step, bytes }: PacketHeaderProps) {
  const { from, to } = endsOf(run, step);
  return (
    <header>
      <p className={controls.heading}>Packet {step.number}</p>
      <h2 className={styles.title}>{titleOf(bytes)}</h2>
      <p className={styles.way}>
        {from} to {to}, {bytes.length} bytes, at {secondsOf(step.occurrence.time)}
      </p>
    </header>
  );
}
