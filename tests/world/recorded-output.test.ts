import { describe, expect, test } from 'vitest';
import { putU16 } from '../../src/lib/bytes.ts';
import { checksum } from '../../src/wire/checksum.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { RecordedOutput, withoutChance } from '../../src/world/recorded-output.ts';

/** An echo reply of 12 bytes. */
function reply(id: number, last = 0): Uint8Array {
  const payload = new Uint8Array(12).fill(last, 11);
  putU16(payload, 2, checksum(payload, 0, payload.length));
  return encodeIpv4({ source: 0xcb007101, destination: 0xcb00710a, protocol: 1, id, payload });
}

const recorded = (time: number, packet: Uint8Array) => ({ on: 'wan' as const, number: 1, time, packet });
const outputOf = (...packets: readonly ReturnType<typeof recorded>[]) => new RecordedOutput({ lan: [], wan: packets });

describe('a packet of ours', () => {
  test('takes the earliest equal one that is free, once', () => {
    const output = outputOf(recorded(1, reply(7)), recorded(1.1, reply(7)));
    const mine = { on: 'wan', packet: reply(7), own: false };
    expect([1, 2, 3].map(() => output.take(mine, 1)?.time)).toEqual([1, 1.1, undefined]);
    expect(output.left()).toEqual([]);
  });

  test('takes none that left long before or after', () => {
    const output = outputOf(recorded(1, reply(7)));
    const mine = { on: 'wan', packet: reply(7), own: false };
    expect([1.05, -1.5].map((time) => output.take(mine, time))).toEqual([undefined, undefined]);
    expect(output.left().length).toBe(1);
  });

  test('takes none of the other side', () => {
    const output = outputOf(recorded(1, reply(7)));
    expect(output.take({ on: 'lan', packet: reply(7), own: false }, 1)).toBeUndefined();
  });

  test('may have another identification if the router itself made it, and only then', () => {
    const output = outputOf(recorded(1, reply(7)));
    expect(output.take({ on: 'wan', packet: reply(8), own: false }, 1)).toBeUndefined();
    expect(output.take({ on: 'wan', packet: reply(8, 1), own: true }, 1)).toBeUndefined();
    expect(output.take({ on: 'wan', packet: reply(8), own: true }, 1)?.time).toBe(1);
  });
});

test('a wrong header checksum still shows when chance is left out', () => {
  const wrong = reply(7);
  wrong[10]! ^= 0xff;
  expect(withoutChance(reply(7))).toEqual(withoutChance(reply(8)));
  expect(withoutChance(wrong)).not.toEqual(withoutChance(reply(7)));
});
