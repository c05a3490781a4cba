/** "On real gear": the router at home, as it is now, as configuration for real ones. @module */
import { Tabs } from 'radix-ui';
import { useEffect, useId, useRef } from 'react';
import { gearOf, TARGETS } from '../../gear/index.ts';
import type { Profile } from '../../router/profiles/profile.ts';
import type { RouterSetup } from '../../world/experiment.ts';
import { placementOf } from '../../world/router-of.ts';
import tabs from '../app/tabs.module.css';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import dialogs from '../recording/open-dialog.module.css';
import { Switches, type SwitchView } from '../setup/switches.tsx';
import styles from './gear-dialog.module.css';
import { GearView } from './gear-view.tsx';

interface GearDialogProps {
  readonly profile: Profile;
  /** The router at home, its switches as they are now. */
  readonly setup: RouterSetup;
  readonly switches: readonly SwitchView[];
  readonly onClose: () => void;
}

export function GearDialog({ profile, setup, switches, onClose }: GearDialogProps) {
  // What it draws by chance is in no configuration.
  const placement = placementOf(setup, 0);
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className={names(dialogs.dialog, styles.dialog)} aria-labelledby={heading} onClose={onClose}>
      <div className={dialogs.head}>
        <h2 id={heading}>On real gear: {profile.name}</h2>
        <button type="button" className={controls.button} onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <div className={styles.switches}>
        <Switches switches={switches.map((each) => ({ ...each, pointed: false }))} />
      </div>
      <Tabs.Root className={styles.tabs} defaultValue={TARGETS[0]!.id}>
        <Tabs.List className={names(tabs.list, styles.list)} aria-label="Written for">
          {TARGETS.map(({ id, name }) => (
            <Tabs.Trigger key={id} value={id} className={tabs.tab}>
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {TARGETS.map(({ id }) => (
          <Tabs.Content key={id} value={id} className={styles.content}>
            <GearView gear={gearOf(profile, setup.switches, placement, id)} switches={setup.switches} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </dialog>
  );
}
