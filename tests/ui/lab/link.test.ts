import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PROFILES, profileOf } from '../../../src/router/profiles/index.ts';
import { SCENARIOS } from '../../../src/scenarios/index.ts';
import { experimentOf, SITUATIONS, situationOf } from '../../../src/scenarios/matrix-situations.ts';
import { type Variation, vary } from '../../../src/scenarios/vary.ts';
import type { Chosen, Origin } from '../../../src/ui/lab/chosen.ts';
import { engine } from '../../../src/ui/lab/engine.ts';
import { linkOf, type Place, readLink } from '../../../src/ui/lab/link.ts';
import { pack } from '../../../src/ui/lab/packing.ts';
import type { Selection } from '../../../src/ui/session/session.ts';
import { LONGEST_RUN, MOST } from '../../../src/world/bounds.ts';
import { addDevice, chooseServer, intervene, setRedial } from '../../../src/world/edits.ts';
import { parseExperiment } from '../../../src/world/experiment-input.ts';

const known = { told: engine.told, profiles: PROFILES };
const write = (place: Place) => linkOf(place, known);
const read = (link: string) => readLink(link, known);

const origin: fc.Arbitrary<Exclude<Origin, { kind: 'own' }>> = fc.oneof(
  fc.constantFrom(...SCENARIOS).map(({ id }) => ({ kind: 'scenario' as const, id })),
  fc.constantFrom(...SITUATIONS).map(({ id }) => ({ kind: 'situation' as const, id })),
);
const variation = fc.record({
  profile: fc.constantFrom(...PROFILES.map(({ id }) => id)),
  switches: fc.record({ pptp: fc.boolean(), l2tp: fc.boolean(), ipsec: fc.boolean() }),
  seed: fc.nat({ max: 0xffffffff }),
});
const selection: fc.Arbitrary<Selection> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('field' as const, 'node' as const, 'stage' as const),
    id: fc.string({ minLength: 1, maxLength: 30 }),
  }),
  fc.record({
    kind: fc.constantFrom('entry' as const, 'frame' as const),
    id: fc.integer({ min: -99_999, max: 99_999 }),
  }),
);
const cursor = fc.integer({ min: -1, max: 200_000 });

const told = (given: Origin, change: Variation = {}): Chosen => ({
  origin: given,
  experiment: vary(engine.told(given, change.profile)!, change),
});

test('a link to what is told with another router, other switches and another seed is short and brings it back', async () => {
  await fc.assert(
    fc.asyncProperty(origin, variation, cursor, async (from, change, at) => {
      const place = { chosen: told(from, change), cursor: at };
      const link = await write(place);
      expect(link.length).toBeLessThan(200);
      expect(await read(link)).toEqual({ ok: true, place });
    }),
  );
});

