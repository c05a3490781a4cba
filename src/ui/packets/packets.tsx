/** The packets of the run as a list that can be narrowed down. @module */
import { type CSSProperties, useMemo, useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { stepKeys } from '../design/step-keys.ts';
import { useCurrentRow } from '../design/use-current-row.ts';
import { familyOf } from '../model/packet.ts';
import { type Run, type Step, stepAt } from '../model/run.ts';
import { endsOf, labelOf } from '../model/sentence.ts';
import { viewOf } from '../model/step-view.ts';
import { titleOf } from '../model/title.ts';
import { useSession, useStage } from '../session/context.ts';
import { goToStep } from '../session/session.ts';
import { filtered, type PacketFilter } from './filter.ts';
import styles from './packets.module.css';

const ROW = 28;

export function Packets({ run }: { readonly run: Run }) {
  const { store } = useStage();
  const [filter, setFilter] = useState<PacketFilter>({ words: '', only: 'all' });
  const found = useMemo(() => filtered(run, filter), [run, filter]);
  const current = useSession((session) => stepAt(run, session.cursor));
  const [box, setBox] = useState<HTMLElement | null>(null);
  const rows = useCurrentRow({ box, count: found.length, rowHeight: ROW, current: found.indexOf(current) });
  const move = (distance: 1 | -1) => {
    const next = found[found.indexOf(current) + distance];
    if (next !== undefined) goToStep(store, next);
  };
  const reachable = found.includes(current) ? current : found[0];
  return (
    <div className={styles.packets}>
      <search className={styles.filter}>
        <input
          type="search"
          aria-label="Words to look for"
          placeholder="Filter: gre, .11, Outgoing…"
          value={filter.words}
          onChange={(event) => setFilter({ ...filter, words: event.target.value })}
        />
        <select
          aria-label="Which packets"
          value={filter.only}
          onChange={(event) => setFilter({ ...filter, only: event.target.value as PacketFilter['only'] })}
        >
          <option value="all">all packets</option>
          <option value="stopped">only stopped</option>
          <option value="rewritten">only rewritten</option>
        </select>
        <output>
          {found.length} of {run.steps.length}
        </output>
      </search>
      <div className={styles.heads} aria-hidden="true">
        <span>No.</span>
        <span className={styles.wide}>Time</span>
        <span className={styles.wide}>From</span>
        <span className={styles.wide}>To</span>
        <span>Packet</span>
        <span>Router</span>
      </div>
      <div ref={setBox} className={styles.scroll}>
        {found.length === 0 && <p className={styles.none}>No packet fits.</p>}
        <ol
          className={styles.rows}
          style={{ height: rows.getTotalSize() }}
          data-steps=""
          aria-label="Packets"
          onKeyDown={stepKeys(move)}
        >
          {rows.getVirtualItems().map(({ index, start }) => {
            const position = found[index]!;
            return (
              <li key={position}>
                <Row
                  run={run}
                  step={run.steps[position]!}
                  top={start}
                  current={position === current}
                  reachable={position === reachable}
                  go={() => goToStep(store, position)}
                />
              </li>
            );
          })}
        </ol>
      </div>
    </div>
  );
}

interface RowProps {
  readonly run: Run;
  readonly step: Step;
  readonly top: number;
  readonly current: boolean;
  readonly reachable: boolean;
  readonly go: () => void;
}

function Row({ run, step, top, current, reachable, go }: RowProps) {
  const { occurrence, fate } = step;
  const bytes = 'frame' in occurrence ? occurrence.frame.bytes : undefined;
  const ends = endsOf(run, step);
  const short = viewOf(run, step)?.reasons[0]?.words.short ?? '';
  return (
    <button
      type="button"
      className={styles.row}
      style={{ top, '--hue': bytes ? `var(--${familyOf(bytes)})` : 'transparent' } as CSSProperties}
      aria-current={current ? 'step' : undefined}
      aria-label={`${step.number}. ${labelOf(run, step)}`}
      tabIndex={reachable ? 0 : -1}
      data-stopped={fate === 'stopped'}
      onClick={go}
    >
      <span className={styles.number}>{step.number}</span>
      <span className={names(styles.number, styles.wide)}>{(occurrence.time / 1e6).toFixed(4)}</span>
      <span className={styles.wide}>{ends.from}</span>
      <span className={styles.wide}>{ends.to}</span>
      <span className={styles.name}>{bytes ? titleOf(bytes) : labelOf(run, step)}</span>
      <span className={fate === 'stopped' ? styles.stopped : styles.fate}>
        {fate === 'stopped' && '✕ '}
        {short}
      </span>
      {current && <span className={controls.hidden}>present step</span>}
    </button>
  );
}
