/** A packet that no router translates, because a router is an end of its tunnel: its fields and its bytes. @module */
import { useMemo, useState } from 'react';
import { WHY_UNTRANSLATED } from '../../explain/gateways.ts';
import type { Occurrence } from '../../world/trace.ts';
import controls from '../design/controls.module.css';
import { compare } from '../model/compare.ts';
import type { Run, Step } from '../model/run.ts';
import { endsOf, gatewayText, secondsOf } from '../model/sentence.ts';
import { titleOf } from '../model/title.ts';
import { ByteView } from './byte-view.tsx';
import { FieldTree } from './field-tree.tsx';
import styles from './packet-panel.module.css';
import { usePointing } from './pointing.ts';
import card from './why-card.module.css';

interface GatewayPanelProps {
  readonly run: Run;
  readonly step: Step;
  readonly occurrence: Extract<Occurrence, { kind: 'received' }>;
}

export function GatewayPanel({ run, step, occurrence }: GatewayPanelProps) {
  const [all, setAll] = useState(false);
  const pointing = usePointing();
  const { bytes } = occurrence.frame;
  const layers = useMemo(() => compare(bytes), [bytes]);
  const { from, to } = endsOf(run, step);
  const says = gatewayText(run, occurrence);
  const sides: [string] = ['on the wire'];
  return (
    <div className={styles.panel}>
      <header>
        <p className={controls.heading}>Packet {step.number}</p>
        <h2 className={styles.title}>{titleOf(bytes)}</h2>
        <p className={styles.way}>
          {from} to {to}, {bytes.length} bytes, at {secondsOf(occurrence.time)}
        </p>
      </header>
      <section className={card.card} aria-label="What it means">
        <h3 className={card.verdict}>{says.replace(/^./, (letter) => letter.toUpperCase())}</h3>
        <p className={card.student}>{WHY_UNTRANSLATED}</p>
      </section>
      <section aria-label="Fields">
        <div className={styles.tools}>
          <h3 className={controls.heading}>Fields</h3>
          <label className={styles.toggle}>
            <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
            all fields
          </label>
        </div>
        <FieldTree layers={layers} sides={sides} brief={!all} pointing={pointing} />
      </section>
      <ByteView layers={layers} before={bytes} after={undefined} sides={sides} pointing={pointing} mark={undefined} />
    </div>
  );
}
