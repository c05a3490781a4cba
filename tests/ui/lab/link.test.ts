import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROFILES } from '../../../src/router/profiles/index.ts';
import { SCENARIOS } from '../../../src/scenarios/index.ts';
import { linkOf, readLink } from '../../../src/ui/lab/link.ts';

const known = { scenarios: SCENARIOS, profiles: PROFILES };
const place = fc.record({
  chosen: fc.record({
    scenario: fc.constantFrom(...SCENARIOS.map(({ id }) => id)),
    profile: fc.constantFrom(...PROFILES.map(({ id }) => id)),
    switches: fc.record({ pptp: fc.boolean(), l2tp: fc.boolean(), ipsec: fc.boolean() }),
    seed: fc.nat({ max: 0xffffffff }),
  }),
  cursor: fc.integer({ min: -1, max: 200_000 }),
});

test('a link brings back exactly what it was made of, and stays short', () => {
  fc.assert(
    fc.property(place, (given) => {
      const link = linkOf(given);
      expect(link.length).toBeLessThan(200);
      expect(readLink(link, known)).toEqual({ ok: true, place: given });
    }),
  );
});

test('an address without a link asks for nothing', () => {
  expect(readLink('', known)).toBeUndefined();
  expect(readLink('#', known)).toBeUndefined();
});

const good = linkOf({
  chosen: { scenario: SCENARIOS[0]!.id, profile: 'linux', switches: { pptp: true, l2tp: false, ipsec: true }, seed: 1 },
  cursor: 25,
});

test.each([
  ['a scenario that is none', good.replace(/scenario=[^&]*/, 'scenario=constructor'), /scenario/],
  ['a router that is none', good.replace('linux', 'toaster'), /router/],
  ['a switch that is none', good.replace('pptp,', 'pptp,teleport,'), /switch/],
  ['a switch named twice', good.replace('pptp,', 'pptp,pptp,'), /switch/],
  ['a seed below zero', good.replace('seed=1', 'seed=-1'), /number/],
  ['a seed past 32 bits', good.replace('seed=1', 'seed=4294967296'), /number/],
  ['a cursor that is no number', good.replace('at=25', 'at=1e3'), /number/],
  ['a missing part', good.replace('&seed=1', ''), /missing/],
  ['a part too many', `${good}&also=this`, /missing/],
  ['a part given twice', good.replace('seed=1', 'at=1'), /missing/],
  ['more text than any link has', `${good}${'0'.repeat(300)}`, /too long/],
])('a link with %s is refused with the reason', (_, link, why) => {
  expect(readLink(link, known)).toEqual({ ok: false, why: expect.stringMatching(why) });
});

test('whatever an address holds, reading it ends in words or in a place that exists', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (text) => {
      const read = readLink(`#${text}`, known);
      if (read?.ok) expect(SCENARIOS.some(({ id }) => id === read.place.chosen.scenario)).toBe(true);
      else expect(read === undefined ? text.replace(/^#/, '') : read.why).toBe(read === undefined ? '' : read.why);
    }),
  );
});
