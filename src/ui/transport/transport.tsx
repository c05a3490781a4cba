/** Play, pause, steps, the next drop, and the whole run as a line to go along. @module */
import { type ReactNode, useMemo } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { BackIcon, CrossIcon, EndIcon, ForwardIcon, PauseIcon, PlayIcon, StartIcon } from '../design/icons.tsx';
import { REGION } from '../design/regions.ts';
import { stepAt } from '../model/run.ts';
import { secondsOf } from '../model/sentence.ts';
import { useSession, useStage } from '../session/context.ts';
import { nextDrop, setSpeed, stepBy, toEnd, togglePlay, toStart } from '../session/session.ts';
import { nextStopOf, nextStopText } from './next-stop.ts';
import { Timeline } from './timeline.tsx';
import styles from './transport.module.css';

const SPEEDS = [0.5, 1, 2, 4] as const;

export function Transport() {
  const { store } = useStage();
  const run = useSession((session) => session.run);
  const cursor = useSession((session) => session.cursor);
  const playing = useSession((session) => session.playing);
  const speed = useSession((session) => session.speed);
  const count = run?.steps.length ?? 0;
  const position = run ? stepAt(run, cursor) : -1;
  const stop = useMemo(() => nextStopOf(run, position), [run, position]);
  const time = run?.steps[position]?.occurrence.time ?? 0;
  return (
    <section className={styles.bar} aria-label="Transport" {...REGION}>
      {/* A stop of the tab key each: arrows step through the run here more than anywhere. */}
      <div className={styles.buttons}>
        <IconButton name="To the start" keys="Home" disabled={position < 0} press={() => toStart(store)}>
          <StartIcon />
        </IconButton>
        <IconButton name="One step back" keys="←" disabled={position < 0} press={() => stepBy(store, -1)}>
          <BackIcon />
        </IconButton>
        <button
          type="button"
          className={styles.play}
          aria-label={playing ? 'Pause' : 'Play'}
          title={`${playing ? 'Pause' : 'Play'} (space)`}
          disabled={count === 0}
          onClick={() => togglePlay(store)}
        >
          {playing ? <PauseIcon size={18} /> : <PlayIcon size={18} />}
        </button>
        <IconButton name="One step forward" keys="→" disabled={position >= count - 1} press={() => stepBy(store, 1)}>
          <ForwardIcon />
        </IconButton>
        <IconButton name="To the end" keys="End" disabled={position >= count - 1} press={() => toEnd(store)}>
          <EndIcon />
        </IconButton>
        <button
          type="button"
          className={names(controls.button, controls.quiet, styles.next)}
          title={stop?.which === 'only' ? undefined : `${nextStopText(stop)} (n)`}
          disabled={!stop}
          aria-disabled={stop?.which === 'only'}
          onClick={() => nextDrop(store)}
        >
          {stop?.of === 'drop' && <CrossIcon size={13} />}
          {nextStopText(stop)}
        </button>
      </div>
      {run && <Timeline run={run} position={position} />}
      <label>
        <span className={controls.hidden}>Speed</span>
        <select
          className={styles.speed}
          value={speed}
          onChange={(event) => setSpeed(store, Number(event.target.value))}
        >
          {SPEEDS.map((each) => (
            <option key={each} value={each}>
              {each}×
            </option>
          ))}
        </select>
      </label>
      <p className={styles.clock}>
        {position + 1}/{count}
        <span className={styles.time}> · {secondsOf(time)}</span>
      </p>
    </section>
  );
}

interface IconButtonProps {
  readonly name: string;
  readonly keys: string;
  readonly disabled: boolean;
  readonly press: () => void;
  readonly children: ReactNode;
}

/** A disabled button would lose the focus: at the end of a run, whoever steps on by keyboard. */
function IconButton({ name, keys, disabled, press, children }: IconButtonProps) {
  return (
    <button
      type="button"
      className={names(controls.button, controls.icon, controls.quiet)}
      aria-label={name}
      title={`${name} (${keys})`}
      aria-disabled={disabled}
      onClick={disabled ? undefined : press}
    >
      {children}
    </button>
  );
}
