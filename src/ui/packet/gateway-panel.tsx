/** A packet that no router translates, because a router is an end of its tunnel: its fields and its bytes. @module */
import { useMemo } from 'react';
import { WHY_UNTRANSLATED } from '../../explain/gateways.ts';
import type { Occurrence } from '../../world/trace.ts';
import { compare } from '../model/compare.ts';
import type { Run, Step } from '../model/run.ts';
import { gatewayText } from '../model/sentence.ts';
import { ByteView } from './byte-view.tsx';
import { Fields } from './fields.tsx';
import { PacketHeader } from './packet-header.tsx';
import styles from './packet-panel.module.css';
import { usePointing } from './pointing.ts';
import card from './why-card.module.css';

interface GatewayPanelProps {
  readonly run: Run;
  readonly step: Step;
  readonly occurrence: Extract<Occurrence, { kind: 'received' }>;
}

export function GatewayPanel({ run, step, occurrence }: GatewayPanelProps) {
  const pointing = usePointing(step);
  const { bytes } = occurrence.frame;
  const layers = useMemo(() => compare(bytes), [bytes]);
  const says = gatewayText(run, occurrence);
  const sides: [string] = ['on the wire'];
  return (
    <div className={styles.panel}>
      <PacketHeader run={run} step={step} frame={occurrence.frame} />
      <section className={card.card} aria-label="What it means">
        <h3 className={card.verdict}>{says.replace(/^./, (letter) => letter.toUpperCase())}</h3>
        <p className={card.student}>{WHY_UNTRANSLATED}</p>
      </section>
      <Fields heading="Fields" layers={layers} sides={sides} pointing={pointing} />
      <ByteView layers={layers} before={bytes} after={undefined} sides={sides} pointing={pointing} mark={undefined} />
    </div>
  );
}
