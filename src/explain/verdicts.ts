/** Why something came of a VPN at a router, in words: by the reason that decides, or by what its ends say. @module */
import type { Reason } from '../router/reason.ts';
import { explain } from './reasons.ts';

/** What decided it. `said`: at an end of the tunnel, as a clause. */
export interface Decided {
  readonly code: string;
  readonly reason?: Reason;
  readonly said?: string;
}

/** What the router says of the packet that decides, or what laptop and server say where they decide; may be empty. */
export function whyText({ reason, said, code }: Decided): string {
  if (reason) return explain(reason).student;
  if (code === 'OK') return 'The address is changed on the way out and put back on the way in.';
  return said === undefined ? '' : `What was seen there: ${said}.`;
}
