/** The whole run as a sequence diagram; a click or the arrow keys go to a packet. @module */
import { type CSSProperties, memo, useMemo } from 'react';
import { names } from '../design/class-names.ts';
import { StepList, StepRow } from '../lists/step-list.tsx';
import { type Run, stepAt } from '../model/run.ts';
import { labelOf } from '../model/sentence.ts';
import { useSession, useStage, useUnhurried } from '../session/context.ts';
import { goToStep, stepBy } from '../session/session.ts';
import { headsOf, isCrowded, shortName } from './heads.ts';
import styles from './ladder.module.css';
import { type Arrow, type LadderLine, type Lifeline, ladderRow, lifelinesOf, linesOf, type RowWords } from './rows.ts';
import { useWidth } from './use-width.ts';

const ROW = 40;

export const Ladder = memo(function Ladder({ run }: { readonly run: Run }) {
  const { store } = useStage();
  const position = useUnhurried((session) => stepAt(run, session.cursor));
  const chosen = useSession(({ selection }) => (selection?.kind === 'node' ? selection.id : undefined));
  const lines = linesOf(run);
  const lifelines = useMemo(() => lifelinesOf(run.trace.nodes), [run]);
  const heads = useMemo(() => headsOf(lifelines), [lifelines]);
  const { ref, width } = useWidth();
  return (
    <div className={styles.ladder} style={{ '--lifelines': groundOf(lifelines) } as CSSProperties}>
      <div ref={ref} className={styles.heads} data-heads="" aria-hidden="true" data-crowded={isCrowded(heads, width)}>
        {heads.map(({ node, from, to, align }) => (
          <span
            key={node.id}
            className={styles.head}
            data-selected={node.id === chosen}
            style={{ marginLeft: percent(from), width: percent(to - from), textAlign: align }}
          >
            <span className={styles.long}>{node.name}</span>
            <span className={styles.short}>{shortName(node)}</span>
          </span>
        ))}
      </div>
      <StepList
        name="Ladder"
        count={lines.length}
        rowHeight={ROW}
        current={lines.findLastIndex((line) => line.position === position)}
        move={(distance) => stepBy(store, distance)}
        row={(index, top) => {
          const line = lines[index]!;
          return (
            <Row
              run={run}
              line={line}
              lifelines={lifelines}
              top={top}
              now={line.position === position}
              future={line.position > position}
              reachable={!line.answer && line.position === Math.max(0, position)}
            />
          );
        }}
      />
    </div>
  );
});

interface RowProps {
  readonly run: Run;
  readonly line: LadderLine;
  readonly lifelines: readonly Lifeline[];
  readonly top: number;
  /** Of the present step; of one that comes after it. */
  readonly now: boolean;
  readonly future: boolean;
  readonly reachable: boolean;
}

/** Drawn again only where it changes: at most steps that is the row one leaves and the one one comes to. */
const Row = memo(function Row({ run, line, lifelines, top, now, future, reachable }: RowProps) {
  const { store } = useStage();
  const { arrows, words, stoppedAt, note } = ladderRow(run, lifelines, line);
  const step = run.steps[line.position]!;
  return (
    <StepRow
      className={styles.row}
      label={line.answer ? `${step.number}, ${words.name}, ${words.numbers}` : `${step.number}. ${labelOf(run, step)}`}
      top={top}
      now={now}
      current={now && !line.answer}
      reachable={reachable}
      stopped={step.fate === 'stopped'}
      future={future}
      go={() => goToStep(store, line.position)}
    >
      <span className={styles.time}>{!line.answer && (step.occurrence.time / 1e6).toFixed(3)}</span>
      <span className={styles.picture}>
        <svg aria-hidden="true">
          {arrows.map((arrow) => (
            <ArrowLine key={`${arrow.from}-${arrow.to}-${arrow.own}`} arrow={arrow} />
          ))}
        </svg>
        {arrows.length > 0 && <Words arrows={arrows} words={words} crossed={stoppedAt !== undefined} />}
        {stoppedAt !== undefined && (
          <svg aria-hidden="true">
            <Cross at={stoppedAt} />
          </svg>
        )}
        {note && (
          <span className={styles.note}>
            <span>{note}</span>
          </span>
        )}
      </span>
    </StepRow>
  );
});

