/**
 * The anti-replay window of ESP and AH (RFC 4303 §3.4.3): a packet may overtake others by up to 64 numbers, none is
 * taken twice. Asked before the ICV is checked, moved only after it was right, so that a forger cannot push it.
 * @module
 */
const WIDTH = 64;
const ALL = (1n << BigInt(WIDTH)) - 1n;

export class ReplayWindow {
  private highest = 0;
  /** Bit n stands for the sequence number `highest - n`. */
  private seen = 0n;

  /** Whether the number is new and not too old. Number 0 is never sent. */
  admits(sequence: number): boolean {
    if (sequence === 0) return false;
    if (sequence > this.highest) return true;
    const age = this.highest - sequence;
    return age < WIDTH && ((this.seen >> BigInt(age)) & 1n) === 0n;
  }

  /** Notes a number that was admitted. */
  note(sequence: number): void {
    if (sequence > this.highest) {
      const step = Math.min(sequence - this.highest, WIDTH);
      this.seen = ((this.seen << BigInt(step)) & ALL) | 1n;
      this.highest = sequence;
    } else {
      this.seen |= 1n << BigInt(this.highest - sequence);
    }
  }
}
