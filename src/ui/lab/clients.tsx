/** Who is at home: each laptop, its VPN, how far it has got at the cursor, and what its user reads. @module */
import type { CSSProperties } from 'react';
import { formatIpv4 } from '../../wire/address.ts';
import type { Occurrence, TraceNode } from '../../world/trace.ts';
import controls from '../design/controls.module.css';
import { phaseText, symptomText } from '../model/note.ts';
import { last } from '../model/once.ts';
import type { Run } from '../model/run.ts';
import { useSession, useStage } from '../session/context.ts';
import { select } from '../session/session.ts';
import styles from './lab.module.css';
import { vpnName } from './vpn-names.ts';

type Phase = Extract<Occurrence, { kind: 'phase' }>;
type Symptom = Extract<Occurrence, { kind: 'symptom' }>;

interface Standing {
  readonly phase?: Phase;
  /** Only as long as it is so: a tunnel that came up again shows no error. */
  readonly symptom?: Symptom;
}

/** The newest of each node at the cursor. */
export const standingsAt = last((run: Run, cursor: number): ReadonlyMap<string, Standing> => {
  const standings = new Map<string, Standing>();
  for (let i = 0; i <= cursor; i++) {
    const each = run.trace.occurrences[i];
    if (each?.kind === 'symptom') standings.set(each.node, { ...standings.get(each.node), symptom: each });
    if (each?.kind !== 'phase') continue;
    const { symptom } = standings.get(each.node) ?? {};
    standings.set(each.node, { phase: each, ...(symptom && each.status !== 'up' ? { symptom } : {}) });
  }
  return standings;
});

export function Clients({ run }: { readonly run: Run }) {
  const cursor = useSession((session) => session.cursor);
  const standings = standingsAt(run, cursor);
  const clients = run.trace.nodes.filter(({ kind }) => kind === 'client');
  return (
    <section className={controls.panel} aria-labelledby="clients-heading">
      <h2 className={controls.heading} id="clients-heading">
        At home
      </h2>
      <ul className={styles.clients}>
        {clients.map((node) => (
          <Client key={node.id} node={node} standing={standings.get(node.id)} />
        ))}
      </ul>
    </section>
  );
}

function Client({ node, standing }: { readonly node: TraceNode; readonly standing: Standing | undefined }) {
  const { store } = useStage();
  const selected = useSession(({ selection }) => selection?.kind === 'node' && selection.id === node.id);
  const vpn = vpnName(node.vpn);
  const { phase, symptom } = standing ?? {};
  return (
    <li className={styles.client} style={{ '--hue': `var(--${vpn?.family ?? 'app'})` } as CSSProperties}>
      <button
        type="button"
        className={styles.who}
        aria-pressed={selected}
        onClick={() => select(store, selected ? undefined : { kind: 'node', id: node.id })}
      >
        <span>
          {node.name} <span className={styles.address}>{formatIpv4(node.addresses[0] ?? 0)}</span>
        </span>
        <span className={styles.vpn}>{vpn?.name}</span>
      </button>
      <p className={styles.status} data-status={phase?.status ?? 'idle'}>
        {phase ? phaseText(phase) : 'not started'}
      </p>
      {symptom && <p className={styles.symptom}>{symptomText(symptom)}.</p>}
    </li>
  );
}
