/**
 * Writes down what the stages do, for those who want to know. A router that nobody watches has none, and pays nothing.
 * @module
 */
import type { StageName, StageNote } from './outcome.ts';
import type { Reason } from './reason.ts';

export class Recorder {
  readonly reasons: Reason[] = [];
  private readonly notes: { stage: StageName; did: StageNote['did']; reasons: Reason[] }[] = [];

  /** A stage begins; it counts as passed until it says otherwise. */
  enter(stage: StageName): void {
    if (this.notes.at(-1)?.stage !== stage) this.notes.push({ stage, did: 'pass', reasons: [] });
  }

  /** The present stage did something, and this is why. */
  did(reason: Reason): void {
    this.add(reason, 'act');
  }

  /** Worth saying, though nothing was changed. */
  note(reason: Reason): void {
    this.add(reason, this.notes.at(-1)?.did ?? 'pass');
  }

  /** The packet's way ends in the present stage. */
  stop(reason: Reason): void {
    this.add(reason, 'stop');
  }

  get stages(): readonly StageNote[] {
    return this.notes;
  }

  private add(reason: Reason, did: StageNote['did']): void {
    this.reasons.push(reason);
    const note = this.notes.at(-1);
    if (!note) return;
    note.reasons.push(reason);
    if (note.did !== 'stop') note.did = did;
  }
}
