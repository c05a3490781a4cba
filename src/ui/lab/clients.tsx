/** Who is at home: each device with its VPN, how far it has got at the cursor, and what its user reads. @module */

import { MOST } from '../../world/bounds.ts';
import { addDevice } from '../../world/edits.ts';
import controls from '../design/controls.module.css';
import { useSession } from '../session/context.ts';
import styles from './clients.module.css';
import { useLabHandle } from './context.ts';
import { DeviceCard } from './device-card.tsx';
import type { Played } from './engine.ts';
import { momentAfter } from './moment.ts';
import { standingsAt } from './standing.ts';

export function Clients({ played }: { readonly played: Played }) {
  const lab = useLabHandle();
  const { run, chosen } = played;
  const cursor = useSession((session) => session.cursor);
  const standings = standingsAt(run.trace, cursor);
  const { clients } = chosen.experiment;
  return (
    <section className={controls.panel} aria-labelledby="clients-heading">
      <div className={styles.head}>
        <h2 className={controls.heading} id="clients-heading">
          At home
        </h2>
        {clients.length < MOST.clients && (
          <button
            type="button"
            className={styles.add}
            onClick={() => lab.edit((experiment) => addDevice(experiment, momentAfter(run, cursor)))}
          >
            + Add a device
          </button>
        )}
      </div>
      <ul className={styles.clients}>
        {clients.map((device) => (
          <DeviceCard
            key={device.id}
            device={device}
            played={played}
            standing={standings.get(device.id)}
            moment={momentAfter(run, cursor)}
          />
        ))}
      </ul>
    </section>
  );
}