/** Lifelines are the ground of every row. Drawn as elements of each, they would cost half the time of drawing it. */
function groundOf(lifelines: readonly Lifeline[]): string {
  return lifelines
    .flatMap(({ at, to }) => (to === undefined ? [stroke(at)] : [stroke(at), stroke(to), band(at, to)]))
    .join(', ');
}

function stroke(at: number): string {
  return `linear-gradient(var(--line) 0 0) ${percent(at)} 0 / 1.5px 100% no-repeat`;
}

/** A background's place in percent is how much of the room beside it lies before it. */
function band(from: number, to: number): string {
  const width = to - from;
  return `linear-gradient(var(--card) 0 0) ${percent(from / (1 - width))} 0 / ${percent(width)} 100% no-repeat`;
}

const LINE = 20;

function ArrowLine({ arrow: { from, to, family, own } }: { readonly arrow: Arrow }) {
  const hue = `var(--${family})`;
  const right = to > from;
  return (
    <>
      <line
        x1={percent(from)}
        x2={percent(to)}
        y1={LINE}
        y2={LINE}
        stroke={hue}
        strokeWidth="1.8"
        strokeDasharray={own ? '5 3' : undefined}
      />
      <svg x={percent(to)} y={LINE} overflow="visible" aria-hidden="true">
        <path d={right ? 'M0 0l-8 -4.5v9z' : 'M0 0l8 -4.5v9z'} fill={hue} />
      </svg>
    </>
  );
}

function Cross({ at }: { readonly at: number }) {
  return (
    <svg x={percent(at)} y={LINE} overflow="visible" aria-hidden="true">
      <circle r="9" fill="var(--drop)" />
      <path d="M-4 -4l8 8M4 -4l-8 8" stroke="var(--on-drop)" strokeWidth="2.2" strokeLinecap="round" />
    </svg>
  );
}

interface WordsProps {
  readonly arrows: readonly Arrow[];
  readonly words: RowWords;
  /** A cross stands at the arrow's end. */
  readonly crossed: boolean;
}

/**
 * Over the arrow the name, under it the numbers and, at the receiver's end, what the router changed. Each begins at its
 * end of the way; where that is too little it takes the room behind it first, and only then runs on over the router.
 */
function Words({ arrows, words, crossed }: WordsProps) {
  const [first, final] = [arrows[0]!, arrows.at(-1)!];
  const leftward = first.from > first.to;
  const beyond = (place: number) => percent(leftward ? place : 1 - place);
  const lead = percent(leftward ? 1 - first.from : first.from);
  const toTheEnd = { '--lead': lead, '--rest': beyond(first.to), '--tail': '0%' } as CSSProperties;
  const toTheReceiver = {
    '--lead': lead,
    '--rest': percent(Math.abs(final.to - first.to)),
    '--tail': beyond(final.to),
  } as CSSProperties;
  return (
    <>
      <span
        className={names(styles.words, styles.name)}
        data-leftward={leftward}
        data-crossed={crossed}
        style={toTheEnd}
      >
        <span className={styles.word}>{words.name}</span>
        <span className={styles.rest} />
      </span>
      <span
        className={names(styles.words, styles.numbers)}
        data-leftward={leftward}
        data-crossed={crossed}
        style={words.changed ? toTheReceiver : toTheEnd}
      >
        <span className={styles.word}>{words.numbers}</span>
        <span className={styles.rest}>
          {words.changed && <span className={names(styles.word, styles.changed)}>{words.changed}</span>}
        </span>
      </span>
    </>
  );
}

function percent(part: number): string {
  return `${part * 100}%`;
}
