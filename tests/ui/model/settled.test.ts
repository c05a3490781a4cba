import { expect, test } from 'vitest';
import { SCENARIOS, scenarioOf } from '../../../src/scenarios/index.ts';
import { type Run, runOf } from '../../../src/ui/model/run.ts';
import { captionOf, labelOf } from '../../../src/ui/model/sentence.ts';
import { settledBy } from '../../../src/ui/model/settled.ts';
import { run as play } from '../../../src/world/run.ts';

const runs = SCENARIOS.map(({ id, experiment }) => ({ id, run: runOf(play(experiment)) }));

/** What settled the first step that is called so. */
function settling(run: Run, label: RegExp) {
  const step = run.steps.find((each) => label.test(labelOf(run, each)))!;
  const settled = settledBy(run, step)!;
  const { what, fate } = captionOf(run, run.steps[settled.position]!);
  return { how: settled.how, packet: `${what}, ${fate}` };
}
const of = (id: string) => runOf(play(scenarioOf(id)!.experiment));

test('whoever connects, fails or complains does so because of a packet before, in every scenario', () => {
  for (const { id, run } of runs)
    for (const step of run.steps) {
      const { kind } = step.occurrence;
      if (kind !== 'phase' && kind !== 'symptom') continue;
      const settled = settledBy(run, step);
      expect(settled, `${id}, step ${step.number}: ${labelOf(run, step)}`).toBeDefined();
      expect(settled!.position, `${id}, step ${step.number}`).toBeLessThan(step.number - 1);
      expect('frame' in run.steps[settled!.position]!.occurrence).toBe(true);
    }
});

test('a tunnel is up by the answer that came through it', () => {
  expect(settling(of('pptp-two-laptops'), /^Laptop A: the tunnel is up/)).toEqual({
    how: 'came',
    packet: expect.stringMatching(/^GRE Call ID \d+ · .*VPN server to Laptop A: sent on/),
  });
  expect(settling(of('all-kinds-at-once'), /^VPN server: Laptop D connected/)).toEqual({
    how: 'came',
    packet: expect.stringMatching(/^OVPN .*Laptop D to VPN server: sent on/),
  });
});

test('a tunnel has failed by the packet that was stopped, the caller’s own first of all', () => {
  const run = of('pptp-two-laptops-same-call-id');
  expect(settling(run, /^Laptop B shows Error 806/)).toEqual({
    how: 'stopped',
    packet: expect.stringMatching(/^GRE .*, Laptop B to VPN server: stopped/),
  });
  expect(settling(run, /^VPN server shows LCP/)).toEqual({
    how: 'stopped',
    packet: expect.stringMatching(/^GRE Call ID 7 .*, VPN server to Router: stopped/),
  });
});

test('what is said the moment a packet arrives is about that packet', () => {
  expect(settling(of('ah-one-laptop'), /discarded/)).toEqual({
    how: 'came',
    packet: expect.stringMatching(/Laptop A to VPN server: sent on/),
  });
});

test('what somebody does shows at the next packet that is stopped', () => {
  expect(settling(of('router-rebooted'), /rebooted/)).toEqual({
    how: 'next',
    packet: expect.stringMatching(/: stopped, /),
  });
});
