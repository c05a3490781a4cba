/** The router at home: which model it is, its switches as the cursor finds them, and the ways further in. @module */
import { Suspense, useId, useState } from 'react';
import { UPLINK_NOTE } from '../../explain/cables.ts';
import { doesSomething, positionOf, SWITCHES, type SwitchName } from '../../router/profiles/profile.ts';
import { uplinksOf } from '../../world/network.ts';
import { LoadingWindow } from '../app/loading.tsx';
import controls from '../design/controls.module.css';
import { Toolbar } from '../design/toolbar.tsx';
import { secondsOf } from '../model/sentence.ts';
import { useSession } from '../session/context.ts';
import { RouterModel } from '../setup/router-model.tsx';
import { Switches, type SwitchView } from '../setup/switches.tsx';
import { CableButton } from './cable-button.tsx';
import { homeOf, SWITCH_NAMES } from './chosen.ts';
import { useLabHandle } from './context.ts';
import type { Played } from './engine.ts';
import styles from './lab.module.css';
import { flipsOf, switchesAt } from './moment.ts';
import { AdminWindow, AdvancedDialog, GearDialog } from './windows.ts';

interface RouterPanelProps {
  readonly played: Played;
  /** The switch that would have let the present packet through. */
  readonly pointed: SwitchName | undefined;
}

export function RouterPanel({ played, pointed }: RouterPanelProps) {
  const lab = useLabHandle();
  const cursor = useSession((session) => session.cursor);
  const id = useId();
  const { profile, run, chosen } = played;
  const home = homeOf(chosen);
  const positions = switchesAt(run, home.id, home.switches, cursor);
  const [open, setOpen] = useState<'admin' | 'advanced' | 'gear' | undefined>();
  const close = () => setOpen(undefined);
  const switches = SWITCHES.map(
    (name): SwitchView => ({
      name: SWITCH_NAMES[name],
      family: name,
      on: positions[name],
      says: positionOf(profile, positions, name).says,
      idle: !doesSomething(profile, name),
      ...noteOn(played, name),
      pointed: pointed === name,
      flip: () => lab.flip(name),
    }),
  );
  return (
    <section className={controls.panel} aria-labelledby={id}>
      <RouterModel heading={id} profile={profile} choose={lab.setProfile} />
      <Switches switches={switches} />
      <Uplinks played={played} />
      <Toolbar name="Further into the router" className={styles.ways}>
        <button type="button" className={controls.button} aria-haspopup="dialog" onClick={() => setOpen('admin')}>
          Open {home.lan.replace(/\/.*/, '')}
        </button>
        <button type="button" className={controls.button} aria-haspopup="dialog" onClick={() => setOpen('advanced')}>
          Advanced…
        </button>
        <button type="button" className={controls.button} aria-haspopup="dialog" onClick={() => setOpen('gear')}>
          On real gear…
        </button>
      </Toolbar>
      <Suspense fallback={<LoadingWindow />}>
        {open === 'admin' && <AdminWindow played={played} onClose={close} />}
        {open === 'advanced' && <AdvancedDialog played={played} onClose={close} />}
        {open === 'gear' && (
          <GearDialog profile={profile} setup={{ ...home, switches: positions }} switches={switches} onClose={close} />
        )}
      </Suspense>
    </section>
  );
}

/** Their cables, where the router has several. */
function Uplinks({ played }: { readonly played: Played }) {
  const note = useId();
  const home = homeOf(played.chosen);
  const uplinks = uplinksOf(home);
  if (uplinks.length === 0) return null;
  return (
    <div className={styles.uplinks}>
      {uplinks.map(({ name }) => (
        <CableButton
          key={name}
          played={played}
          node={{ id: home.id, name: home.name }}
          uplink={name}
          describedBy={note}
        />
      ))}
      <p id={note}>{UPLINK_NOTE}</p>
    </div>
  );
}

/** Where a switch is flipped in the middle of the run: what is shown, and what flipping it here changes. */
function noteOn({ chosen }: Played, name: SwitchName): { readonly note?: string } {
  const home = homeOf(chosen);
  const flips = flipsOf(chosen.experiment, home.id, name);
  if (flips.length === 0) return {};
  const told = flips
    .map(({ on, at }) => `${on ? 'on' : 'off'} from ${secondsOf(at).replace(' ', '\u00a0')}`)
    .join(', ');
  return { note: `${home.switches[name] ? 'On' : 'Off'} at the start, ${told}. This switch sets the start.` };
}
