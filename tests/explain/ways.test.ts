import { describe, expect, test } from 'vitest';
import { JUDGEMENT, WAYS } from '../../src/explain/ways.ts';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { exhibitOf } from '../../src/scenarios/shown.ts';
import { vary } from '../../src/scenarios/vary.ts';
import { figuresOf } from '../../src/scenarios/way-figures.ts';
import { run } from '../../src/world/run.ts';

const OFF = { pptp: false, l2tp: false, ipsec: false };

describe.each(WAYS.map((way) => [way.name, way] as const))('%s', (_, way) => {
  test('is told in whole sentences, with a source', () => {
    for (const text of [way.what, way.why, way.needs, way.weak, way.choose]) expect(text).toMatch(/^[A-Z].{20,220}\.$/);
    expect(way.source).not.toBe('');
  });

  test('is shown through a router with every switch off', () => {
    expect(exhibitOf(way.shown).experiment.routers.map(({ switches }) => switches)).toEqual([OFF]);
  });

  test('comes up there, with no packet of the house stopped', () => {
    expect(figuresOf(run(exhibitOf(way.shown).experiment), way)?.stopped).toBe(0);
  });
});

test('all are shown through the same router', () => {
  expect(new Set(WAYS.map(({ shown }) => exhibitOf(shown).experiment.routers[0].profile)).size).toBe(1);
});

test('IKEv2 is the only one that a switch can stop, at any router', () => {
  const stopped = new Set<string>();
  for (const way of WAYS)
    for (const { id } of PROFILES) {
      const experiment = vary(exhibitOf(way.shown).experiment, { profile: id, switches: OFF });
      if (!figuresOf(run(experiment), way)) stopped.add(way.id);
    }
  expect([...stopped]).toEqual(['ikev2-natt']);
});

test('no two are called the same, and the judgement has a source for everything it says', () => {
  expect(new Set(WAYS.map(({ id }) => id)).size).toBe(WAYS.length);
  for (const { says, source } of JUDGEMENT) {
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(source).toMatch(/RFC \d+|Linux/);
  }
});
