/** The left side of a recording: what it is, what is wrong in it, the router it goes through, and who is there. @module */
import { useId } from 'react';
import { profileOf } from '../../router/profiles/index.ts';
import { doesSomething, positionOf, SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import { formatIpv4 } from '../../wire/address.ts';
import type { TraceNode } from '../../world/trace.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import { SWITCH_NAMES } from '../lab/chosen.ts';
import type { Run } from '../model/run.ts';
import { Findings } from '../recording/findings-panel.tsx';
import type { Opened } from '../recording/library.ts';
import { useSession, useStage } from '../session/context.ts';
import { select } from '../session/session.ts';
import { RouterModel } from './router-model.tsx';
import styles from './setup.module.css';
import { Switches } from './switches.tsx';

interface SetupProps {
  readonly opened: Opened;
  readonly run: Run;
  readonly flip: (name: SwitchName) => void;
  readonly setProfile: (id: string) => void;
  /** The switch that would have let the present packet through. */
  readonly pointed: SwitchName | undefined;
}

export function Setup({ opened, run, flip, setProfile, pointed }: SetupProps) {
  return (
    <div className={styles.setup}>
      <Story opened={opened} />
      {opened.pair && <Findings opened={opened} run={run} />}
      <RouterChoice opened={opened} flip={flip} setProfile={setProfile} pointed={pointed} />
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

function RouterChoice({ opened, flip, setProfile, pointed }: Omit<SetupProps, 'run'>) {
  const id = useId();
  const { setup } = opened;
  const profile = profileOf(setup.profile);
  if (!profile) return null;
  return (
    <section className={controls.panel} aria-labelledby={id}>
      <RouterModel heading={id} profile={profile} choose={setProfile} />
      <Switches
        switches={SWITCHES.map((name) => ({
          name: SWITCH_NAMES[name],
          family: name,
          on: setup.switches[name],
          says: positionOf(profile, setup.switches, name).says,
          idle: !doesSomething(profile, name),
          pointed: pointed === name,
          flip: () => flip(name),
        }))}
      />
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
function Agreement({ opened: { agreed, compared, sides } }: { readonly opened: Opened }) {
  if (compared === 0) return null;
  const whole = agreed === compared;
  const [all, some] = [compared.toLocaleString('en'), agreed.toLocaleString('en')];
  const what = sides === 'both' ? 'packets' : 'answers';
  return (
    <p className={styles.agreement}>
      {whole ? <CheckIcon /> : <CrossIcon />}
      {whole
        ? `Our router did what the recorded one did, byte for byte, with all ${all} ${what}.`
        : `Our router did what the recorded one did with ${some} of ${all} ${what}.`}
    </p>
  );
}
