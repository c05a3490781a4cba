/** What the page and its replay worker say to each other. @module */
import type { Trace } from '../../world/trace.ts';

export interface ReplayRequest {
  readonly id: number;
  readonly lan: ArrayBuffer;
  readonly wan: ArrayBuffer;
  readonly pptpHelper: boolean;
  readonly firewall: boolean;
}

export type ReplayAnswer =
  | { readonly id: number; readonly ok: true; readonly trace: Trace; readonly agreed: number; readonly packets: number }
  /** Why the files make no replay, in the user's words. */
  | { readonly id: number; readonly ok: false; readonly what: string };
