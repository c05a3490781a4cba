/**
 * A router of ours as configuration for real ones: plain data, made by `index.ts`, shown by the page and the command
 * line. Every line says what it is for and who asks for it.
 * @module
 */
import type { SwitchName } from '../router/profiles/profile.ts';

/** Who asks for a line: a switch in one of its positions, or the router itself, whatever its switches. */
export type Maker = { readonly switch: SwitchName; readonly on: boolean } | 'router';

export interface GearLine {
  /** As the file has it, with its indentation. */
  readonly text: string;
  /** What it is for. Left out where the line only belongs to the one before it, or closes what another opened. */
  readonly why?: string;
  readonly by: Maker;
}

/** Lines that go to one place. */
export interface GearPart {
  /** A file, or the prompt at which they are typed: "/etc/nftables.conf". */
  readonly place: string;
  readonly lines: readonly GearLine[];
}

/** Where the target is another thing than the router of the profile. */
export interface GearNote {
  /**
   * `cannot`: there is no command for it. `differs`: what is written does it, but not in the same way. `unknown`: what
   * the target does was not found in what was read.
   */
  readonly kind: 'cannot' | 'differs' | 'unknown';
  readonly says: string;
  readonly by: Maker;
}

export interface Source {
  /** The document and its section. */
  readonly name: string;
  /** What was read there. */
  readonly says: string;
}

/** How far a configuration can be trusted. */
export interface Proof {
  /** In one sentence, or two. */
  readonly summary: string;
  /** What was tried, and on what; empty where everything was only read. */
  readonly tested: readonly string[];
  /** What no test has seen. */
  readonly untested: readonly string[];
  readonly sources: readonly Source[];
}

export type TargetId = 'nftables' | 'iptables' | 'uci' | 'routeros' | 'ios';

export interface Gear {
  readonly target: TargetId;
  /** Its name for people. */
  readonly name: string;
  /** What begins a comment there. */
  readonly comment: string;
  readonly parts: readonly GearPart[];
  readonly notes: readonly GearNote[];
  /** Switches that make no line here in their present position. */
  readonly silent: readonly SwitchName[];
  readonly proof: Proof;
}
