/** The left side: what one is watching, the router's switches, and who is there. @module */

import { formatIpv4 } from '../../wire/address.ts';
import type { TraceNode } from '../../world/trace.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import type { Run } from '../model/run.ts';
import type { Opened } from '../recording/library.ts';
import { useSession, useStage } from '../session/context.ts';
import { select } from '../session/session.ts';
import { linuxSwitches } from './linux-switches.ts';
import styles from './setup.module.css';
import { Switches } from './switches.tsx';

interface SetupProps {
  readonly opened: Opened;
  readonly run: Run;
  readonly flip: (() => void) | undefined;
  /** The present packet was stopped, and the switch would have helped. */
  readonly pointed: boolean;
}

export function Setup({ opened, run, flip, pointed }: SetupProps) {
  return (
    <div className={styles.setup}>
      <Story opened={opened} />
      <section className={controls.panel} aria-labelledby="router-heading">
        <h2 className={controls.heading} id="router-heading">
          The router
        </h2>
        <p className={styles.soft}>Linux netfilter, kernel 6.x</p>
        <Switches switches={linuxSwitches(opened, flip, pointed)} />
      </section>
      <Nodes run={run} />
      <Agreement opened={opened} />
    </div>
  );
}

function Story({ opened }: { readonly opened: Opened }) {
  const { story, outcome, works } = opened;
  return (
    <section className={styles.story} aria-label="What this is">
      <p>{story}</p>
      {outcome && (
        <p className={names(styles.outcome, works ? styles.works : styles.fails)}>
          {works ? <CheckIcon /> : <CrossIcon />}
          {outcome}
        </p>
      )}
    </section>
  );
}

function Nodes({ run }: { readonly run: Run }) {
  const { store } = useStage();
  const selection = useSession((session) => session.selection);
  return (
    <section className={controls.panel} aria-labelledby="nodes-heading">
      <h2 className={controls.heading} id="nodes-heading">
        Who is there
      </h2>
      <ul className={styles.nodes}>
        {[...run.trace.nodes].sort(fromInsideOut).map(({ id, name, addresses }) => {
          const selected = selection?.kind === 'node' && selection.id === id;
          return (
            <li key={id}>
              <button
                type="button"
                className={styles.node}
                aria-pressed={selected}
                onClick={() => select(store, selected ? undefined : { kind: 'node', id })}
              >
                {name}
                <span className={styles.addresses}>
                  {addresses.map((address) => (
                    <span key={address}>{formatIpv4(address)}</span>
                  ))}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

const ORDER: readonly TraceNode['kind'][] = ['client', 'router', 'server', 'stranger'];

function fromInsideOut(a: TraceNode, b: TraceNode): number {
  return ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
}

/** The promise of the replay, kept or not. */
function Agreement({ opened: { agreed, packets } }: { readonly opened: Opened }) {
  const whole = agreed === packets;
  return (
    <p className={styles.agreement}>
      {whole ? <CheckIcon /> : <CrossIcon />}
      {whole
        ? `Our router did what the recorded one did, byte for byte, with all ${packets} packets.`
        : `Our router did what the recorded one did with ${agreed} of ${packets} packets.`}
    </p>
  );
}
