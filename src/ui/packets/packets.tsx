/** The packets of the run as a list that can be narrowed down. @module */
import { type CSSProperties, memo, useMemo, useState } from 'react';
import { names } from '../design/class-names.ts';
import { NARROW, useMedia } from '../design/use-media.ts';
import { StepList, StepRow } from '../lists/step-list.tsx';
import { familyOf } from '../model/packet.ts';
import { type Run, stepAt } from '../model/run.ts';
import { endsOf, labelOf } from '../model/sentence.ts';
import { viewOf } from '../model/step-view.ts';
import { titleOf } from '../model/title.ts';
import { useStage, useUnhurried } from '../session/context.ts';
import { goToStep } from '../session/session.ts';
import { filtered, type PacketFilter } from './filter.ts';
import styles from './packets.module.css';

const ROW = 28;
/** Two lines: what the packet is, and what the router did with it. */
const NARROW_ROW = 46;
const TROUBLE = 'packets-filter-trouble';
const NO_FILTER: PacketFilter = { words: '', only: 'all' };

export const Packets = memo(function Packets({ run }: { readonly run: Run }) {
  const { store } = useStage();
  const narrow = useMedia(NARROW);
  const [filter, setFilter] = useState(NO_FILTER);
  const { positions: found, trouble } = useMemo(() => filtered(run, filter), [run, filter]);
  const position = useUnhurried((session) => stepAt(run, session.cursor));
  const current = found.indexOf(position);
  const move = (distance: 1 | -1) => {
    const next = found[found.indexOf(stepAt(run, store.getState().cursor)) + distance];
    if (next !== undefined) goToStep(store, next);
  };
  return (
    <div className={styles.packets}>
      <FilterBar
        narrow={narrow}
        filter={filter}
        change={setFilter}
        found={found.length}
        all={run.steps.length}
        trouble={trouble}
      />
      <div className={styles.heads} aria-hidden="true">
        <span>No.</span>
        <span className={names(styles.wide, styles.time)}>Time</span>
        <span className={styles.wide}>From</span>
        <span className={styles.wide}>To</span>
        <span>Packet</span>
        <span>Router</span>
      </div>
      {found.length === 0 && !trouble && (
        <p className={styles.none}>
          No packet fits.{' '}
          <button type="button" className={styles.all} onClick={() => setFilter(NO_FILTER)}>
            Show all
          </button>
        </p>
      )}
      <StepList
        name="Packets"
        count={found.length}
        rowHeight={narrow ? NARROW_ROW : ROW}
        current={current}
        move={move}
        row={(index, top) => (
          <Row
            run={run}
            position={found[index]!}
            top={top}
            current={index === current}
            reachable={index === Math.max(0, current)}
          />
        )}
      />
    </div>
  );
});

interface FilterBarProps {
  readonly narrow: boolean;
  readonly filter: PacketFilter;
  readonly change: (filter: PacketFilter) => void;
  readonly found: number;
  readonly all: number;
  readonly trouble: string | undefined;
}

function FilterBar({ narrow, filter, change, found, all, trouble }: FilterBarProps) {
  return (
    <search className={styles.filter}>
      <input
        type="search"
        aria-label="Words to look for, or a display filter"
        aria-describedby={trouble ? TROUBLE : undefined}
        placeholder={narrow ? 'gre, tcp.port == 1723' : 'gre, .11, tcp.port == 1723'}
        spellCheck={false}
        value={filter.words}
        onChange={(event) => change({ ...filter, words: event.target.value })}
      />
      <select
        aria-label="Which packets"
        value={filter.only}
        onChange={(event) => change({ ...filter, only: event.target.value as PacketFilter['only'] })}
      >
        <option value="all">all packets</option>
        <option value="stopped">only stopped</option>
        <option value="rewritten">only rewritten</option>
      </select>
      <output>
        {found} of {all}
      </output>
      <p id={TROUBLE} role="status" className={styles.trouble}>
        {trouble}
      </p>
    </search>
  );
}

interface RowProps {
  readonly run: Run;
  /** Of its step. */
  readonly position: number;
  readonly top: number;
  readonly current: boolean;
  readonly reachable: boolean;
}

const Row = memo(function Row({ run, position, top, current, reachable }: RowProps) {
  const { store } = useStage();
  const step = run.steps[position]!;
  const { occurrence, fate } = step;
  const bytes = 'frame' in occurrence ? occurrence.frame.bytes : undefined;
  const ends = endsOf(run, step);
  const title = bytes ? titleOf(bytes) : labelOf(run, step);
  const short = viewOf(run, step)?.reasons[0]?.words.short;
  return (
    <StepRow
      className={styles.row}
      style={{ '--hue': bytes ? `var(--${familyOf(bytes)})` : 'transparent' } as CSSProperties}
      label={`${step.number}. ${labelOf(run, step)}`}
      top={top}
      now={current}
      current={current}
      reachable={reachable}
      stopped={fate === 'stopped'}
      go={() => goToStep(store, position)}
    >
      <span className={styles.number}>{step.number}</span>
      <span className={names(styles.number, styles.wide, styles.time)}>{(occurrence.time / 1e6).toFixed(4)}</span>
      <span className={styles.wide} title={ends.from}>
        {ends.from}
      </span>
      <span className={styles.wide} title={ends.to}>
        {ends.to}
      </span>
      <span className={styles.name} title={title}>
        {title}
      </span>
      <span className={fate === 'stopped' ? styles.stopped : styles.fate} title={short}>
        {fate === 'stopped' && '✕ '}
        {short}
      </span>
    </StepRow>
  );
});
