/** What a capture of one's own shows: where it goes wrong and why, and which tunnels are in it. @module */
import { cutText } from '../../explain/cut.ts';
import { formatIpv4 } from '../../wire/address.ts';
import type { Tunnel } from '../../world/tunnels.ts';
import controls from '../design/controls.module.css';
import { vpnName } from '../lab/vpn-names.ts';
import { type Run, type Step, stepAt } from '../model/run.ts';
import { labelOf, nameOf } from '../model/sentence.ts';
import { viewOf } from '../model/step-view.ts';
import { useSession, useStage } from '../session/context.ts';
import { goToStep } from '../session/session.ts';
import { differs, firstFinding } from './findings.ts';
import styles from './findings-panel.module.css';
import type { Opened } from './library.ts';

interface FindingsProps {
  readonly opened: Opened;
  readonly run: Run;
}

export function Findings({ opened, run }: FindingsProps) {
  const { store } = useStage();
  const first = firstFinding(run, opened.tunnels);
  const cut = cutText(opened.cut);
  const step = first === undefined ? undefined : run.steps[first];
  // There the card says why.
  const there = useSession(({ cursor }) => stepAt(run, cursor) === first);
  return (
    <section className={controls.panel} aria-labelledby="findings-heading">
      <h2 className={controls.heading} id="findings-heading">
        What it shows
      </h2>
      {cut && <p className={styles.soft}>{cut}</p>}
      <p className={styles.finding}>
        <b>{step ? labelOf(run, step) : 'This router stops none of these packets.'}</b>
        {step && !there && whyText(run, step)}
        {first !== undefined && !there && (
          <button type="button" className={controls.button} onClick={() => goToStep(store, first)}>
            Go to packet {run.steps[first]?.number}
          </button>
        )}
      </p>
      {opened.tunnels.length === 0 ? (
        <p className={styles.soft}>No VPN is in this file that we know.</p>
      ) : (
        <ul className={styles.tunnels}>
          {opened.tunnels.slice(0, MOST_TUNNELS).map((tunnel) => (
            <li key={`${tunnel.client} ${tunnel.server}`}>{tunnelText(run, tunnel)}</li>
          ))}
        </ul>
      )}
      {remarks(opened).map((remark) => (
        <p key={remark} className={styles.soft}>
          {remark}
        </p>
      ))}
    </section>
  );
}

/** As many as one reads. */
const MOST_TUNNELS = 8;

/** What the student is told, and where the recorded router did otherwise, that. */
function whyText(run: Run, step: Step): string {
  const why = viewOf(run, step)?.reasons[0]?.words.student ?? '';
  const deviates = step.fate !== 'stopped' && differs(step);
  return deviates ? `${why} The router in the capture did something else here.` : why;
}

/** "Client A (192.168.1.10) speaks PPTP with Server 1 (203.0.113.5): 20 packets out, 12 back." */
function tunnelText(run: Run, { client, server, kinds, out, back }: Tunnel): string {
  const name = (address: number) => {
    const known = nameOf(run, address);
    return known === formatIpv4(address) ? known : `${known} (${formatIpv4(address)})`;
  };
  const vpn = kinds.map((kind) => vpnName(kind)?.name ?? kind.toUpperCase()).join(' and ');
  const answers = back === 0 ? 'and nothing came back' : `${back.toLocaleString('en')} back`;
  return `${name(client)} speaks ${vpn} with ${name(server)}: ${out.toLocaleString('en')} packets out, ${answers}.`;
}

function remarks({ sides, tunnels, unasked, notices }: Opened): readonly string[] {
  const silent = sides === 'lan' && tunnels.some(({ back }) => back === 0);
  return [
    ...(silent
      ? ['What a router keeps from its laptops is seen on its WAN side only: capture there too, and drop both files.']
      : []),
    ...(unasked > 0
      ? [`${unasked.toLocaleString('en')} answers are left out: this router never let their questions through.`]
      : []),
    ...notices,
  ];
}
