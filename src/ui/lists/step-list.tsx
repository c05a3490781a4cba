/** Lists of steps, however long: the ladder and the packets. A click or the arrow keys go to a step. @module */
import { type CSSProperties, type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import { names } from '../design/class-names.ts';
import styles from './step-list.module.css';
import { useCurrentRow } from './use-current-row.ts';

interface StepListProps {
  readonly name: string;
  readonly count: number;
  readonly rowHeight: number;
  /** Which row is the present step's; -1 where none is. */
  readonly current: number;
  /** Up and down; the focus follows. */
  readonly move: (distance: 1 | -1) => void;
  readonly row: (index: number, top: number) => ReactNode;
}

export function StepList({ name, count, rowHeight, current, move, row }: StepListProps) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const moved = useRef(false);
  const rows = useCurrentRow({ box, count, rowHeight, current });
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const distance = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : undefined;
    if (distance === undefined) return;
    event.preventDefault();
    moved.current = true;
    move(distance);
  };
  // The focus follows once the list is drawn, unless it has gone elsewhere by then. At once, as the next key may come.
  useLayoutEffect(() => {
    const { activeElement } = document;
    if (moved.current && current >= 0 && (activeElement === document.body || box?.contains(activeElement)))
      box?.querySelector<HTMLElement>('[aria-current="step"]')?.focus();
    moved.current = false;
  }, [box, current]);
  return (
    <div ref={setBox} className={styles.scroll}>
      <ol
        className={styles.rows}
        style={{ height: rows.getTotalSize() }}
        data-steps=""
        aria-label={name}
        onKeyDown={press}
      >
        {rows.getVirtualItems().map(({ index, start }) => (
          <li key={index}>{row(index, start)}</li>
        ))}
      </ol>
    </div>
  );
}

interface StepRowProps {
  readonly className: string | undefined;
  /** What a screen reader says for the whole row. */
  readonly label: string;
  readonly top: number;
  /** It belongs to the present step. */
  readonly now: boolean;
  /** It is the one that stands for the present step. */
  readonly current: boolean;
  /** The tab key gets here; one row of a list is enough. */
  readonly reachable: boolean;
  readonly stopped: boolean;
  readonly future?: boolean;
  readonly style?: CSSProperties;
  readonly go: () => void;
  readonly children: ReactNode;
}

export function StepRow(props: StepRowProps) {
  const { className, label, top, now, current, reachable, stopped, future, style, go, children } = props;
  return (
    <button
      type="button"
      className={names(styles.row, className)}
      style={{ ...style, top }}
      aria-current={current ? 'step' : undefined}
      aria-label={label}
      tabIndex={reachable ? 0 : -1}
      data-now={now}
      data-future={future}
      data-stopped={stopped}
      onClick={go}
    >
      {children}
    </button>
  );
}
