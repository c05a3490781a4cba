import { describe, expect, test } from 'vitest';
import { whyText } from '../../src/explain/verdicts.ts';
import { profileOf } from '../../src/router/profiles/index.ts';
import { experimentOf, situationOf } from '../../src/scenarios/matrix-situations.ts';
import { judge } from '../../src/scenarios/matrix-verdict.ts';
import { run } from '../../src/world/run.ts';

const ALL_ON = { pptp: true, l2tp: true, ipsec: true };

function why(situation: string, profile: string): string {
  return whyText(judge(run(experimentOf(situationOf(situation)!, profileOf(profile)!, ALL_ON))));
}

describe('why', () => {
  test('in the router’s words where the router decides', () => {
    expect(why('natt-two', 'linux')).toMatch(/already uses port 500 .* takes another: \d+\.$/);
  });

  test('in the server’s where the server does', () => {
    expect(why('ah', 'linux')).toMatch(/^What was seen there: the integrity check .*\.$/);
  });

  test('of what simply works, how', () => {
    expect(why('esp-one', 'linux')).toMatch(/^The address is changed on the way out/);
  });

  test('not at all where nobody has said anything', () => {
    expect(whyText({ code: 'X-out' })).toBe('');
  });
});
