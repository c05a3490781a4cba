/** What the page and its replay worker say to each other. @module */
import type { Switches } from '../../router/profiles/profile.ts';
import type { Occurrence, Trace } from '../../world/trace.ts';
import type { Tunnel } from '../../world/tunnels.ts';

/** The router that a recording is replayed through. */
export interface RouterSetup {
  readonly profile: string;
  readonly switches: Switches;
  /** A usual home firewall: from the Internet only what was asked for. */
  readonly firewall: boolean;
}

/** Captures taken at once on both sides of a router, or one: of the inside, or of both sides in one file. */
export interface CaptureFiles {
  readonly lan: Blob;
  readonly wan?: Blob | undefined;
}

export interface ReplayRequest {
  readonly id: number;
  readonly files: CaptureFiles;
  /** Left out, the set-up that agrees best with the recording is found out. */
  readonly setup?: RouterSetup;
}

/** How far a replay has got. */
export interface Progress {
  readonly doing: 'reading' | 'sorting' | 'replaying';
  readonly done: number;
  readonly of: number;
  readonly unit: 'bytes' | 'packets';
}

export interface Replayed {
  readonly trace: Trace;
  readonly setup: RouterSetup;
  /** This router reads PPTP control connections. */
  readonly pptpHelper: boolean;
  /** It tells GRE apart by addresses alone. */
  readonly greByAddresses: boolean;
  /** `lan`: captured on the inside alone. */
  readonly sides: 'both' | 'lan';
  /** All packets; those of which the recording shows what came of them; those to which our router did the same. */
  readonly packets: number;
  readonly compared: number;
  readonly agreed: number;
  /** Recorded answers left out: through this router their servers would never have been asked. */
  readonly unasked: number;
  readonly tunnels: readonly Tunnel[];
  /** Packets of which the capture kept only the beginning: those replayed by their headers, and those left out. */
  readonly cut: { readonly routed: number; readonly leftOut: number };
  /** What the reader should know of the files, such as where one breaks off. */
  readonly notices: readonly string[];
}

export type ReplayAnswer =
  | { readonly ok: true; readonly replayed: Replayed }
  /** Why the files make no replay, in the user's words. */
  | { readonly ok: false; readonly what: string };

/**
 * A trace comes in parts, so that the page never has more than a few milliseconds of it to take in at once. `alive` comes
 * before anything else, where the browser has locks: see `life-lock.ts`.
 */
export type FromWorker = { readonly id: number } & (
  | { readonly kind: 'alive'; readonly lock: string }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'part'; readonly occurrences: readonly Occurrence[] }
  | { readonly kind: 'answer'; readonly answer: ReplayAnswer }
);
