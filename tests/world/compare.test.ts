import { expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { vary } from '../../src/scenarios/vary.ts';
import { compare } from '../../src/world/compare.ts';
import { run } from '../../src/world/run.ts';

const { experiment } = scenarioOf('pptp-one-laptop')!;
const off = run(vary(experiment, { switches: { pptp: false } }));
const on = run(vary(experiment, { switches: { pptp: true } }));

test('a run and itself never part', () => {
  expect(compare(off, run(vary(experiment, { switches: { pptp: false } })))).toBeUndefined();
});

test('one switch parts two runs at the Outgoing-Call-Request, in the bytes of its Call ID', () => {
  const parting = compare(off, on)!;
  expect(parting.a?.kind).toBe('routed');
  if (parting.a?.kind !== 'routed' || parting.b?.kind !== 'routed') throw new Error('no router');
  expect([parting.a.frame.from, parting.b.frame.from]).toEqual(['a', 'a']);
  expect(parting.bytes).toMatchObject({ where: 'left', packet: 0 });
  const [left, right] = [parting.a.out[0]!.bytes, parting.b.out[0]!.bytes];
  // The TCP checksum comes first and differs as well; the Call ID is where 13330 stands in one and a port in the other.
  expect(parting.bytes?.offset).toBeGreaterThanOrEqual(36);
  expect(u16(left, 40 + 12)).toBe(13330);
  expect(u16(right, 40 + 12)).toBe(u16(right, 20));
});

test('the same is found from either side', () => {
  expect(compare(on, off)?.index).toBe(compare(off, on)?.index);
});
