import { expect, test } from 'vitest';
import { failed, intervention, LOST, symptom, up } from '../../src/explain/moments.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { run } from '../../src/world/run.ts';

test('whatever happens in a scenario that is no packet is told in whole sentences', () => {
  for (const { id, experiment } of SCENARIOS) {
    const { nodes, occurrences } = run(experiment);
    const kindOf = (node: string) => nodes.find((each) => each.id === node)!.kind;
    for (const each of occurrences) {
      const says =
        each.kind === 'phase'
          ? [up(kindOf(each.node), 'Laptop A', each.phase), failed('Laptop A', undefined)]
          : each.kind === 'symptom'
            ? [symptom(kindOf(each.node), each.missing), failed('Laptop A', each.missing)]
            : each.kind === 'intervention'
              ? [intervention(kindOf(each.node), each.what)]
              : each.kind === 'lost'
                ? [LOST[each.why]]
                : [];
      for (const sentence of says) expect(sentence, `${id}: ${each.kind}`).toMatch(/^[A-Z].*[^.]\.$/);
    }
  }
});

test('a server that is hung up on does not say that somebody has connected', () => {
  expect(up('server', 'VPN server', 'laptop-a.example hung up')).toMatch(/^One caller less/);
  expect(up('server', 'VPN server', 'Laptop A connected')).toMatch(/^VPN server has done its part/);
});

test('a cable that is plugged in again lets packets through', () => {
  expect(intervention('router', 'fibre cable pulled')).toMatch(/^Nothing gets through/);
  expect(intervention('router', 'fibre cable plugged in')).toMatch(/get through there again/);
});

test('only what comes from outside has been asked for by nobody', () => {
  expect(intervention('stranger', 'packet')).toMatch(/^Nobody at home/);
  expect(intervention('client', 'packet')).not.toMatch(/^Nobody at home/);
});
