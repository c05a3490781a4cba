/** The router as its admin page knows it. @module */
import type { Profile, Switches } from '../../router/profiles/profile.ts';
import type { Intervention } from '../../world/experiment.ts';

export interface Router {
  readonly id: string;
  readonly profile: Profile;
  /** In effect at the cursor. */
  readonly switches: Switches;
  /** It starts anew, and answers nobody. */
  readonly away: boolean;
  /** How often it has been started anew. */
  readonly boots: number;
  readonly act: (deeds: (at: number) => readonly Intervention[]) => void;
  /** The run plays on. */
  readonly carryOn: () => void;
}
