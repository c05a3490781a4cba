/** The matrix: what each router does to each VPN, found by running it; each cell opens its run. @module */
import { type ReactNode, useContext, useEffect, useRef } from 'react';
import { OUTCOMES } from '../../explain/outcomes.ts';
import { PROFILES } from '../../router/profiles/index.ts';
import { SITUATIONS } from '../../scenarios/matrix-situations.ts';
import type { Code } from '../../scenarios/matrix-verdict.ts';
import { Segments } from '../design/segments.tsx';
import { NARROW, useMedia } from '../design/use-media.ts';
import { useLabHandle } from '../lab/context.ts';
import type { CellAt } from './cell-words.ts';
import { Face } from './face.tsx';
import { Detail, Grid } from './grid.tsx';
import { GROUPS, type Group, VIEWS } from './layout.ts';
import { List } from './list.tsx';
import styles from './matrix.module.css';
import { placeOf } from './open-cell.ts';
import { changedIn, MatrixContext, routerIn, useMatrix, useView, verdictIn } from './use-matrix.ts';
import { useMoreAside } from './use-more-aside.ts';

const ALL = { id: 'all', name: 'all' };
const SHORT_NAMES: Readonly<Record<string, string>> = { pptp: 'PPTP', ordinary: 'the others', unasked: 'unasked for' };
const FILTERS = [ALL, ...GROUPS.map(({ id, name }) => ({ id, name: SHORT_NAMES[id] ?? name }))];

export function Matrix() {
  const matrix = useContext(MatrixContext);
  const lab = useLabHandle();
  const narrow = useMedia(NARROW);
  const view = useView();
  const group = useMatrix((results) => results.group);
  useEffect(() => matrix.enter(), [matrix]);
  const groups = GROUPS.filter(({ id }) => group === undefined || id === group);
  const box = useRef<HTMLDivElement>(null);
  const difference = <Difference groups={groups} narrow={narrow} lead={() => leadToFramed(box.current)} />;

  function open({ situation, profile }: CellAt): void {
    const verdict = verdictIn(matrix.store.getState(), situation, profile, view);
    if (verdict) lab.openPlace(placeOf(situation, profile, view.switches, verdict));
  }

  return (
    <div ref={box} className={styles.matrix}>
      <div className={styles.head}>
        <About />
        <Choices />
        {narrow && difference}
      </div>
      {narrow ? (
        <List groups={groups} view={view} onOpen={open} />
      ) : (
        <Table>
          <Grid groups={groups} view={view} corner={difference} onOpen={open} />
        </Table>
      )}
      {!narrow && <Detail view={view} />}
      <details className={styles.meanings} open={narrow}>
        <summary>What the words mean</summary>
        <Legend />
      </details>
    </div>
  );
}

function About() {
  return (
    <div className={styles.about}>
      <h1>
        {SITUATIONS.length} situations at {PROFILES.length} routers
      </h1>
      <p>Nobody wrote this table down: each cell is a run of its own, and opens it at the packet that decides.</p>
      <Progress />
    </div>
  );
}

/** The position of the switches that is looked at, and which VPNs. */
function Choices() {
  const { look, store } = useContext(MatrixContext);
  const view = useView();
  const group = useMatrix((results) => results.group);
  return (
    <div className={styles.choices}>
      <Segments legend="Passthrough switches" options={VIEWS} chosen={view.id} onChoose={look} />
      <Segments
        legend="VPN"
        options={FILTERS}
        chosen={group ?? ALL.id}
        onChoose={(id) => store.setState({ group: id === ALL.id ? undefined : id })}
      />
    </div>
  );
}

/** Scrolls both ways; where not all routers have room, a shade at the edge says that there are more. */
function Table({ children }: { readonly children: ReactNode }) {
  const box = useRef<HTMLElement>(null);
  const more = useMoreAside(box);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must scroll by keyboard too */}
      <section ref={box} className={styles.scroll} aria-label="Table" tabIndex={0}>
        {children}
      </section>
      <div className={styles.shade} data-more={more} aria-hidden="true" />
    </>
  );
}

function Progress() {
  const found = useMatrix(({ verdicts }) => verdicts.size);
  const total = useMatrix((results) => results.total);
  const state = useMatrix((results) => results.state);
  const numbers = `${found.toLocaleString('en')} of ${total.toLocaleString('en')} cells are run`;
  return (
    <p className={styles.progress} role="status">
      {state === 'broken'
        ? `A run broke down: ${numbers}, and no more will be. Load the page again.`
        : state === 'done'
          ? `All ${total.toLocaleString('en')} cells are run.`
          : `${numbers} …`}
      {state === 'running' && <progress value={found} max={total} aria-label="Cells that are run" />}
    </p>
  );
}

interface DifferenceProps {
  readonly groups: readonly Group[];
  /** One router is shown, not all. */
  readonly narrow: boolean;
  /** To the first cell that is meant. */
  readonly lead: () => void;
}

/** What the chosen position changes in the cells that are shown, in a sentence that leads to them. */
function Difference({ groups, narrow, lead }: DifferenceProps) {
  const view = useView();
  const one = useMatrix((results) => (narrow ? routerIn(results) : undefined));
  const situations = groups.flatMap((group) => group.situations);
  const routers = one ? [one] : PROFILES;
  const changed = useMatrix((results) =>
    situations.reduce(
      (sum, situation) => sum + routers.filter((profile) => changedIn(results, situation, profile, view)).length,
      0,
    ),
  );
  if (view === VIEWS[0]) return <p className={styles.difference}>As it goes with all three switches on.</p>;
  return (
    <p className={styles.difference}>
      With {view.name}, {changed} of {situations.length * routers.length} {one ? `at ${one.name}` : 'cells'}{' '}
      {changed === 1 ? 'is' : 'are'} other than with all on
      {changed > 0 && (
        <>
          :{' '}
          <button type="button" className={styles.framed} aria-label="framed: go to the first" onClick={lead}>
            framed
          </button>
        </>
      )}
      .
    </p>
  );
}

function leadToFramed(matrix: HTMLElement | null): void {
  const cell = matrix?.querySelector('[data-changed="true"]')?.closest('button');
  cell?.scrollIntoView({ block: 'center', inline: 'center' });
  cell?.focus({ preventScroll: true });
}

function Legend() {
  return (
    <dl className={styles.legend} aria-label="What the words mean">
      {Object.entries(OUTCOMES).map(([code, { says }]) => (
        <div key={code}>
          <dt>
            <Face code={code as Code} wide />
          </dt>
          <dd>{says}</dd>
        </div>
      ))}
    </dl>
  );
}
