/** A packet that no router translates, because a router is an end of its tunnel: its fields and its bytes. @module */
import { WHY_UNTRANSLATED } from '../../explain/gateways.ts';
import type { Occurrence } from '../../world/trace.ts';
import type { Run, Step } from '../model/run.ts';
import { gatewayText } from '../model/sentence.ts';
import { PacketHeader } from './packet-header.tsx';
import styles from './packet-panel.module.css';
import card from './why-card.module.css';
import { WireView } from './wire-view.tsx';

interface GatewayPanelProps {
  readonly run: Run;
  readonly step: Step;
  readonly occurrence: Extract<Occurrence, { kind: 'received' }>;
}

export function GatewayPanel({ run, step, occurrence }: GatewayPanelProps) {
  const { bytes } = occurrence.frame;
  const says = gatewayText(run, occurrence);
  return (
    <div className={styles.panel}>
      <PacketHeader run={run} step={step} frame={occurrence.frame} />
      <section className={card.card} aria-label="What it means">
        <h3 className={card.verdict}>{says.replace(/^./, (letter) => letter.toUpperCase())}</h3>
        <p className={card.student}>{WHY_UNTRANSLATED}</p>
      </section>
      <WireView step={step} bytes={bytes} />
    </div>
  );
}
