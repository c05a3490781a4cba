/**
 * What the canvas shows, as a list in the page: the same nodes, packets, stages and table entries, and each can be
 * chosen as on the canvas. One stop of the tab key; the arrow keys go up and down.
 * @module
 */
import { type KeyboardEvent, useState } from 'react';
import { cableState } from '../../explain/cables.ts';
import { formatIpv4 } from '../../wire/address.ts';
import type { TraceNode } from '../../world/trace.ts';
import controls from '../design/controls.module.css';
import { vpnName } from '../lab/vpn-names.ts';
import { entryState, entryText } from '../model/entry.ts';
import { eachInFlight, flightsOf } from '../model/flights.ts';
import { last } from '../model/once.ts';
import { cableId, pulledAt } from '../model/pulled.ts';
import type { Run, Step } from '../model/run.ts';
import { stepAt } from '../model/run.ts';
import { labelOf } from '../model/sentence.ts';
import { STAGE_LABELS } from '../model/stage-labels.ts';
import { statusesAt } from '../model/status.ts';
import { viewOf } from '../model/step-view.ts';
import { tableAt } from '../model/table.ts';
import { titleOf } from '../model/title.ts';
import { useSession, useStage, useUnhurried } from '../session/context.ts';
import { sameSelection } from '../session/session.ts';
import { choose } from './choose.ts';
import type { Target } from './shapes.ts';
import styles from './stage.module.css';

/** The newest entries, as on the stage; the whole table stands in its own view. */
const MOST = 30;
/** Other packets on their way. */
const MOST_OTHERS = 12;

interface Item {
  readonly target: Target;
  readonly text: string;
}

interface Group {
  readonly name: string;
  readonly items: readonly Item[];
}

interface StageTextProps {
  /** Hears what the keyboard is at. */
  readonly point: (target: Target | undefined) => void;
}

export function StageText({ point }: StageTextProps) {
  const run = useUnhurried((session) => session.run);
  const cursor = useUnhurried((session) => session.cursor);
  const [at, setAt] = useState('');
  if (!run) return null;
  const groups = groupsOf(run, cursor);
  const keys = groups.flatMap(({ items }) => items.map(({ target }) => keyOf(target)));
  const reachable = keys.includes(at) ? at : keys[0];
  const step = run.steps[stepAt(run, cursor)];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons in it are what has the focus.
    <div className={styles.list} onKeyDown={walk} onBlur={() => point(undefined)}>
      {step && <p>{labelOf(run, step)}</p>}
      {groups.map(({ name, items }) => (
        <div key={name}>
          <h2 className={controls.heading}>{name}</h2>
          <ul aria-label={name}>
            {items.map((item) => (
              <li key={keyOf(item.target)}>
                <Choice
                  item={item}
                  reachable={keyOf(item.target) === reachable}
                  arrive={() => {
                    setAt(keyOf(item.target));
                    point(item.target);
                  }}
                />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

interface ChoiceProps {
  readonly item: Item;
  readonly reachable: boolean;
  readonly arrive: () => void;
}

function Choice({ item: { target, text }, reachable, arrive }: ChoiceProps) {
  const { store } = useStage();
  const selected = useSession(({ selection }) => sameSelection(selection, target));
  return (
    <button
      type="button"
      className={styles.choice}
      aria-pressed={selected}
      tabIndex={reachable ? 0 : -1}
      onFocus={arrive}
      onClick={() => choose(store, target)}
    >
      {text}
    </button>
  );
}

/** Up and down among all the buttons of the list. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const distance = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (distance === 0) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const next = buttons[buttons.indexOf(event.target as HTMLButtonElement) + distance];
  event.preventDefault();
  next?.focus();
}

function keyOf({ kind, id }: Target): string {
  return `${kind} ${id}`;
}

const groupsOf = last((run: Run, cursor: number): readonly Group[] => {
  const step = run.steps[stepAt(run, cursor)];
  const groups: Group[] = [
    { name: 'Who is there', items: run.trace.nodes.map((node) => nodeItem(run, cursor, node)) },
    { name: 'This step', items: step ? stepItems(run, step) : [] },
    { name: 'Also on the way', items: step ? otherItems(run, step) : [] },
    ...run.trace.nodes.filter(({ kind }) => kind === 'router').map((node) => tableGroup(run, cursor, node)),
  ];
  return groups.filter(({ items }) => items.length > 0);
});

function nodeItem(run: Run, cursor: number, { id, name, addresses, vpn, uplinks = [] }: TraceNode): Item {
  const pulled = pulledAt(run.trace, cursor);
  const words = [
    name,
    addresses.map(formatIpv4).join(' and '),
    vpnName(vpn)?.name,
    statusesAt(run.trace, cursor).get(id),
    ...[undefined, ...uplinks].map((uplink) => pulled.has(cableId(id, uplink)) && cableState(uplink)),
  ];
  return { target: { kind: 'node', id }, text: words.filter(Boolean).join(', ') };
}

function stepItems(run: Run, step: Step): readonly Item[] {
  const { occurrence } = step;
  const view = viewOf(run, step);
  if (!view) {
    if (!('frame' in occurrence)) return [];
    return [{ target: { kind: 'frame', id: occurrence.frame.id }, text: labelOf(run, step) }];
  }
  const { id, bytes } = view.incoming.frame;
  return [
    { target: { kind: 'frame', id }, text: `${titleOf(bytes)}, as it came` },
    ...view.stages.map(
      ({ id: stage, stage: name, did }): Item => ({
        target: { kind: 'stage', id: stage },
        text: `${STAGE_LABELS[name]}: ${DID[did]}`,
      }),
    ),
    ...view.outgoing.map(
      ({ frame }): Item => ({
        target: { kind: 'frame', id: frame.id },
        text: `${titleOf(frame.bytes)}, as it went on`,
      }),
    ),
    ...view.answers.map(
      ({ frame }): Item => ({
        target: { kind: 'frame', id: frame.id },
        text: `The router answers: ${titleOf(frame.bytes)}`,
      }),
    ),
  ];
}

const DID = { pass: 'passed', act: 'acted', stop: 'the packet ends here', end: 'the packet ends here' } as const;

function otherItems(run: Run, { occurrence }: Step): readonly Item[] {
  const flights = flightsOf(run);
  const own = new Set('frame' in occurrence ? [occurrence.frame.id] : []);
  if (occurrence.kind === 'routed') for (const { id } of occurrence.out) own.add(id);
  const items: Item[] = [];
  eachInFlight(flights, occurrence.time, (place) => {
    const { id, bytes, from, to } = flights.frames[place]!;
    if (own.has(id) || items.length >= MOST_OTHERS) return;
    const name = (node: string | undefined) => run.nodes.get(node ?? '')?.name ?? 'nobody';
    items.push({ target: { kind: 'frame', id }, text: `${titleOf(bytes)}, ${name(from)} to ${name(to)}` });
  });
  return items;
}

function tableGroup(run: Run, cursor: number, node: TraceNode): Group {
  return {
    name: `Table of ${node.name}`,
    items: tableAt(run.trace, node.id, cursor)
      .slice(-MOST)
      .map((entry) => {
        const { protocol, inside, remote, outside, plain } = entryText(entry);
        return {
          target: { kind: 'entry', id: entry.id },
          text: `${protocol} ${inside} with ${remote}, ${plain ? 'not translated' : `outside ${outside}`}, ${entryState(entry)}`,
        };
      }),
  };
}
