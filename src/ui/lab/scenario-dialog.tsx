/** Choosing what to watch: the scenarios by family, each with its story. @module */
import type { RefObject } from 'react';
import type { Family, Scenario } from '../../scenarios/scenario.ts';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import dialogs from '../recording/open-dialog.module.css';
import { useLab, useLabHandle } from './context.ts';
import styles from './scenario-dialog.module.css';

const FAMILIES: Readonly<Record<Family, string>> = {
  pptp: 'PPTP: a control connection, and GRE',
  l2tp: 'L2TP',
  ipsec: 'IPsec: ESP, AH and NAT traversal',
  ordinary: 'VPNs that need no help',
  around: 'Ways around',
  network: 'The network plays its part',
};

interface ScenarioDialogProps {
  readonly dialog: RefObject<HTMLDialogElement | null>;
  /** Id of the scenario on the stage. */
  readonly present: string | undefined;
  readonly onRecordings: () => void;
}

export function ScenarioDialog({ dialog, present, onRecordings }: ScenarioDialogProps) {
  const lab = useLabHandle();
  const scenarios = useLab(({ engine }) => engine?.scenarios) ?? [];
  const close = () => dialog.current?.close();
  const choose = (scenario: string) => {
    close();
    lab.open(scenario);
  };
  const openRecordings = () => {
    close();
    onRecordings();
  };
  return (
    <dialog ref={dialog} className={dialogs.dialog} aria-labelledby="scenarios-heading">
      <div className={dialogs.head}>
        <h2 id="scenarios-heading">Choose a scenario</h2>
        <button type="button" className={controls.button} onClick={close}>
          Close
        </button>
      </div>
      <div className={dialogs.body}>
        {Object.entries(FAMILIES).map(([family, name]) => (
          <FamilySection
            key={family}
            id={`family-${family}`}
            name={name}
            scenarios={scenarios.filter((each) => each.family === family)}
            present={present}
            choose={choose}
          />
        ))}
        <p className={styles.other}>
          <button type="button" className={controls.button} onClick={openRecordings}>
            Recordings of a real router…
          </button>
        </p>
      </div>
    </dialog>
  );
}

interface FamilySectionProps {
  readonly id: string;
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  readonly present: string | undefined;
  readonly choose: (scenario: string) => void;
}

function FamilySection({ id, name, scenarios, present, choose }: FamilySectionProps) {
  return (
    <section aria-labelledby={id}>
      <h3 className={controls.heading} id={id}>
        {name}
      </h3>
      <ul className={dialogs.list}>
        {scenarios.map((scenario) => (
          <ScenarioItem
            key={scenario.id}
            scenario={scenario}
            present={scenario.id === present}
            choose={() => choose(scenario.id)}
          />
        ))}
      </ul>
    </section>
  );
}

interface ScenarioItemProps {
  readonly scenario: Scenario;
  readonly present: boolean;
  readonly choose: () => void;
}

function ScenarioItem({ scenario, present, choose }: ScenarioItemProps) {
  const story = `story-${scenario.id}`;
  return (
    <li className={styles.scenario} data-present={present}>
      <h4>
        <button type="button" className={styles.title} aria-current={present} aria-describedby={story} onClick={choose}>
          <Unbroken text={scenario.title} />
        </button>
      </h4>
      <p id={story}>
        <Unbroken text={scenario.story} />
      </p>
    </li>
  );
}
