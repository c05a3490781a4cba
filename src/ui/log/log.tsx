/** The log: what routers, laptops and people have to say, line by line, up to the end of the run. @module */
import { memo, useMemo, useState } from 'react';
import { NARROW, useMedia } from '../design/use-media.ts';
import { StepList, StepRow } from '../lists/step-list.tsx';
import type { Run } from '../model/run.ts';
import { useStage, useUnhurried } from '../session/context.ts';
import { goToStep } from '../session/session.ts';
import { type LogKind, type LogLine, linesOf } from './lines.ts';
import styles from './log.module.css';

const ROW = 26;
/** When and who, and two lines of what. */
const NARROW_ROW = 60;

const CHOICES: Readonly<Record<LogKind | 'all', string>> = {
  all: 'everything',
  stopped: 'what was stopped',
  table: 'the routers’ tables',
  tunnel: 'the tunnels',
  done: 'what somebody did',
};

/** Where there is nothing of what was asked for. */
const NONE: typeof CHOICES = {
  all: 'Nothing happens in this run.',
  stopped: 'Nothing was stopped in this run.',
  table: 'No router writes anything into its table in this run.',
  tunnel: 'Nobody begins a tunnel in this run.',
  done: 'Nobody intervenes in this run.',
};

export const Log = memo(function Log({ run }: { readonly run: Run }) {
  const { store } = useStage();
  const narrow = useMedia(NARROW);
  const [only, setOnly] = useState<LogKind | 'all'>('all');
  const lines = useMemo(() => linesOf(run).filter(({ kind }) => only === 'all' || kind === only), [run, only]);
  const cursor = useUnhurried((session) => session.cursor);
  const current = lineAt(lines, cursor);
  const move = (distance: 1 | -1) => {
    const here = lineAt(lines, store.getState().cursor);
    const next =
      distance > 0 ? lines[here + 1] : lines.findLast((line) => line.position < (lines[here]?.position ?? -1));
    if (next) goToStep(store, next.position);
  };
  return (
    <div className={styles.log}>
      <div className={styles.filter}>
        <label>
          Show{' '}
          <select value={only} onChange={(event) => setOnly(event.target.value as LogKind | 'all')}>
            {Object.entries(CHOICES).map(([kind, name]) => (
              <option key={kind} value={kind}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <output>{lines.length === 1 ? '1 line' : `${lines.length} lines`}</output>
      </div>
      {lines.length === 0 && <p className={styles.none}>{NONE[only]}</p>}
      <StepList
        name="Log"
        count={lines.length}
        rowHeight={narrow ? NARROW_ROW : ROW}
        current={current}
        move={move}
        row={(index, top) => (
          <Row
            line={lines[index]!}
            top={top}
            current={index === current}
            reachable={index === Math.max(0, current)}
            future={index > current}
            go={() => goToStep(store, lines[index]!.position)}
          />
        )}
      />
    </div>
  );
});

function lineAt(lines: readonly LogLine[], cursor: number): number {
  return lines.findLastIndex((line) => line.index <= cursor);
}

interface RowProps {
  readonly line: LogLine;
  readonly top: number;
  readonly current: boolean;
  readonly reachable: boolean;
  readonly future: boolean;
  readonly go: () => void;
}

function Row({ line: { kind, time, who, says }, top, current, reachable, future, go }: RowProps) {
  const seconds = (time / 1e6).toFixed(3);
  return (
    <StepRow
      className={styles.row}
      label={`${seconds} s, ${who}: ${says}`}
      top={top}
      now={current}
      current={current}
      reachable={reachable}
      stopped={kind === 'stopped'}
      future={future}
      go={go}
    >
      <span className={styles.time}>{seconds}</span>
      <span className={styles.who}>{who}</span>
      <span className={styles.says} title={says}>
        {kind === 'stopped' && '✕ '}
        {says}
      </span>
    </StepRow>
  );
}
