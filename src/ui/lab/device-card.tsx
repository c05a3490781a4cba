/** One device at home: what it runs and with whom, how that stands, and what its user can do about it. @module */
import { type CSSProperties, useEffect, useId, useRef, useState } from 'react';
import { CABLE_NOTE } from '../../explain/cables.ts';
import { keptUp } from '../../explain/redial.ts';
import { LONGEST_RUN, MOST } from '../../world/bounds.ts';
import { chooseServer, chooseVpn, intervene, removeDevice, setRedial, setStart } from '../../world/edits.ts';
import type { ClientSetup, Experiment, ServerSetup } from '../../world/experiment.ts';
import { slotTaken } from '../../world/hosting.ts';
import { MoreIcon } from '../design/icons.tsx';
import { Toolbar } from '../design/toolbar.tsx';
import { phaseText, symptomText } from '../model/note.ts';
import { secondsOf } from '../model/sentence.ts';
import { useSession, useStage } from '../session/context.ts';
import { select } from '../session/session.ts';
import { CableButton } from './cable-button.tsx';
import styles from './clients.module.css';
import { useLabHandle } from './context.ts';
import type { Played } from './engine.ts';
import type { Standing } from './standing.ts';
import { choiceFor, choiceOf, mayRedial, VPN_CHOICES } from './vpn-choices.ts';
import { vpnName } from './vpn-names.ts';

interface DeviceCardProps {
  readonly device: ClientSetup;
  readonly played: Played;
  readonly standing: Standing | undefined;
  /** When what is done now happens. */
  readonly moment: number;
}

export function DeviceCard({ device, played, standing, moment }: DeviceCardProps) {
  const { store } = useStage();
  const { id, name, vpn } = device;
  const selected = useSession(({ selection }) => selection?.kind === 'node' && selection.id === id);
  const [open, setOpen] = useState(false);
  const more = useId();
  const { phase, symptom } = standing ?? {};
  const planned = plannedAt(played.chosen.experiment, id, moment);
  return (
    <li className={styles.client} style={{ '--hue': `var(--${vpnName(vpn.kind)?.family ?? 'app'})` } as CSSProperties}>
      <Toolbar name={name} className={styles.line}>
        <button
          type="button"
          className={styles.who}
          aria-pressed={selected}
          onClick={() => select(store, selected ? undefined : { kind: 'node', id })}
        >
          {name}
        </button>
        <p className={styles.status} data-status={phase?.status ?? 'idle'}>
          <span>
            {phase ? phaseText(phase) : 'not started'}
            {planned && `, ${planned.do}s at ${secondsOf(moment).replace(' ', '\u00a0')}`}
          </span>
        </p>
        <StartStop device={device} planned={planned?.do} standing={standing} moment={moment} />
        <button
          type="button"
          className={styles.more}
          aria-label={`More about ${name}`}
          aria-expanded={open}
          aria-controls={more}
          onClick={() => setOpen(!open)}
        >
          <MoreIcon />
        </button>
      </Toolbar>
      <Dials device={device} experiment={played.chosen.experiment} />
      {symptom && <p className={styles.symptom}>{symptomText(symptom)}.</p>}
      <div id={more} hidden={!open} className={styles.further}>
        {open && <Further device={device} played={played} />}
      </div>
    </li>
  );
}

/** Whether it is started or stopped at this very moment. */
function plannedAt({ interventions = [] }: Experiment, node: string, moment: number) {
  const found = interventions.find(
    (each) => each.at === moment && (each.do === 'start' || each.do === 'stop') && each.node === node,
  );
  return found?.do === 'start' || found?.do === 'stop' ? found : undefined;
}

interface StartStopProps {
  readonly device: ClientSetup;
  readonly planned: 'start' | 'stop' | undefined;
  readonly standing: Standing | undefined;
  readonly moment: number;
}

/** What is done now is done from here on; done and undone at one moment, nothing was done. */
function StartStop({ device: { id, name }, planned, standing, moment }: StartStopProps) {
  const lab = useLabHandle();
  const runs = standing?.phase?.status === 'up' || standing?.phase?.status === 'connecting';
  const deed = (planned ? planned === 'stop' : !runs) ? 'start' : 'stop';
  const word = deed === 'start' ? 'Start' : 'Stop';
  return (
    <button
      type="button"
      className={styles.deed}
      aria-label={`${word} ${name}`}
      title={`From this moment of the run on`}
      onClick={() => lab.editHere((each) => intervene(each, { at: moment, do: deed, node: id }))}
    >
      {word}
    </button>
  );
}

