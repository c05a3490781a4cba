/** Captures of one's own router, from one side or from both, by choosing or by dropping. @module */
import { useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import styles from './open-dialog.module.css';
import { placed, type Slots } from './slots.ts';
import type { OwnPair } from './source.ts';

interface OwnCapturesProps {
  readonly dropped: readonly File[];
  readonly choose: (pair: OwnPair) => void;
}

export function OwnCaptures({ dropped, choose }: OwnCapturesProps) {
  const [chosen, setChosen] = useState<Slots>({ lan: undefined, wan: undefined });
  const { lan, wan } = placed(chosen, dropped);
  const pair = lan ? { lan, wan } : wan ? { lan: wan } : undefined;
  return (
    <section aria-labelledby="own-heading">
      <h3 className={names(controls.heading, styles.heading)} id="own-heading">
        Your own captures
      </h3>
      <p className={styles.soft}>
        One pcap or pcapng file from a laptop or from the inside of a router shows what the laptops sent and got. Two
        files taken at the same time, one on each side, show also what a router kept back. They are read in this browser
        and go nowhere else.
      </p>
      <div className={styles.slots}>
        <Slot name="LAN side" file={lan} put={(file) => setChosen({ lan: file, wan })} />
        <Slot name="WAN side" file={wan} put={(file) => setChosen({ lan, wan: file })} />
      </div>
      <div className={styles.foot}>
        <span className={names(styles.soft, styles.dropping)}>Files can also be dropped anywhere on the page.</span>
        <button
          type="button"
          className={names(controls.button, controls.strong)}
          disabled={!pair}
          onClick={() => pair && choose(pair)}
        >
          {lan && wan ? 'Replay the pair' : 'Replay the file'}
        </button>
      </div>
    </section>
  );
}

interface SlotProps {
  readonly name: string;
  readonly file: File | undefined;
  readonly put: (file: File | undefined) => void;
}

function Slot({ name, file, put }: SlotProps) {
  return (
    <label className={styles.slot}>
      <b>{name}</b>
      <span className={styles.soft}>{file ? file.name : 'No file yet'}</span>
      <input type="file" accept=".pcap,.pcapng,.cap" onChange={(event) => put(event.target.files?.[0])} />
    </label>
  );
}
