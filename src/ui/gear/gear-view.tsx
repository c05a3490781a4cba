/** A router's configuration for one target: how far it can be trusted, its lines, and what it cannot do. @module */
import { type ReactNode, useId } from 'react';
import type { Gear, GearNote, Proof } from '../../gear/gear.ts';
import { makerName } from '../../gear/text.ts';
import type { Switches } from '../../router/profiles/profile.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import styles from './gear-view.module.css';
import { MakerName } from './maker.tsx';
import { PartView } from './part-view.tsx';

export function GearView({ gear, switches }: { readonly gear: Gear; readonly switches: Switches }) {
  const silent = gear.silent.map((name) => makerName({ switch: name, on: switches[name] }));
  const notes = (kind: GearNote['kind']) => gear.notes.filter((note) => note.kind === kind);
  return (
    <div className={styles.view}>
      <Verdict proof={gear.proof} />
      <div className={styles.parts}>
        {gear.parts.map((part) => (
          <PartView key={part.place} part={part} comment={gear.comment} />
        ))}
        <p className={styles.legend}>
          A line with a name beside it is made by that switch; the others are the router’s own, whatever its switches.
          {silent.length > 0 && ` No line here: ${silent.join(', ')}.`}
        </p>
      </div>
      <div className={styles.aside}>
        <Notes title="Cannot be done here" notes={notes('cannot')} />
        <Notes title="Done another way" notes={notes('differs')} />
        <Notes title="Not known" notes={notes('unknown')} />
        <Facts title="What was tested" facts={gear.proof.tested} />
        <Facts title="Not tested" facts={gear.proof.untested} />
        <Facts title="Read in" facts={gear.proof.sources.map(({ name, says }) => `${name}: ${says}`)} />
      </div>
    </div>
  );
}

/** Whether anything was run comes first. */
function Verdict({ proof }: { readonly proof: Proof }) {
  const id = useId();
  const wasTested = proof.tested.length > 0;
  return (
    <section className={names(styles.verdict, wasTested && styles.tested)} aria-labelledby={id}>
      <h3 id={id}>{wasTested ? 'Tested' : 'Read only, not tested'}</h3>
      <p>
        <Unbroken text={proof.summary} />
      </p>
    </section>
  );
}

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly string[] }) {
  return <Section title={title} items={facts.map((fact) => ({ key: fact, content: <Unbroken text={fact} /> }))} />;
}

function Notes({ title, notes }: { readonly title: string; readonly notes: readonly GearNote[] }) {
  const items = notes.map(({ says, by }) => ({
    key: says,
    content: (
      <>
        <Unbroken text={says} /> <MakerName by={by} />
      </>
    ),
  }));
  return <Section title={title} items={items} />;
}

interface SectionProps {
  readonly title: string;
  readonly items: readonly { readonly key: string; readonly content: ReactNode }[];
}

function Section({ title, items }: SectionProps) {
  const id = useId();
  if (items.length === 0) return null;
  return (
    <section aria-labelledby={id}>
      <h3 className={controls.heading} id={id}>
        {title}
      </h3>
      <ul className={styles.facts}>
        {items.map(({ key, content }) => (
          <li key={key}>{content}</li>
        ))}
      </ul>
    </section>
  );
}
