import { expect, test } from 'vitest';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { doesSomething, SWITCHES } from '../../src/router/profiles/profile.ts';

test('a switch says the same in both positions exactly where it does nothing', () => {
  for (const profile of PROFILES)
    for (const name of SWITCHES) {
      const { on, off } = profile.switches[name];
      expect(doesSomething(profile, name), `${profile.id} ${name}`).toBe(on.says !== off.says);
    }
});
