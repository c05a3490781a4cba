import { expect, test } from 'vitest';
import { failed, intervention, LOST, symptom, up } from '../../src/explain/moments.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import type { Intervention } from '../../src/world/experiment.ts';
import { run } from '../../src/world/run.ts';

test('whatever happens in a scenario that is no packet is told in whole sentences', () => {
  for (const { id, experiment } of SCENARIOS) {
    const { nodes, occurrences } = run(experiment);
    const kindOf = (node: string) => nodes.find((each) => each.id === node)!.kind;
    for (const each of occurrences) {
      const says =
        each.kind === 'phase'
          ? [up(kindOf(each.node), 'Laptop A', each.notice), failed('Laptop A', undefined)]
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

/** What the server's words mean that it says while it is up, by the first of those; each once. */
function meantBy(id: string, ...interventions: readonly Intervention[]): readonly string[] {
  const { experiment } = SCENARIOS.find((each) => each.id === id)!;
  const told = run({ ...experiment, interventions }).occurrences.flatMap((each) =>
    each.kind === 'phase' && each.node === 'server' && each.status === 'up'
      ? [`${each.phase.split(' ').slice(0, 2).join(' ')}: ${up('server', 'VPN server', each.notice).split(/[.,] /)[0]}`]
      : [],
  );
  return [...new Set(told)];
}

test('a server tells somebody who begins or hangs up from somebody who has connected', () => {
  expect(meantBy('natt-two-laptops', { at: 20_000_000, do: 'stop', node: 'b' })).toEqual([
    'laptop-a.example connected: VPN server has done its part and takes its caller’s packets from here on',
    'IKE_SA_INIT from: Somebody has begun to agree on keys',
    'laptop-b.example connected: VPN server has done its part and takes its caller’s packets from here on',
    'laptop-b.example hung: One caller less',
  ]);
});

test('a server tells a caller who is somewhere else now', () => {
  const moved = { at: 20_000_000, do: 'wan-address', router: 'router', address: '203.0.113.77/24' } as const;
  expect(meantBy('wireguard-roaming', moved)).toEqual([
    'keys agreed: VPN server has done its part and takes its caller’s packets from here on',
    'Laptop A: The same caller is heard from another address',
  ]);
});

test('a cable that is plugged in again lets packets through', () => {
  expect(intervention('router', 'fibre cable pulled')).toMatch(/^Nothing gets through/);
  expect(intervention('router', 'fibre cable plugged in')).toMatch(/get through there again/);
});

test('only what comes from outside has been asked for by nobody', () => {
  expect(intervention('stranger', 'packet')).toMatch(/^Nobody at home/);
  expect(intervention('client', 'packet')).not.toMatch(/^Nobody at home/);
});
