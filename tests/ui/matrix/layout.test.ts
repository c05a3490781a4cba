import { describe, expect, test } from 'vitest';
import { profileOf } from '../../../src/router/profiles/index.ts';
import { positionsOf } from '../../../src/scenarios/matrix.ts';
import { SITUATIONS } from '../../../src/scenarios/matrix-situations.ts';
import { cellKey, GROUPS, VIEWS } from '../../../src/ui/matrix/layout.ts';

test('every situation stands in one group, in its order', () => {
  expect(GROUPS.flatMap(({ situations }) => situations)).toEqual(SITUATIONS);
});

test('every position of three switches can be chosen, once', () => {
  const positions = VIEWS.map(({ switches }) => JSON.stringify(switches));
  expect([positions.length, new Set(positions).size]).toEqual([8, 8]);
  expect(VIEWS[0].switches).toEqual({ pptp: true, l2tp: true, ipsec: true });
});

describe('positions that make no difference at a router share their cells', () => {
  test.each(['openwrt', 'tomato', 'dd-wrt'])('%s', (id) => {
    const profile = profileOf(id)!;
    const keys = new Set(VIEWS.map(({ switches }) => cellKey('pptp-one', profile, switches)));
    expect(keys.size).toBe(positionsOf(profile).length);
  });
});
