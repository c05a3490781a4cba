/** The packet of the present step: its name, why it went on or ended, both its sides as fields and as bytes. @module */
import { memo, useDeferredValue, useMemo, useState } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import { compare } from '../model/compare.ts';
import { type Run, type Step, stepAt } from '../model/run.ts';
import { type Leg, type StepView, viewOf } from '../model/step-view.ts';
import { titleOf } from '../model/title.ts';
import { useSession, useStage, useUnhurried } from '../session/context.ts';
import { select } from '../session/session.ts';
import { ByteMarks, type Mark } from './byte-marks.tsx';
import { ByteView } from './byte-view.tsx';
import { Detail } from './detail.tsx';
import { Fields } from './fields.tsx';
import { GatewayPanel } from './gateway-panel.tsx';
import { Legend } from './legend.tsx';
import { authorMarks, guardMarks } from './marks.ts';
import { NoteCard } from './note-card.tsx';
import { PacketHeader } from './packet-header.tsx';
import styles from './packet-panel.module.css';
import { PathList } from './path-list.tsx';
import { usePointing } from './pointing.ts';
import { type Cure, WhyCard } from './why-card.tsx';

export function PacketPanel({ cure: newest }: { readonly cure?: Cure | undefined }) {
  const cure = useDeferredValue(newest);
  const run = useUnhurried((session) => session.run);
  const cursor = useUnhurried((session) => session.cursor);
  const step = run?.steps[stepAt(run, cursor)];
  const view = run && viewOf(run, step);
  if (!run || !step) return <Legend />;
  if (step.occurrence.kind === 'received') return <GatewayPanel run={run} step={step} occurrence={step.occurrence} />;
  if (!view) return <NoteCard run={run} step={step} whole cure={cure} />;
  return <Panel run={run} step={step} view={view} cure={cure} />;
}

interface PanelProps {
  readonly run: Run;
  readonly step: Step;
  readonly view: StepView;
  readonly cure: Cure | undefined;
}

function Panel({ run, step, view, cure }: PanelProps) {
  return (
    <div className={styles.panel}>
      <PacketHeader run={run} step={step} frame={view.incoming.frame} />
      <WhyCard fate={step.fate} reasons={view.reasons} cure={step.fate === 'stopped' ? cure : undefined} />
      <Sides run={run} view={view} />
      <PathList view={view} />
      <Recorded view={view} />
    </div>
  );
}

/**
 * What can be looked at: the packet with both its sides, or an answer of the router's own. The greater part of the
 * panel, so it is drawn for a step once, however often what stands above it changes.
 */
const Sides = memo(function Sides({ run, view }: { readonly run: Run; readonly view: StepView }) {
  const { store } = useStage();
  // Which packet is shown is a matter of what is selected: a click on the answer in the picture shows it here.
  const frame = useSession(({ selection }) => (selection?.kind === 'frame' ? selection.id : undefined));
  const answer = view.answers.find((leg) => leg.frame.id === frame);
  const [marked, setMarked] = useState<{ readonly in: StepView; readonly mark: Mark | undefined }>();
  // Of another packet nothing is underlined yet.
  const mark = marked?.in === view ? marked.mark : undefined;
  const setMark = (chosen: Mark | undefined) => setMarked({ in: view, mark: chosen });
  const pointing = usePointing(view);
  const after = view.outgoing[0];
  const before = answer ?? view.incoming;
  const other = answer ? undefined : after;
  const layers = useMemo(() => (answer ? compare(answer.frame.bytes) : view.layers), [answer, view]);
  const authors = useMemo(() => authorMarks(run, before, other), [run, before, other]);
  const guards = useMemo(() => guardMarks(layers), [layers]);
  const show = (next: Leg | undefined) => {
    select(store, { kind: 'frame', id: (next ?? view.incoming).frame.id });
    setMark(undefined);
  };
  const sides = [sideName(before.on), ...(other ? [sideName(other.on)] : [])] as [string, string?];
  return (
    <>
      {view.answers.length > 0 && (
        <fieldset className={names(styles.tabs, styles.plain)}>
          <legend className={controls.hidden}>Which packet to show</legend>
          <Choice label="The packet" chosen={!answer} choose={() => show(undefined)} />
          {view.answers.map((leg) => (
            <Choice
              key={leg.frame.id}
              label="The router’s answer"
              title={titleOf(leg.frame.bytes)}
              chosen={answer === leg}
              choose={() => show(leg)}
            />
          ))}
        </fieldset>
      )}
      <Fields heading={other ? 'Both sides' : 'Fields'} layers={layers} sides={sides} pointing={pointing} />
      <Detail run={run} view={view} layers={layers} before={before} after={other} pointing={pointing} />
      <ByteView
        layers={layers}
        before={before.frame.bytes}
        after={other?.frame.bytes}
        sides={sides}
        pointing={pointing}
        mark={mark}
      />
      <ByteMarks heading="Written by" marks={authors} chosen={mark} choose={setMark} />
      <ByteMarks heading="Guarded by" marks={guards} chosen={mark} choose={setMark} />
    </>
  );
});

function Choice(props: {
  readonly label: string;
  readonly title?: string;
  readonly chosen: boolean;
  readonly choose: () => void;
}) {
  return (
    <button
      type="button"
      className={names(controls.button, props.chosen && controls.strong)}
      title={props.title}
      aria-pressed={props.chosen}
      onClick={props.choose}
    >
      {props.label}
    </button>
  );
}

function sideName(on: string): string {
  return `on the ${on.toUpperCase()}`;
}

/** Replays only: whether our router did what the recorded one did. */
function Recorded({ view }: { readonly view: StepView }) {
  const { recorded, frame } = view.routed;
  if (!recorded) return null;
  return (
    <p className={styles.recorded}>
      {recorded.agrees ? <CheckIcon /> : <CrossIcon />}
      {recorded.agrees
        ? `The recorded router did the same, ${frame.wholeLength === undefined ? 'byte for byte' : 'as far as the captures show it'}.`
        : `The recorded router did otherwise: ${recorded.difference ?? 'no detail'}.`}
    </p>
  );
}
