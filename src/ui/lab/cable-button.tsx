/** Pulls a cable at the cursor, or plugs it in again. @module */
import { cableDeed } from '../../explain/cables.ts';
import { intervene } from '../../world/edits.ts';
import { cableId, pulledAt } from '../model/pulled.ts';
import { useSession } from '../session/context.ts';
import styles from './clients.module.css';
import { useLabHandle } from './context.ts';
import type { Played } from './engine.ts';
import { momentAfter } from './moment.ts';

interface CableButtonProps {
  readonly played: Played;
  readonly node: { readonly id: string; readonly name: string };
  /** Of a router that has several. */
  readonly uplink?: string;
  /** Id of what says what comes of it. */
  readonly describedBy: string;
}

/** As with starting and stopping: done and undone at one moment, nothing was done. */
export function CableButton({ played: { run, chosen }, node, uplink, describedBy }: CableButtonProps) {
  const lab = useLabHandle();
  const moment = useSession(({ cursor }) => momentAfter(run, cursor));
  const pulled = useSession(({ cursor }) => pulledAt(run.trace, cursor).has(cableId(node.id, uplink)));
  const planned = chosen.experiment.interventions?.find(
    (each) => each.at === moment && each.do === 'cable' && each.node === node.id && each.uplink === uplink,
  );
  const plugged = planned?.do === 'cable' ? !planned.plugged : pulled;
  const which = uplink === undefined ? {} : { uplink };
  return (
    <button
      type="button"
      className={styles.cable}
      aria-describedby={describedBy}
      onClick={() =>
        lab.editHere((each) => intervene(each, { at: moment, do: 'cable', node: node.id, plugged, ...which }))
      }
    >
      {cableDeed({ of: node.name, uplink }, plugged)}
    </button>
  );
}
