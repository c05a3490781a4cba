/** What the page and its replay worker say to each other. @module */
import type { Trace } from '../../world/trace.ts';

/** How the recorded router was set up, as far as the page's own router can be set up alike. */
export interface RouterSetup {
  readonly pptpHelper: boolean;
  /** A usual home firewall: from the Internet only what was asked for. */
  readonly firewall: boolean;
}

export interface ReplayRequest {
  readonly id: number;
  readonly lan: ArrayBuffer;
  readonly wan: ArrayBuffer;
  /** Left out, the set-up that agrees best with the recording is found out. */
  readonly setup?: RouterSetup;
}

export interface Replayed {
  readonly trace: Trace;
  readonly setup: RouterSetup;
  /** Packets to which our router did what the recording shows, and all packets. */
  readonly agreed: number;
  readonly packets: number;
}

export type ReplayAnswer =
  | { readonly id: number; readonly ok: true; readonly replayed: Replayed }
  /** Why the files make no replay, in the user's words. */
  | { readonly id: number; readonly ok: false; readonly what: string };
