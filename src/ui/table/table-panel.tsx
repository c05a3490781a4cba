/** The router's connection table as it stands at the cursor, and what this step did to it. @module */
import { type CSSProperties, memo, useLayoutEffect, useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { NARROW, useMedia } from '../design/use-media.ts';
import { useCurrentRow } from '../lists/use-current-row.ts';
import { entryState, entryText, familyOfEntry } from '../model/entry.ts';
import { type Run, stepAt } from '../model/run.ts';
import { viewOf } from '../model/step-view.ts';
import { rowsAt, type TableRow } from '../model/table.ts';
import { useSession, useStage, useUnhurried } from '../session/context.ts';
import { select } from '../session/session.ts';
import { strayOf } from '../stage/table-lines.ts';
import { changeText, timeLeft } from './changes.ts';
import styles from './table-panel.module.css';

const ROW = 42;
/** Three lines: inside, the far end, outside; beside them what became of the entry. */
const NARROW_ROW = 64;

export const TablePanel = memo(function TablePanel({ run }: { readonly run: Run }) {
  const cursor = useUnhurried((session) => session.cursor);
  const view = viewOf(run, run.steps[stepAt(run, cursor)]);
  const now = run.trace.occurrences[cursor]?.time ?? 0;
  const [box, setBox] = useState<HTMLElement | null>(null);
  return (
    <section ref={setBox} className={styles.scroll} aria-label="Connection tables">
      {run.trace.nodes
        .filter((node) => node.kind === 'router')
        .map((node) => (
          <RouterTable
            key={node.id}
            box={box}
            name={node.name}
            rows={rowsAt(run.trace)(node.id, cursor)}
            stray={view && view.routed.node === node.id ? strayOf(view) : undefined}
            now={now}
          />
        ))}
    </section>
  );
});

interface RouterTableProps {
  readonly box: HTMLElement | null;
  readonly name: string;
  readonly rows: readonly TableRow[];
  /** What the packet of this step asked the table for, and did not find. */
  readonly stray: string | undefined;
  readonly now: number;
}

function RouterTable({ box, name, rows, stray, now }: RouterTableProps) {
  const current = rows.findLastIndex(({ change, used }) => change !== undefined || used);
  const rowHeight = useMedia(NARROW) ? NARROW_ROW : ROW;
  const [body, setBody] = useState<HTMLElement | null>(null);
  const [above, setAbove] = useState(0);
  // Of the tables before it, too.
  useLayoutEffect(() => {
    if (box && body) setAbove(body.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop);
  });
  const view = useCurrentRow({ box, count: rows.length, rowHeight, current, above });
  const shown = view.getVirtualItems();
  const before = (shown[0]?.start ?? above) - above;
  const after = view.getTotalSize() + above - (shown.at(-1)?.end ?? above);
  const count = rows.length + (stray === undefined ? 0 : 1);
  return (
    <table className={styles.table} aria-rowcount={count + 1} style={{ '--row': `${rowHeight}px` } as CSSProperties}>
      <caption>
        {rows.length === 0
          ? `The table of ${name === 'Router' ? 'the router' : name} is empty.`
          : `What ${name} has written down, oldest first.`}
      </caption>
      {count > 0 && (
        <>
          <thead>
            <tr aria-rowindex={1}>
              {['Protocol', 'Who, with whom', 'Outside as', 'State', 'Time left', 'This step'].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={setBody}>
            <Gap height={before} />
            {shown.map(({ index }) => {
              const row = rows[index]!;
              return (
                <Row key={`${row.entry.id}-${row.change?.kind === 'removed'}`} row={row} place={index + 2} now={now} />
              );
            })}
            <Gap height={after} />
            {stray !== undefined && (
              <tr aria-rowindex={count + 1} className={styles.stray}>
                <td colSpan={5}>? {stray}</td>
                <td>
                  <b>nobody</b>
                </td>
              </tr>
            )}
          </tbody>
        </>
      )}
    </table>
  );
}

/** Stands for the rows above or below the view. */
function Gap({ height }: { readonly height: number }) {
  if (height === 0) return null;
  return (
    <tr>
      <td colSpan={6} style={{ height, padding: 0 }} />
    </tr>
  );
}

interface RowProps {
  readonly row: TableRow;
  /** Counted with the heading, as assistive technology counts. */
  readonly place: number;
  readonly now: number;
}

function Row({ row, place, now }: RowProps) {
  const { store } = useStage();
  const { entry, change, used } = row;
  const selected = useSession(({ selection }) => selection?.kind === 'entry' && selection.id === entry.id);
  const family = familyOfEntry(entry);
  const text = entryText(entry);
  const said = changeText(row);
  const left = change?.kind === 'removed' ? '' : timeLeft(entry, now);
  const choose = () => select(store, selected ? undefined : { kind: 'entry', id: entry.id });
  return (
    <tr
      aria-rowindex={place}
      className={styles.row}
      // The button in it is the keyboard's way, and its click comes by here too.
      onClick={choose}
      style={{ '--hue': `var(--${family})`, '--tint': `var(--${family}-tint)` } as CSSProperties}
      data-used={used}
      data-change={change?.kind}
      data-in-the-way={row.inTheWay}
      data-selected={selected}
    >
      <td>
        <button type="button" className={styles.protocol} aria-pressed={selected}>
          {text.protocol}
          <span className={controls.hidden}>{entry.kind === 'expectation' ? ' expected' : ` entry ${entry.id}`}</span>
        </button>
      </td>
      <td className={styles.mono}>
        {text.inside}
        <span className={styles.with}>
          <span>with </span>
          {text.remote}
        </span>
      </td>
      {text.plain ? (
        <td className={names(styles.outside, styles.soft)}>not translated</td>
      ) : (
        <td className={names(styles.outside, styles.mono)}>
          <span className={styles.word}>outside </span>
          {text.outside}
        </td>
      )}
      <td className={styles.state}>{entryState(entry)}</td>
      <td className={styles.left}>
        {left}
        {/\d/.test(left) && <span className={styles.word}> left</span>}
      </td>
      <td className={styles.step}>
        {said && (
          <span className={styles.change} title={said}>
            {said}
          </span>
        )}
      </td>
    </tr>
  );
}
