/** Which packet it is: its number, its name, from whom to whom, how long and when. @module */
import { keptText } from '../../explain/cut.ts';
import type { Frame } from '../../world/trace.ts';
import controls from '../design/controls.module.css';
import type { Run, Step } from '../model/run.ts';
import { endsOf, secondsOf } from '../model/sentence.ts';
import { titleOf } from '../model/title.ts';
import styles from './packet-panel.module.css';

interface PacketHeaderProps {
  readonly run: Run;
  readonly step: Step;
  readonly frame: Frame;
}

export function PacketHeader({ run, step, frame: { bytes, wholeLength } }: PacketHeaderProps) {
  const { from, to } = endsOf(run, step);
  return (
    <header>
      <p className={controls.heading}>Packet {step.number}</p>
      <h2 className={styles.title}>{titleOf(bytes)}</h2>
      <p className={styles.way}>
        {from} to {to}, {wholeLength ?? bytes.length} bytes, at {secondsOf(step.occurrence.time)}
      </p>
      {wholeLength !== undefined && <p className={styles.way}>{keptText(bytes.length, wholeLength)}</p>}
    </header>
  );
}