test('a link to an experiment that somebody changed carries all of it', async () => {
  await fc.assert(
    fc.asyncProperty(origin, fc.boolean(), cursor, async (from, renamed, at) => {
      const { experiment } = told(from);
      const changed = { ...experiment, duration: experiment.duration + 1 };
      const place = {
        chosen: { origin: renamed ? from : ({ kind: 'own' } as const), experiment: changed },
        cursor: at,
      };
      const link = await write(place);
      expect(link).toMatch(/^#own=/);
      expect(link.length).toBeLessThan(4000);
      expect(await read(link)).toEqual({ ok: true, place });
    }),
    { numRuns: 50 },
  );
});

test('a link to as much as the page lets one make is read like any other', async () => {
  await fc.assert(
    fc.asyncProperty(origin, fc.infiniteStream(fc.integer({ min: 0, max: LONGEST_RUN })), async (from, times) => {
      const at = () => times.next().value ?? 0;
      let { experiment } = told(from);
      for (let i = 0; i < MOST.clients; i++) {
        experiment = addDevice(experiment, at());
        const { id } = experiment.clients.at(-1) ?? { id: '' };
        experiment = setRedial(chooseServer(experiment, id), id, 1);
      }
      const nodes = [...experiment.clients, ...experiment.servers];
      for (let i = 0; i < 2 * MOST.interventions; i++)
        experiment = intervene(experiment, {
          at: at(),
          do: i % 2 ? 'stop' : 'start',
          node: nodes[i % nodes.length]!.id,
        });
      expect(experiment.interventions?.length).toBe(MOST.interventions);
      const place = { chosen: { origin: from, experiment }, cursor: -1 };
      expect(await read(await write(place))).toEqual({ ok: true, place });
    }),
    { numRuns: 20 },
  );
});

test('whatever is selected comes back selected', async () => {
  await fc.assert(
    fc.asyncProperty(selection, async (selected) => {
      const place = { chosen: told({ kind: 'scenario', id: SCENARIOS[0]!.id }), cursor: 3, selection: selected };
      expect(await read(await write(place))).toEqual({ ok: true, place });
    }),
  );
});

test('an address without a link asks for nothing', async () => {
  expect(await read('')).toBeUndefined();
  expect(await read('#')).toBeUndefined();
});

describe('a damaged link is refused with the reason', () => {
  const good = `#scenario=${SCENARIOS[0]!.id}&router=linux&on=pptp,ipsec&seed=1&at=25`;
  test.each([
    ['a scenario that is none', good.replace(/scenario=[^&]*/, 'scenario=constructor'), /scenario/],
    ['a situation that is none', good.replace(/scenario=[^&]*/, 'situation=toString'), /situation/],
    ['a router that is none', good.replace('linux', 'toaster'), /router/],
    ['a switch that is none', good.replace('pptp,', 'pptp,teleport,'), /switch/],
    ['a switch named twice', good.replace('pptp,', 'pptp,pptp,'), /switch/],
    ['a seed below zero', good.replace('seed=1', 'seed=-1'), /number/],
    ['a seed past 32 bits', good.replace('seed=1', 'seed=4294967296'), /number/],
    ['a cursor that is no number', good.replace('at=25', 'at=1e3'), /number/],
    ['a cursor before the beginning', good.replace('at=25', 'at=-2'), /number/],
    ['a cursor beyond every run', good.replace('at=25', 'at=200001'), /number/],
    ['a missing part', good.replace('&seed=1', ''), /missing/],
    ['a part too many', `${good}&also=this`, /nobody knows/],
    ['a part given twice', good.replace('seed=1', 'seed=1&seed=2'), /twice/],
    ['a selection of nothing', `${good}&sel=entry.none`, /selects/],
    ['more text than any link has', `${good}${'0'.repeat(12_000)}`, /too long/],
    ['an experiment that is not packed', '#own=abc&from=own&at=0', /unpacked/],
    ['an experiment in another alphabet', '#own=a+b/c&from=own&at=0', /unpacked/],
  ])('%s', async (_, link, why) => {
    expect(await read(link)).toEqual({ ok: false, why: expect.stringMatching(why) });
  });

  test('an experiment of a scenario that is none', async () => {
    const link = await write({
      chosen: { ...told({ kind: 'scenario', id: SCENARIOS[0]!.id }), origin: { kind: 'own' } },
      cursor: -1,
    });
    expect(await read(link)).toMatchObject({ ok: true, place: { cursor: -1 } });
    expect(await read(link.replace('from=own', 'from=scenario.toString'))).toEqual({
      ok: false,
      why: expect.stringMatching(/scenario/),
    });
  });

  test('an experiment that is none, with the place of the mistake', async () => {
    const { experiment } = told({ kind: 'scenario', id: SCENARIOS[0]!.id });
    const link = `#own=${await pack({ ...experiment, seed: 'x' })}&from=own&at=0`;
    expect(await read(link)).toEqual({
      ok: false,
      why: 'in its experiment, seed should be a whole number from 0 to 4294967295, but is x',
    });
  });

  test('a short text that unpacks to a very long one', async () => {
    const link = `#own=${await pack('a'.repeat(1_000_000))}&from=own&at=0`;
    expect(link.length).toBeLessThan(3000);
    expect(await read(link)).toEqual({ ok: false, why: expect.stringMatching(/unpacked/) });
  });
});

test('whatever an address holds, reading it ends in words or in a place that exists', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 400 }), async (text) => {
      const found = await read(`#${text}`);
      if (found?.ok) expect(engine.told(found.place.chosen.origin)).toBeDefined();
      else if (found) expect(found.why).toMatch(/\w/);
      else expect(text.replace(/^#/, '')).toBe('');
    }),
  );
});

test('a cell of the matrix has a short link at every router, and comes back as it was', async () => {
  for (const { id } of PROFILES) {
    const [situation, profile] = [situationOf('esp-two')!, profileOf(id)!];
    const experiment = experimentOf(situation, profile, { pptp: true, l2tp: false, ipsec: true });
    const place = { chosen: { origin: { kind: 'situation', id: situation.id } as const, experiment }, cursor: 9 };
    const link = await linkOf(place, known);
    expect(link).toBe(`#situation=esp-two&router=${id}&on=pptp,ipsec&seed=1&at=9`);
    const read = await readLink(link, known);
    if (!read?.ok) throw new Error(`no link for ${id}`);
    expect(parseExperiment(read.place.chosen.experiment)).toEqual(parseExperiment(experiment));
  }
});
