/** Two captures of one's own router, one from each side, by choosing or by dropping. @module */
import { type DragEvent, useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import type { Position } from './catalogue.ts';
import type { OwnPair } from './library.ts';
import styles from './open-dialog.module.css';

interface OwnCapturesProps {
  readonly choose: (pair: OwnPair, position: Position) => void;
}

type Slots = { readonly lan: File | undefined; readonly wan: File | undefined };

export function OwnCaptures({ choose }: OwnCapturesProps) {
  const [slots, setSlots] = useState<Slots>({ lan: undefined, wan: undefined });
  const [helper, setHelper] = useState(false);
  const { lan, wan } = slots;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setSlots(placed(slots, [...event.dataTransfer.files]));
  };
  return (
    <section aria-labelledby="own-heading" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <h3 className={controls.heading} id="own-heading">
        Your own captures
      </h3>
      <p className={styles.soft}>
        Two files taken at the same time, one on each side of a router: pcap or pcapng. They are read in this browser
        and go nowhere else.
      </p>
      <div className={styles.slots}>
        <Slot name="LAN side" file={lan} put={(file) => setSlots({ ...slots, lan: file })} />
        <Slot name="WAN side" file={wan} put={(file) => setSlots({ ...slots, wan: file })} />
      </div>
      <div className={styles.foot}>
        <label className={styles.check}>
          <input type="checkbox" checked={helper} onChange={(event) => setHelper(event.target.checked)} />
          PPTP passthrough was on
        </label>
        <button
          type="button"
          className={names(controls.button, controls.strong)}
          disabled={!lan || !wan}
          onClick={() => lan && wan && choose({ lan, wan }, helper ? 'on' : 'off')}
        >
          Replay the pair
        </button>
      </div>
    </section>
  );
}

function Slot(props: {
  readonly name: string;
  readonly file: File | undefined;
  readonly put: (file: File | undefined) => void;
}) {
  const { name, file, put } = props;
  return (
    <label className={styles.slot}>
      <b>{name}</b>
      <span className={styles.soft}>{file ? file.name : 'Choose a file, or drop it here.'}</span>
      <input type="file" accept=".pcap,.pcapng,.cap" onChange={(event) => put(event.target.files?.[0])} />
    </label>
  );
}

/** Dropped files go where their names say; else into the free places in order. */
export function placed(slots: Slots, files: readonly File[]): Slots {
  let { lan, wan } = slots;
  for (const file of files) {
    if (/wan|outside|ext/i.test(file.name) && !/lan/i.test(file.name.replace(/wan/gi, ''))) wan = file;
    else if (/lan|inside|int/i.test(file.name)) lan = file;
    else if (!lan) lan = file;
    else wan = file;
  }
  return { lan, wan };
}
