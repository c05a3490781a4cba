/** The router's connection table as it stands at the cursor, and what this step did to it. @module */
import type { CSSProperties } from 'react';
import controls from '../design/controls.module.css';
import { entryState, entryText, familyOfEntry } from '../model/entry.ts';
import type { Run } from '../model/run.ts';
import { rowsAt, type TableRow } from '../model/table.ts';
import { useSession, useStage } from '../session/context.ts';
import { select } from '../session/session.ts';
import { changeText, timeLeft } from './changes.ts';
import styles from './table-panel.module.css';

export function TablePanel({ run }: { readonly run: Run }) {
  const cursor = useSession((session) => session.cursor);
  const now = run.trace.occurrences[cursor]?.time ?? 0;
  return (
    <section className={styles.scroll} aria-label="Connection tables">
      {run.trace.nodes
        .filter((node) => node.kind === 'router')
        .map((node) => (
          <RouterTable key={node.id} name={node.name} rows={rowsAt(run.trace, node.id, cursor)} now={now} />
        ))}
    </section>
  );
}

interface RouterTableProps {
  readonly name: string;
  readonly rows: readonly TableRow[];
  readonly now: number;
}

function RouterTable({ name, rows, now }: RouterTableProps) {
  return (
    <table className={styles.table}>
      <caption>
        {rows.length === 0 ? `The table of ${name} is empty.` : `What ${name} has written down, oldest first.`}
      </caption>
      {rows.length > 0 && (
        <>
          <thead>
            <tr>
              <th scope="col">Protocol</th>
              <th scope="col">Began by</th>
              <th scope="col">With</th>
              <th scope="col">Outside as</th>
              <th scope="col">State</th>
              <th scope="col">Time left</th>
              <th scope="col">This step</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={`${row.entry.id}-${row.change?.kind === 'removed'}`} row={row} now={now} />
            ))}
          </tbody>
        </>
      )}
    </table>
  );
}

function Row({ row, now }: { readonly row: TableRow; readonly now: number }) {
  const { store } = useStage();
  const { entry, change, used } = row;
  const selected = useSession(({ selection }) => selection?.kind === 'entry' && selection.id === entry.id);
  const family = familyOfEntry(entry);
  const text = entryText(entry);
  const said = changeText(row);
  const choose = () => select(store, selected ? undefined : { kind: 'entry', id: entry.id });
  return (
    <tr
      className={styles.row}
      style={{ '--hue': `var(--${family})`, '--tint': `var(--${family}-tint)` } as CSSProperties}
      data-used={used}
      data-change={change?.kind}
      data-selected={selected}
    >
      <td>
        <button type="button" className={styles.protocol} aria-pressed={selected} onClick={choose}>
          {text.protocol}
          <span className={controls.hidden}> entry {entry.id}</span>
        </button>
      </td>
      <td className={styles.mono}>{text.inside}</td>
      <td className={styles.mono}>{text.remote}</td>
      {text.plain ? <td className={styles.state}>not translated</td> : <td className={styles.mono}>{text.outside}</td>}
      <td className={styles.state}>{entryState(entry)}</td>
      <td className={styles.mono}>{change?.kind === 'removed' ? '' : timeLeft(entry, now)}</td>
      <td>{said && <span className={styles.change}>{said}</span>}</td>
    </tr>
  );
}