const ANOTHER = 'another';

interface DialsProps {
  readonly device: ClientSetup;
  readonly experiment: Experiment;
}

function Dials({ device: { id, name, vpn }, experiment }: DialsProps) {
  const lab = useLabHandle();
  const { servers } = experiment;
  const chooseChoice = (choice: string) => {
    const found = choiceOf(choice);
    if (found) lab.edit((each) => chooseVpn(each, id, found.vpn));
  };
  return (
    <div className={styles.dials}>
      <select
        className={styles.vpn}
        aria-label={`VPN of ${name}`}
        value={choiceFor(vpn).id}
        onChange={(event) => chooseChoice(event.target.value)}
      >
        {VPN_CHOICES.map((group) => (
          <optgroup key={group.name} label={group.name}>
            {group.choices.map((choice) => (
              <option key={choice.id} value={choice.id}>
                {choice.name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      <select
        aria-label={`Server of ${name}`}
        value={vpn.server}
        onChange={({ target }) =>
          lab.edit((each) => chooseServer(each, id, target.value === ANOTHER ? undefined : target.value))
        }
      >
        {servers.map((server) => (
          <ServerOption key={server.id} server={server} taken={slotTaken(experiment, id, server.id)} />
        ))}
        {servers.length < MOST.servers && <option value={ANOTHER}>Another server</option>}
      </select>
    </div>
  );
}

/** `taken`: where something else listens that this VPN needs. */
function ServerOption({ server, taken }: { readonly server: ServerSetup; readonly taken: string | undefined }) {
  return (
    <option value={server.id} disabled={taken !== undefined}>
      {taken === undefined ? server.name : `${server.name} (${taken} is taken)`}
    </option>
  );
}

const REDIAL = 60;

function Further({ device, played }: Pick<DeviceCardProps, 'device' | 'played'>) {
  const { id, name, address, vpn, startAt, redial } = device;
  const lab = useLabHandle();
  const says = useId();
  const cable = useId();
  const kept = keptUp(vpn);
  const alone = played.chosen.experiment.clients.length === 1;
  return (
    <>
      <p className={styles.note}>
        Address <span className={styles.address}>{address}</span>
      </p>
      <StartTime id={id} startAt={startAt} />
      {mayRedial(vpn) ? (
        <div>
          <label className={styles.redial}>
            <input
              type="checkbox"
              checked={redial !== undefined}
              aria-describedby={says}
              onChange={({ target }) => lab.edit((each) => setRedial(each, id, target.checked ? REDIAL : undefined))}
            />
            Dials again when the line drops
          </label>
          <p className={styles.note} id={says}>
            After {redial ?? REDIAL} s. Windows does so only if its user asks for it.
          </p>
        </div>
      ) : (
        kept !== undefined && <p className={styles.note}>{kept}</p>
      )}
      <div>
        <CableButton played={played} node={device} describedBy={cable} />
        <p className={styles.note} id={cable}>
          {CABLE_NOTE}
        </p>
      </div>
      {!alone && (
        <button type="button" className={styles.remove} onClick={() => lab.edit((each) => removeDevice(each, id))}>
          Remove {name}
        </button>
      )}
    </>
  );
}

const SECOND = 1_000_000;

/** To the millisecond, as everywhere on the page: the microsecond by which one deed follows another is no news. */
function inSeconds(time: number | undefined): string {
  return time === undefined ? '' : String(Math.round(time / 1000) / 1000);
}

/** Half a number is none: it counts once it is typed out. Left empty, the device waits for its user. */
function StartTime({ id, startAt }: { readonly id: string; readonly startAt: number | undefined }) {
  const lab = useLabHandle();
  const input = useRef<HTMLInputElement>(null);
  const take = (typed: string) => {
    if (typed === inSeconds(startAt)) return;
    const at = typed === '' ? undefined : Math.round(Number(typed) * SECOND);
    const fits = at === undefined || (at >= 0 && at <= LONGEST_RUN);
    if (fits && at !== startAt) lab.edit((each) => setStart(each, id, at));
  };
  useEffect(() => {
    if (input.current) input.current.value = inSeconds(startAt);
  }, [startAt]);
  return (
    <label className={styles.redial}>
      Starts at
      <input
        ref={input}
        className={styles.time}
        type="number"
        min={0}
        max={LONGEST_RUN / SECOND}
        step="any"
        defaultValue={inSeconds(startAt)}
        onBlur={({ target }) => take(target.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && take(currentTarget.value)}
      />
      seconds
    </label>
  );
}
