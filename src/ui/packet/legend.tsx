/** Before the first packet: how the picture is to be read. @module */
import type { CSSProperties } from 'react';
import type { Family } from '../design/families.ts';
import { StepHint } from './hints.tsx';
import styles from './legend.module.css';

const HUES: readonly (readonly [family: Family, label: string, what: string])[] = [
  ['ip', 'IP', 'addresses: who to whom'],
  ['tcp', 'TCP', 'ports, a connection'],
  ['udp', 'UDP', 'ports, no connection'],
  ['pptp', 'GRE', 'PPTP and its GRE: Call IDs, no ports'],
  ['ppp', 'PPP', 'what a tunnel carries'],
  ['l2tp', 'L2TP', 'a tunnel in UDP 1701'],
  ['ipsec', 'ESP', 'IPsec: IKE, ESP, AH'],
  ['app', 'TLS / WG', 'OpenVPN, WireGuard, TLS'],
];

export function Legend() {
  return (
    <section className={styles.legend} aria-labelledby="legend-heading">
      <h2 className={styles.title} id="legend-heading">
        How to read the picture
      </h2>
      <p>
        A packet is a train of headers, the outermost first. It leaves a laptop, is looked at in the router, and goes
        on, changed or not.
      </p>
      <dl className={styles.hues}>
        {HUES.map(([family, label, what]) => (
          <div key={family}>
            <dt style={{ '--hue': `var(--${family})` } as CSSProperties}>{label}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <ul className={styles.signs}>
        <li>
          <span className={styles.rewritten} /> The router wrote something else here.
        </li>
        <li>
          <span className={styles.stopped} /> The packet ended here, and this page says why.
        </li>
      </ul>
      <StepHint />
    </section>
  );
}
