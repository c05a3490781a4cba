/** What these settings let in and out at the present moment, how safe what is in use is, and what a friend would say. @module */
import { type ReactNode, useId, useMemo, useState } from 'react';
import { explain } from '../../explain/reasons.ts';
import { VPN_SAFETY } from '../../explain/vpn-safety.ts';
import { type Advice, adviceFor } from '../../scenarios/advice.ts';
import { type Probed, probe } from '../../scenarios/probe.ts';
import type { VpnKind } from '../../world/vpn.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import { Unbroken } from '../design/unbroken.tsx';
import type { Played } from '../lab/engine.ts';
import { vpnName } from '../lab/vpn-names.ts';
import { secondsOf } from '../model/sentence.ts';
import { tableAt } from '../model/table.ts';
import { useSession } from '../session/context.ts';
import styles from './exposure.module.css';

export function Exposure({ played }: { readonly played: Played }) {
  const { experiment } = played.chosen;
  const at = useRestingCursor();
  const { probed, time } = useMemo(() => probedAt(played, at), [played, at]);
  const advice = useMemo(() => adviceFor(experiment, probed), [experiment, probed]);
  const kinds = [...new Set(experiment.clients.map(({ vpn }) => vpn.kind))];
  return (
    <div className={styles.exposure}>
      <p className={styles.how}>Tried at {secondsOf(time)} of this run, with packets that nobody asked for.</p>
      <Tried
        heading="From a stranger on the Internet"
        sum={summary(probed, 'in')}
        probed={probed.filter(({ way }) => way === 'in')}
        played={played}
      />
      <Tried
        heading="From a new device at home"
        sum={summary(probed, 'out')}
        probed={probed.filter(({ way }) => way === 'out')}
        played={played}
      />
      <InUse kinds={kinds} />
      <Friend advice={advice} />
    </div>
  );
}

/** Trying costs a run: while playing the last answer stands. */
function useRestingCursor(): number {
  const cursor = useSession((session) => session.cursor);
  const playing = useSession((session) => session.playing);
  const [rested, setRested] = useState(cursor);
  if (!playing && rested !== cursor) setRested(cursor);
  return playing ? rested : cursor;
}

function probedAt({ chosen: { experiment }, run }: Played, cursor: number) {
  const time = run.trace.occurrences[Math.max(0, cursor)]?.time ?? 0;
  const outermost = experiment.routers.at(-1)!;
  return { time, probed: probe(experiment, time, tableAt(run.trace, outermost.id, cursor)) };
}

function summary(probed: readonly Probed[], way: Probed['way']): string {
  const all = probed.filter((each) => each.way === way);
  const through = all.filter(({ fate }) => fate === 'through').length;
  const verb = through === 1 ? 'gets' : 'get';
  if (way === 'in') return through === 0 ? 'Nothing gets in.' : `${through} of ${all.length} ${verb} in.`;
  return through === all.length ? 'All of it gets out.' : `${through} of ${all.length} ${verb} out.`;
}

function Part({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h3 className={controls.heading} id={id}>
        {heading}
      </h3>
      {children}
    </section>
  );
}

interface TriedProps {
  readonly heading: string;
  readonly sum: string;
  readonly probed: readonly Probed[];
  readonly played: Played;
}

function Tried({ heading, sum, probed, played }: TriedProps) {
  return (
    <Part heading={heading}>
      <p className={styles.sum}>{sum}</p>
      <ul className={styles.tried}>
        {probed.map((each) => (
          <li key={each.name} data-fate={each.fate}>
            {each.fate === 'stopped' ? <CrossIcon size={13} /> : <CheckIcon size={13} />}
            <span>{each.name}</span>
            <span className={styles.end}>{endText(each, played)}</span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function endText({ fate, to, reason }: Probed, { run }: Played): string {
  const short = reason && explain(reason).short;
  switch (fate) {
    case 'through':
      return `reaches ${(to && run.nodes.get(to)?.name) ?? 'the other side'}`;
    case 'router':
      return `ends at the router itself${short ? `: ${short}` : ''}`;
    case 'stopped':
      return `stopped${short ? `: ${short}` : ''}`;
  }
}

const SAFETY = { weak: 'weak', open: 'hides nothing', sound: 'sound' } as const;

function InUse({ kinds }: { readonly kinds: readonly VpnKind[] }) {
  return (
    <Part heading="What is in use, and what a firewall here sees of it">
      <ul className={styles.vpns}>
        {kinds.map((kind) => {
          const { safety, why, seen, hidden, source } = VPN_SAFETY[kind];
          return (
            <li key={kind}>
              <p className={styles.vpn}>
                <b>
                  <Unbroken text={vpnName(kind)?.name ?? kind} />
                </b>{' '}
                <span data-safety={safety}>{SAFETY[safety]}</span>
              </p>
              <p>
                <Unbroken text={why} />
              </p>
              <dl>
                <dt>Sees</dt>
                <dd>
                  <Unbroken text={seen} />
                </dd>
                <dt>Cannot see</dt>
                <dd>
                  <Unbroken text={hidden} />
                </dd>
              </dl>
              <p className={styles.source}>{source}</p>
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

const STATE: Readonly<Record<Advice['state'], string>> = { todo: 'to do', done: 'done', always: 'always' };

function Friend({ advice }: { readonly advice: readonly Advice[] }) {
  return (
    <Part heading="What to do about it">
      <p className={styles.sum}>
        Passthrough is a last resort. It lets no stranger in, but it lets more out, and a helper trusts what servers
        say.
      </p>
      <ul className={styles.advice}>
        {advice.map(({ id, title, state, says }) => (
          <li key={id} className={names(state === 'todo' && styles.todo)}>
            <b>{title}</b> <span className={styles.state}>{STATE[state]}</span>
            <p>
              <Unbroken text={says} />
            </p>
          </li>
        ))}
      </ul>
    </Part>
  );
}
