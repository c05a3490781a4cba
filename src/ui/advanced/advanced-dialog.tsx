/** What else can be set at the router, for those who know what they are looking for: NAT knobs, firewall, timers, deeds. @module */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { KNOBS, type Knob, OWN_WAYS, TIMERS } from '../../explain/nat-behaviour.ts';
import type { NatBehaviour } from '../../router/config.ts';
import { TIMER_BOUNDS, type TimerName, timersOf } from '../../router/profiles/timers.ts';
import { changeRouter, nextWanAddress } from '../../world/edits.ts';
import type { Intervention, RouterSetup } from '../../world/experiment.ts';
import controls from '../design/controls.module.css';
import { homeOf } from '../lab/chosen.ts';
import { useLabHandle } from '../lab/context.ts';
import type { Played } from '../lab/engine.ts';
import { Outcome } from '../lab/outcome.tsx';
import dialogs from '../recording/open-dialog.module.css';
import styles from './advanced-dialog.module.css';

interface AdvancedDialogProps {
  readonly played: Played;
  readonly onClose: () => void;
}

export function AdvancedDialog({ played, onClose }: AdvancedDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return createPortal(
    <dialog ref={dialog} className={dialogs.dialog} aria-labelledby={heading} onClose={onClose}>
      <div className={dialogs.head}>
        <h2 id={heading}>Advanced: {played.profile.name}</h2>
        <button type="button" className={controls.button} onClick={close}>
          Close
        </button>
      </div>
      <div className={dialogs.body}>
        <Outcome run={played.run} />
        <Deeds played={played} close={close} />
        <Wholes played={played} />
        <Knobs played={played} />
        <Timers played={played} />
      </div>
    </dialog>,
    document.body,
  );
}

function Part({
  name,
  says,
  children,
}: {
  readonly name: string;
  readonly says: string;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 className={controls.heading} id={id}>
        {name}
      </h3>
      <p className={styles.says}>{says}</p>
      {children}
    </section>
  );
}

/** Done at the cursor: one wants to see at once what comes of it. */
function Deeds({ played, close }: { readonly played: Played; readonly close: () => void }) {
  const lab = useLabHandle();
  const { experiment } = played.chosen;
  const { id: router } = homeOf(played.chosen);
  const address = nextWanAddress(experiment);
  const act = (deed: (at: number) => Intervention) => () => {
    close();
    lab.act((at) => [deed(at)]);
  };
  return (
    <Part
      name="At this moment of the run"
      says="The run stays as it was up to here. What is done is listed, and can be taken back."
    >
      <div className={styles.deeds}>
        <button type="button" className={controls.button} onClick={act((at) => ({ at, do: 'reboot', router }))}>
          Reboot now
        </button>
        <button type="button" className={controls.button} onClick={act((at) => ({ at, do: 'flush', router }))}>
          Forget all entries
        </button>
        {address && (
          <button
            type="button"
            className={controls.button}
            onClick={act((at) => ({ at, do: 'wan-address', router, address }))}
          >
            New WAN address
          </button>
        )}
      </div>
    </Part>
  );
}

function Wholes({ played }: { readonly played: Played }) {
  const lab = useLabHandle();
  const { firewall, nat } = homeOf(played.chosen);
  const set = (change: Partial<RouterSetup>) => lab.edit((experiment) => changeRouter(experiment, change));
  return (
    <Part name="Firewall and NAT" says="Set as the run begins, and all of it is run again.">
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={firewall ?? played.profile.firewall}
          onChange={({ target }) => set({ firewall: target.checked })}
        />
        <span>
          <b>Firewall:</b> nothing comes in from the WAN but what was asked for.
        </span>
      </label>
      <label className={styles.check}>
        <input type="checkbox" checked={nat ?? true} onChange={({ target }) => set({ nat: target.checked })} />
        <span>
          <b>NAT:</b> without it packets leave with the laptops’ own addresses, which nobody on the Internet can answer.
        </span>
      </label>
    </Part>
  );
}

const ALL_KNOBS = Object.keys(KNOBS) as Knob[];

