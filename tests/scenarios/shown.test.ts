import { describe, expect, test } from 'vitest';
import { MYTHS } from '../../src/explain/myths.ts';
import type { Shown } from '../../src/explain/shown.ts';
import { u16, u32 } from '../../src/lib/bytes.ts';
import { exhibitOf, sightIn } from '../../src/scenarios/shown.ts';
import { run } from '../../src/world/run.ts';

const seen = (shown: Shown) => {
  const trace = run(exhibitOf(shown).experiment);
  const found = trace.occurrences[sightIn(trace, shown)];
  if (found?.kind !== 'routed') throw new Error('no packet at a router');
  return { ...found, trace };
};
const first = (id: string) => MYTHS.find((myth) => myth.id === id)!.shownBy[0];

describe('a myth’s first run is opened at the packet that refutes it', () => {
  test('NAT traversal passes with its switch off', () => {
    const { frame, outcome } = seen(first('passthrough-is-natt'));
    expect([outcome.verdict, u16(frame.bytes, 22)]).toEqual(['forwarded', 4500]);
  });

  test.each(['opens-ports', 'server-at-home'])('%s: the stranger’s packet stops, with every switch on', (id) => {
    const shown = first(id);
    expect(exhibitOf(shown).experiment.routers[0].switches).toEqual({ pptp: true, l2tp: true, ipsec: true });
    const { frame, outcome } = seen(shown);
    expect([frame.from, outcome.verdict]).toEqual(['stranger', 'dropped']);
  });

  test('GRE that leaves keeps its Call ID', () => {
    const { frame, out } = seen(first('both-call-ids'));
    expect([...out[0]!.bytes.subarray(20)]).toEqual([...frame.bytes.subarray(20)]);
    expect(u32(out[0]!.bytes, 12)).not.toBe(u32(frame.bytes, 12));
  });

  test('a tunnel goes on after the switch was turned off', () => {
    const { index, outcome, trace } = seen(first('switching-off-disconnects'));
    const flip = trace.occurrences.find(({ kind }) => kind === 'intervention')!;
    expect([outcome.verdict, index > flip.index]).toEqual(['forwarded', true]);
  });

  test('ESP passes a NAT', () => {
    const { frame, outcome } = seen(first('esp-cannot-pass'));
    expect([frame.bytes[9], outcome.verdict]).toEqual([50, 'forwarded']);
  });
});

test('every run that is shown has the step to look at', () => {
  for (const { id, shownBy } of MYTHS)
    for (const shown of shownBy) {
      const trace = run(exhibitOf(shown).experiment);
      expect(trace.occurrences[sightIn(trace, shown)], id).toBeDefined();
    }
});

test('what is not there is said to be missing', () => {
  expect(() => exhibitOf({ scenario: 'nowhere' })).toThrow('there is no scenario "nowhere"');
  const nobody: Shown = { scenario: 'pptp-one-laptop', sight: { from: 'z', protocol: 1 } };
  const trace = run(exhibitOf(nobody).experiment);
  expect(() => sightIn(trace, nobody)).toThrow('no packet of this run');
});
