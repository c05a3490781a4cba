/** Why this packet went on or ended here: the student's sentence first, the engineer's behind it, and the source. @module */
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import { Unbroken } from '../design/unbroken.tsx';
import type { Fate } from '../model/run.ts';
import type { ReasonView } from '../model/step-view.ts';
import styles from './why-card.module.css';

export interface Cure {
  readonly label: string;
  readonly apply: () => void;
}

interface WhyCardProps {
  readonly fate: Fate;
  readonly reasons: readonly ReasonView[];
  /** The one switch that would have changed this. */
  readonly cure?: Cure | undefined;
}

const REWRITES: ReadonlySet<string> = new Set(['call-id-rewritten', 'call-id-restored', 'port-drawn', 'port-reused']);

export function WhyCard({ fate, reasons, cure }: WhyCardProps) {
  const [first, ...others] = reasons;
  if (!first) return null;
  const rewritten = fate === 'through' && REWRITES.has(first.reason.code);
  return (
    <section
      className={names(styles.card, fate === 'stopped' && styles.stopped, rewritten && styles.rewritten)}
      aria-label="Why"
    >
      <h3 className={styles.verdict}>
        {fate === 'stopped' ? <CrossIcon /> : <CheckIcon />}
        <Verdict fate={fate} short={first.words.short} />
      </h3>
      <p className={styles.student}>
        <Unbroken text={first.words.student} />
      </p>
      {cure && (
        <button type="button" className={names(controls.button, controls.strong, styles.action)} onClick={cure.apply}>
          {cure.label}
        </button>
      )}
      <details className={styles.more}>
        <summary>For engineers</summary>
        <Exact words={first} />
        {others.length > 0 && (
          <ul className={styles.others}>
            {others.map((each) => (
              <li key={each.words.engineer}>
                <b>{each.words.short}</b>
                <Exact words={each} />
              </li>
            ))}
          </ul>
        )}
      </details>
    </section>
  );
}

function Exact({ words: { words } }: { readonly words: ReasonView }) {
  return (
    <>
      <p className={styles.engineer}>
        <Unbroken text={words.engineer} />
      </p>
      <p className={styles.source}>{words.source}</p>
    </>
  );
}

/** Where it takes two lines, it breaks before the reason. */
function Verdict({ fate, short }: { readonly fate: Fate; readonly short: string }) {
  switch (fate) {
    case 'stopped':
    case 'through':
      return (
        <span>
          {fate === 'stopped' ? 'Stopped at the router:' : 'Sent on:'} <span className={styles.short}>{short}</span>
        </span>
      );
    case 'held':
      return 'Held at the router';
    case 'served':
      return 'Taken by the router';
  }
}
