import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transforms } from '../../src/endpoints/crypto/esp-transforms.ts';
import { ReplayWindow } from '../../src/endpoints/esp-replay.ts';
import { InboundSa, OutboundSa } from '../../src/endpoints/esp-sa.ts';
import { hex } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';
import * as esp from '../../src/wire/esp.ts';
import { mustRead } from '../support/must-read.ts';

const keying = {
  spi: 0x1000,
  transform: transforms['aes-gcm-16'],
  keys: { encryption: new Rng(3).bytes(20), integrity: new Uint8Array(0) },
};
const inside = { nextHeader: 17, payload: hex('0102') };
const read = (bytes: Uint8Array) => mustRead(esp.parse(bytes));

test('a sender numbers its packets from 1 and never uses an IV twice', () => {
  const out = new OutboundSa(keying);
  const packets = [1, 2, 3].map(() => read(out.seal(inside, new Rng(1))));
  expect(packets.map((packet) => packet.sequence)).toEqual([1, 2, 3]);
  expect(new Set(packets.map((packet) => packet.body.subarray(0, 8).join())).size).toBe(3);
});

test('a receiver takes each packet once', () => {
  const out = new OutboundSa(keying);
  const into = new InboundSa(keying);
  const packet = read(out.seal(inside, new Rng(1)));
  expect(into.open(packet)).toEqual({ ok: true, inside });
  expect(into.open(packet)).toEqual({ ok: false, why: 'replayed' });
});

test('a forged packet with a high number does not push the window', () => {
  const out = new OutboundSa(keying);
  const into = new InboundSa(keying);
  const forged = { spi: keying.spi, sequence: 5000, body: new Uint8Array(40) };
  expect(into.open(forged)).toEqual({ ok: false, why: 'bad-icv' });
  expect(into.open(read(out.seal(inside, new Rng(1)))).ok).toBe(true);
});

test('the window reaches back 64 numbers and no further', () => {
  const window = new ReplayWindow();
  window.note(100);
  expect(window.admits(37)).toBe(true);
  expect(window.admits(36)).toBe(false);
  expect(window.admits(0)).toBe(false);
  expect(new ReplayWindow().admits(0)).toBe(false);
});

test('the window agrees with a list that remembers everything', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (numbers) => {
      const window = new ReplayWindow();
      const seen = new Set<number>();
      for (const number of numbers) {
        const highest = Math.max(0, ...seen);
        const expected = number > 0 && !seen.has(number) && highest - number < 64;
        expect(window.admits(number)).toBe(expected);
        if (expected) window.note(number);
        if (expected) seen.add(number);
      }
    }),
  );
});
