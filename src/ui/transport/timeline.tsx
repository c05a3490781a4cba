/** The run as a line: a mark for each packet, taller and vermilion where one was stopped. @module */
import { useMemo } from 'react';
import type { Run } from '../model/run.ts';
import { labelOf } from '../model/sentence.ts';
import { useStage } from '../session/context.ts';
import { goToStep } from '../session/session.ts';
import { marksOf } from './marks.ts';
import styles from './transport.module.css';

const ROOM = 300;

export function Timeline({ run, position }: { readonly run: Run; readonly position: number }) {
  const { store } = useStage();
  const marks = useMemo(() => marksOf(run, ROOM), [run]);
  const step = run.steps[position];
  const done = (position + 1) / Math.max(1, run.steps.length);
  return (
    <div className={styles.line}>
      <svg className={styles.marks} aria-hidden="true">
        <line x1="0" x2="100%" y1="50%" y2="50%" stroke="var(--line)" strokeWidth="2" />
        <line x1="0" x2={along(done)} y1="50%" y2="50%" stroke="var(--strong)" strokeWidth="2" />
        {marks.map(({ at, family, stopped }) => (
          <line
            key={at}
            x1={along(at)}
            x2={along(at)}
            y1={stopped ? '18%' : '34%'}
            y2={stopped ? '82%' : '66%'}
            stroke={stopped ? 'var(--drop)' : `var(--${family ?? 'soft'})`}
            strokeWidth={stopped ? 4 : 3}
            strokeLinecap="round"
          />
        ))}
      </svg>
      <input
        className={styles.slider}
        type="range"
        aria-label="Step"
        aria-valuetext={step ? `${step.number}: ${labelOf(run, step)}` : 'before the first packet'}
        min={-1}
        max={run.steps.length - 1}
        value={position}
        onChange={(event) => {
          store.setState({ playing: false });
          goToStep(store, Number(event.target.value));
        }}
      />
    </div>
  );
}

function along(at: number): string {
  return `${at * 100}%`;
}
