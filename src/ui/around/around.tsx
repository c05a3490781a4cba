/** Ways around: VPNs and their like for which no passthrough is needed, with what each of them costs. @module */
import { type CSSProperties, type ReactNode, useEffect, useState } from 'react';
import { whyText } from '../../explain/verdicts.ts';
import { JUDGEMENT, WAYS, type Way } from '../../explain/ways.ts';
import { PROFILES } from '../../router/profiles/index.ts';
import type { Verdict } from '../../scenarios/matrix-verdict.ts';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import { useWayBack } from '../design/way-back.ts';
import { useLabHandle } from '../lab/context.ts';
import { sentence, wordsOf } from '../matrix/cell-words.ts';
import styles from './around.module.css';
import { knownRuns, runWay, seenText, type WayRun } from './way-run.ts';

/** Of this visit: whoever comes back from a run finds the router as it was. */
let lastRouter = PROFILES[0]!.id;

export function Around() {
  const [router, setRouter] = useState(lastRouter);
  const runs = useRuns(router);
  const longest = Math.max(...[...runs.values()].map(({ figures }) => figures?.carried?.whole ?? 0));
  const wayBack = useWayBack('around');
  function choose(id: string): void {
    lastRouter = id;
    setRouter(id);
  }
  return (
    <div className={styles.around} {...wayBack}>
      <header className={styles.head}>
        <h1>{WAYS.length} ways around passthrough</h1>
        <p>
          Each was run through the same router with every switch off. What it costs is measured in that run, and the run
          can be looked at.
        </p>
        <label className={styles.router}>
          Router
          <select aria-label="Router" value={router} onChange={({ target }) => choose(target.value)}>
            {PROFILES.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          all switches off
        </label>
        <Through router={router} runs={runs} />
      </header>
      <Judgement />
      <ul className={styles.ways}>
        {WAYS.map((way) => (
          <WayCard key={way.id} way={way} run={runs.get(way.id)} scale={longest} />
        ))}
      </ul>
    </div>
  );
}

interface ThroughProps {
  readonly router: string;
  readonly runs: ReadonlyMap<string, WayRun>;
}

/** How many come up at the router that is chosen. */
function Through({ router, runs }: ThroughProps) {
  const through = [...runs.values()].filter(({ figures }) => figures).length;
  const name = PROFILES.find(({ id }) => id === router)?.name;
  return (
    <p className={styles.through} role="status">
      {runs.size < WAYS.length ? 'Measuring …' : `${through} of ${WAYS.length} get through ${name}.`}
    </p>
  );
}

function Judgement() {
  return (
    <section className={styles.judgement} aria-labelledby="judgement-heading">
      <h2 id="judgement-heading">Before you turn a switch on</h2>
      <ol>
        {JUDGEMENT.map(({ says, source }) => (
          <li key={says}>
            <p>
              <Unbroken text={says} />
            </p>
            <p className={styles.source}>{source}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** By way; those that are not known yet are run one after the other, so that the page never stands still. */
function useRuns(router: string): ReadonlyMap<string, WayRun> {
  const [runs, setRuns] = useState(() => knownRuns(router));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const go = (index: number) => {
      const way = WAYS[index];
      if (!way) return;
      timer = setTimeout(() => {
        const done = runWay(way, router);
        setRuns((now) => new Map(now).set(way.id, done));
        go(index + 1);
      });
    };
    setRuns(knownRuns(router));
    go(0);
    return () => clearTimeout(timer);
  }, [router]);
  return runs;
}

interface WayCardProps {
  readonly way: Way;
  readonly run: WayRun | undefined;
  /** Bytes of the longest packet of all ways: the bars are drawn to one scale. */
  readonly scale: number;
}

function WayCard({ way, run, scale }: WayCardProps) {
  const lab = useLabHandle();
  const { id, name, what, why, needs, weak, choose, source } = way;
  return (
    <li className={styles.way} aria-labelledby={`way-${id}`}>
      <h2 id={`way-${id}`}>{name}</h2>
      <p className={styles.what}>
        <Unbroken text={what} />
      </p>
      <Outcome run={run} scale={scale}>
        <dl className={styles.words}>
          <Point term={`Why ${run?.verdict ? 'a router usually' : 'the router'} does not mind`}>{why}</Point>
          <Point term="What you must run or trust">{needs}</Point>
          <Point term="Where it is weak">{weak}</Point>
          <Point term="When to choose it">{choose}</Point>
        </dl>
      </Outcome>
      <div className={styles.foot}>
        <button
          type="button"
          className={names(controls.button, controls.strong)}
          aria-label={`See it: ${name}`}
          disabled={!run}
          data-opens={id}
          onClick={() => run && lab.openPlace(run.place)}
        >
          See it
        </button>
        <p className={styles.source}>{source}</p>
      </div>
    </li>
  );
}

function Point({ term, children }: { readonly term: string; readonly children: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>
        <Unbroken text={children} />
      </dd>
    </div>
  );
}

interface OutcomeProps extends Omit<WayCardProps, 'way'> {
  readonly children: ReactNode;
}

/** What came of it, and beneath it what is to be said: at once where there are no figures as tall as the others'. */
function Outcome({ run, scale, children }: OutcomeProps) {
  if (run?.verdict)
    return (
      <div className={styles.stopped}>
        <Blocked verdict={run.verdict} />
        {children}
      </div>
    );
  return (
    <>
      <Figures run={run} scale={scale} />
      {children}
    </>
  );
}

function Blocked({ verdict }: { readonly verdict: Verdict }) {
  return (
    <p className={styles.blocked}>
      <b>Not through this router.</b> {whyText(verdict) || sentence(wordsOf(verdict.code).says)}
    </p>
  );
}

function Figures({ run, scale }: Omit<WayCardProps, 'way'>) {
  const figures = run?.figures;
  if (!figures) return <p className={styles.measuring}>Measuring …</p>;
  const { roundTrips, roundTrip, packets, bytes, carried, stopped } = figures;
  return (
    <div className={styles.figures}>
      <dl className={styles.numbers}>
        <Figure
          value={carried ? `+${carried.whole - carried.inside}` : '0'}
          unit={carried ? `bytes on a ping of ${carried.inside}` : 'bytes: no packet in a packet'}
        />
        <Figure
          value={String(roundTrips)}
          unit={`round trip${roundTrips === 1 ? '' : 's'} before data: ${(roundTrips * roundTrip) / 1000}\u00a0ms here`}
        />
        <Figure value={String(packets)} unit={`packets until it is up: ${bytes.toLocaleString('en')} bytes`} />
      </dl>
      {carried && <Packet run={run} inside={carried.inside} whole={carried.whole} scale={scale} />}
      <p className={styles.seen}>
        The router sees <b>{seenText(figures)}</b>
        {stopped === 0 ? ', and stops nothing.' : `, and stops ${stopped} packets.`}
      </p>
    </div>
  );
}

function Figure({ value, unit }: { readonly value: string; readonly unit: string }) {
  return (
    <div>
      <dt>{unit}</dt>
      <dd>{value}</dd>
    </div>
  );
}

interface PacketProps {
  readonly run: WayRun;
  readonly inside: number;
  readonly whole: number;
  readonly scale: number;
}

/** The packet that carries the ping, and the ping, to one scale with those of the other ways. */
function Packet({ run, inside, whole, scale }: PacketProps) {
  const parts = run.segments.map(({ label, length }) => `${label} ${length}`).join(' · ');
  return (
    <figure className={styles.packet}>
      <div className={styles.bar} aria-hidden="true">
        {run.segments.map(({ family, offset, length, sealed }) => (
          <span
            key={offset}
            data-sealed={sealed}
            style={
              { '--bytes': length, '--hue': `var(--${family})`, '--tint': `var(--${family}-tint)` } as CSSProperties
            }
          />
        ))}
        <span data-none="true" style={{ '--bytes': scale - whole } as CSSProperties} />
      </div>
      <div className={styles.bar} aria-hidden="true">
        <span data-yours="true" style={{ '--bytes': inside } as CSSProperties} />
        <span data-none="true" style={{ '--bytes': scale - inside } as CSSProperties}>
          your ping
        </span>
      </div>
      <figcaption>
        {whole} bytes: {parts}. {inside} of them are yours.
      </figcaption>
    </figure>
  );
}
