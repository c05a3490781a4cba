/** What can be underlined among the bytes: who wrote them, and what guards them. @module */
import { useId } from 'react';
import type { Guard } from '../model/coverage.ts';
import styles from './byte-marks.module.css';

/** Places of bytes to underline on each side, and what is said of them. */
export interface Mark {
  readonly id: string;
  readonly name: string;
  readonly says: string;
  readonly before: ReadonlySet<number>;
  readonly after: ReadonlySet<number>;
}

interface ByteMarksProps {
  readonly heading: string;
  readonly marks: readonly Mark[];
  readonly chosen: Mark | undefined;
  readonly choose: (mark: Mark | undefined) => void;
}

export function ByteMarks({ heading, marks, chosen, choose }: ByteMarksProps) {
  const id = useId();
  if (marks.length === 0) return null;
  return (
    <fieldset className={styles.marks} aria-labelledby={id}>
      <span className={styles.heading} id={id}>
        {heading}
      </span>
      {marks.map((mark) => (
        <button
          key={mark.id}
          type="button"
          className={styles.mark}
          aria-pressed={chosen?.id === mark.id}
          onClick={() => choose(chosen?.id === mark.id ? undefined : mark)}
        >
          {mark.name}
        </button>
      ))}
    </fieldset>
  );
}

export function markOfGuard({ id, name, says, before, after }: Guard): Mark {
  const places = (spans: Guard['before']) =>
    new Set(spans.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)));
  return { id, name, says, before: places(before), after: places(after) };
}
