/** Of the field one points at: who wrote it, and why the router wrote something else there. @module */
import { whyChanged } from '../../explain/changes.ts';
import { type Authors, authorsOf } from '../model/authors.ts';
import type { FieldRow, LayerRows } from '../model/compare.ts';
import { rowById, type Span, spanOf } from '../model/coverage.ts';
import type { Run } from '../model/run.ts';
import type { Leg, StepView } from '../model/step-view.ts';
import { PointHint } from './hints.tsx';
import styles from './packet-panel.module.css';
import type { Pointing } from './pointing.ts';

interface DetailProps {
  readonly run: Run;
  readonly view: StepView;
  readonly layers: readonly LayerRows[];
  readonly before: Leg;
  readonly after: Leg | undefined;
  readonly pointing: Pointing;
}

export function Detail({ run, view, layers, before, after, pointing }: DetailProps) {
  const row = rowById(layers, pointing.lit ?? pointing.selected);
  return (
    <p className={styles.detail} aria-live="polite">
      {row ? <Story run={run} view={view} row={row} before={before} after={after} /> : <PointHint />}
    </p>
  );
}

function Story({
  run,
  view,
  row,
  before,
  after,
}: Omit<DetailProps, 'layers' | 'pointing'> & { readonly row: FieldRow }) {
  const name = (node: string) => run.nodes.get(node)?.name ?? node;
  const writers = writersOf(authorsOf(run, before.frame), spanOf(row, 'before'));
  const [first] = writers;
  const change =
    row.changed && after ? whyChanged(row.key, new Set(view.reasons.map(({ reason }) => reason.code))) : undefined;
  return (
    <>
      <b>{row.name}</b>: {first ? `written by ${writers.map(name).join(' and ')}` : 'not there before'}
      {change && after ? `, changed by ${name(after.frame.from)}. ${change.says}` : '.'}
      {change && <cite className={styles.cite}>{change.source}</cite>}
    </>
  );
}

function writersOf(wrote: Authors, span: Span | undefined): readonly string[] {
  return span ? [...new Set(wrote.slice(...span))] : [];
}