function Knobs({ played }: { readonly played: Played }) {
  const lab = useLabHandle();
  const { nat } = played.profile.core;
  if (typeof nat === 'string') return <Ways nat={nat} />;
  const turned = homeOf(played.chosen).behaviour ?? {};
  const turn = (knob: Knob, value: NatBehaviour[Knob]) => {
    const { [knob]: _, ...others } = turned;
    const behaviour = nat[knob] === value ? others : { ...others, [knob]: value };
    lab.edit((experiment) =>
      changeRouter(experiment, { behaviour: Object.keys(behaviour).length > 0 ? behaviour : undefined }),
    );
  };
  return (
    <Part
      name="NAT, in the words of RFC 4787"
      says="This router is made of these choices, and each can be turned by itself."
    >
      <ul className={styles.knobs}>
        {ALL_KNOBS.map((knob) => (
          <KnobRow key={knob} knob={knob} value={turned[knob] ?? nat[knob]} own={nat[knob]} turn={turn} />
        ))}
      </ul>
    </Part>
  );
}

interface KnobRowProps {
  readonly knob: Knob;
  readonly value: NatBehaviour[Knob];
  /** As the profile has it. */
  readonly own: NatBehaviour[Knob];
  readonly turn: (knob: Knob, value: NatBehaviour[Knob]) => void;
}

function KnobRow({ knob, value, own, turn }: KnobRowProps) {
  const id = useId();
  const { name, section, says, choices } = KNOBS[knob];
  const choose = (place: string) => {
    const choice = choices[Number(place)];
    if (choice) turn(knob, choice[0]);
  };
  return (
    <li className={styles.knob} data-turned={value !== own}>
      <label htmlFor={id}>
        <b>{name}</b> <span className={styles.section}>{section}</span>
      </label>
      <select
        id={id}
        aria-describedby={`${id}-says`}
        value={choices.findIndex(([each]) => each === value)}
        onChange={(event) => choose(event.target.value)}
      >
        {choices.map(([each, word], place) => (
          <option key={word} value={place}>
            {each === own ? `${word} (its own)` : word}
          </option>
        ))}
      </select>
      <p id={`${id}-says`}>{says}</p>
    </li>
  );
}

/** Read-only, for routers that have ways of their own. */
function Ways({ nat }: { readonly nat: keyof typeof OWN_WAYS }) {
  const { why, source, ways } = OWN_WAYS[nat];
  return (
    <Part
      name="NAT, in the words of RFC 4787"
      says={`${why} To turn knobs, choose the router of the textbooks, or pf.`}
    >
      <dl className={styles.ways}>
        {ALL_KNOBS.map((knob) => (
          <div key={knob}>
            <dt>
              <b>{KNOBS[knob].name}</b> <span className={styles.section}>{KNOBS[knob].section}</span>
            </dt>
            <dd>{ways[knob]}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.says}>{source}</p>
    </Part>
  );
}

const ALL_TIMERS = Object.keys(TIMERS) as TimerName[];

function Timers({ played }: { readonly played: Played }) {
  const lab = useLabHandle();
  const own = timersOf(played.profile.core.timeouts);
  const set = homeOf(played.chosen).timeouts ?? {};
  const change = (name: TimerName, seconds: number) => {
    const { [name]: _, ...others } = set;
    const timeouts = own[name] === seconds ? others : { ...others, [name]: seconds };
    lab.edit((experiment) =>
      changeRouter(experiment, { timeouts: Object.keys(timeouts).length > 0 ? timeouts : undefined }),
    );
  };
  return (
    <Part name="Timers" says="For how many seconds an entry is kept without traffic.">
      <ul className={styles.timers}>
        {ALL_TIMERS.map((name) => (
          <Timer key={name} name={name} value={set[name] ?? own[name]} own={own[name]} change={change} />
        ))}
      </ul>
    </Part>
  );
}

interface TimerProps {
  readonly name: TimerName;
  readonly value: number;
  readonly own: number;
  readonly change: (name: TimerName, seconds: number) => void;
}

function Timer({ name, value, own, change }: TimerProps) {
  const id = useId();
  const [least, most] = TIMER_BOUNDS;
  /** Half a number is none: it counts once it is typed out, and out of bounds it is drawn back. */
  const take = (input: HTMLInputElement) => {
    const seconds = Math.round(Number(input.value));
    const bounded = input.value === '' || Number.isNaN(seconds) ? value : Math.min(most, Math.max(least, seconds));
    input.value = String(bounded);
    if (bounded !== value) change(name, bounded);
  };
  return (
    <li className={styles.timer} data-turned={value !== own}>
      <label htmlFor={id}>{TIMERS[name].name}</label>
      <input
        id={id}
        type="number"
        min={least}
        max={most}
        step={1}
        defaultValue={value}
        aria-describedby={`${id}-says`}
        onBlur={({ target }) => take(target)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && take(currentTarget)}
      />
      <p id={`${id}-says`}>
        {TIMERS[name].says}
        {value === own ? '' : `; its own: ${own}`}
      </p>
    </li>
  );
}
