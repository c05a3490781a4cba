/** From an interface's clock ticks to nanoseconds since 1970, exactly. @module */

export interface Clock {
  /** Nanoseconds are ticks × multiply ÷ divide + offset. */
  readonly multiply: bigint;
  readonly divide: bigint;
  readonly offset: bigint;
}

const SECOND = 1_000_000_000n;

export const MICROSECOND_CLOCK: Clock = { multiply: 1000n, divide: 1n, offset: 0n };

/**
 * `resolution` is if_tsresol: the exponent of a negative power of 10 or, with the top bit set, of 2.
 * `offset` is if_tsoffset, in seconds.
 */
export function clockOf(resolution: number, offset: bigint): Clock {
  const exponent = BigInt(resolution & 0x7f);
  const ticksPerSecond = resolution & 0x80 ? 2n ** exponent : 10n ** exponent;
  const whole = SECOND % ticksPerSecond === 0n;
  return {
    multiply: whole ? SECOND / ticksPerSecond : SECOND,
    divide: whole ? 1n : ticksPerSecond,
    offset: offset * SECOND,
  };
}

export function nanoseconds(clock: Clock, high: number, low: number): bigint {
  const scaled = ((BigInt(high) << 32n) | BigInt(low)) * clock.multiply;
  return (clock.divide === 1n ? scaled : scaled / clock.divide) + clock.offset;
}
