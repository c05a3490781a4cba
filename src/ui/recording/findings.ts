/** What is wrong in a replayed capture: the packet at which to look first. @module */
import { u32 } from '../../lib/bytes.ts';
import type { Tunnel } from '../../world/tunnels.ts';
import type { Run, Step } from '../model/run.ts';

const SOURCE = 12;
const DESTINATION = 16;

/**
 * Place among the steps of the first packet that was stopped, or else of the first that fared otherwise than recorded;
 * packets of tunnels before all others. Undefined where nothing is wrong.
 */
export function firstFinding(run: Run, tunnels: readonly Tunnel[]): number | undefined {
  const servers = new Set(tunnels.map(({ server }) => server));
  const ofTunnel = ({ occurrence }: Step) =>
    'frame' in occurrence &&
    (servers.has(u32(occurrence.frame.bytes, SOURCE)) || servers.has(u32(occurrence.frame.bytes, DESTINATION)));
  const stopped = (step: Step) => step.fate === 'stopped';
  for (const wanted of [
    (step: Step) => stopped(step) && ofTunnel(step),
    (step: Step) => differs(step) && ofTunnel(step),
    stopped,
    differs,
  ]) {
    const found = run.steps.findIndex(wanted);
    if (found >= 0) return found;
  }
  return undefined;
}

/** The recording shows something else. */
export function differs({ occurrence }: Step): boolean {
  return occurrence.kind === 'routed' && occurrence.recorded?.agrees === false;
}
