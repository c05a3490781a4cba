import { beforeAll, describe, expect, test } from 'vitest';
import { profileOf } from '../../src/router/profiles/index.ts';
import type { Switches } from '../../src/router/profiles/profile.ts';
import { type Cell, matrix, positionsOf, workingSwitches } from '../../src/scenarios/matrix.ts';
import { experimentOf, SITUATIONS, situationOf } from '../../src/scenarios/matrix-situations.ts';
import { judge } from '../../src/scenarios/matrix-verdict.ts';
import { run } from '../../src/world/run.ts';
import { COLUMNS, type Column, known } from './truth-table.ts';

const names = Object.keys(COLUMNS) as Column[];
const profiles = [...new Set(names.map((name) => COLUMNS[name][0]))].map((id) => profileOf(id)!);
const ALL_ON: Switches = { pptp: true, l2tp: true, ipsec: true };

let cells: readonly Cell[] = [];
beforeAll(() => {
  cells = [...matrix(profiles, SITUATIONS)].flatMap(([, own]) => own);
}, 240_000);

/** The cell of these positions; switches without effect count as on. */
function cellOf(profile: string, switches: Switches, situation: string): Cell {
  const working = workingSwitches(profileOf(profile)!);
  const wanted = { ...ALL_ON, ...Object.fromEntries(working.map((name) => [name, switches[name]])) };
  const found = cells.find(
    (cell) =>
      cell.profile === profile &&
      cell.situation === situation &&
      JSON.stringify(cell.switches) === JSON.stringify(wanted),
  );
  if (!found) throw new Error(`no cell ${profile} ${JSON.stringify(wanted)} ${situation}`);
  return found;
}

describe.each(names)('column %s of the truth table', (column) => {
  test.each(SITUATIONS.map(({ id, title }) => [title, id] as const))('%s', (_, situation) => {
    const [profile, switches] = COLUMNS[column];
    const { code } = cellOf(profile, switches, situation).verdict;
    expect(code).toBe(known(situation, column));
  });
});

describe('what single switches do', () => {
  const blockedBy = (profile: string, off: Partial<Switches>, situation: string) => {
    const { verdict } = cellOf(profile, { ...ALL_ON, ...off }, situation);
    return verdict.reason?.code === 'blocked-by-rule' ? verdict.reason.rule : verdict.code;
  };

  test('L2TP off leaves L2TP inside IPsec alone, at DD-WRT and ASUS', () => {
    for (const profile of ['dd-wrt', 'asuswrt'])
      expect(blockedBy(profile, { l2tp: false }, 'l2tp-ipsec-one')).toBe('OK');
  });

  test('IPsec off stops it by UDP 500', () => {
    for (const profile of ['dd-wrt', 'asuswrt'])
      expect(blockedBy(profile, { ipsec: false }, 'l2tp-ipsec-one')).toBe('ipsec-passthrough-off: udp dport 500');
  });

  test('IPsec off at ASUS stops IKE that begins on 4500 too', () => {
    expect(blockedBy('asuswrt', { ipsec: false }, 'natt-on-4500')).toBe('ipsec-passthrough-off: udp dport 4500');
    expect(blockedBy('dd-wrt', { ipsec: false }, 'natt-on-4500')).toBe('OK≠');
  });
});

test('at a D-Link DIR-300, L2TP off kills IKE', () => {
  const dlink = profileOf('dlink-dir300')!;
  const trace = run(experimentOf(situationOf('natt-two')!, dlink, { ...ALL_ON, l2tp: false }));
  const { code, reason } = judge(trace);
  expect([code, reason]).toEqual([
    'BLK',
    { code: 'blocked-by-rule', chain: 'forward', rule: 'l2tp-passthrough-off: udp dport 500' },
  ]);
});

test('today’s FreeBSD differs from 12.1 where two calls have one Call ID, and where one is silent for minutes', () => {
  const main = profileOf('libalias-main')!;
  const verdictOf = (id: string) => judge(run(experimentOf(situationOf(id)!, main, ALL_ON)));
  expect(verdictOf('pptp-two-distinct').code).toBe('OK');
  expect(verdictOf('pptp-two-same').laptops.map(({ code }) => code)).not.toContain('OK≠');
  const silent = verdictOf('pptp-silent');
  expect([silent.code, silent.reason]).toMatchObject(['X-out', { code: 'passed-raw', why: 'unknown-call' }]);
});

test('a run that stands for a router with rules nobody meets is what that router does', () => {
  const ddWrt = profileOf('dd-wrt')!;
  const switches = { ...ALL_ON, l2tp: false };
  for (const id of ['pptp-two-same', 'gre-two', 'esp-two', 'l2tp-two', 'wireguard']) {
    const trace = run(experimentOf(situationOf(id)!, ddWrt, switches));
    expect([id, judge(trace)]).toEqual([id, cellOf('dd-wrt', switches, id).verdict]);
  }
});

test('every cell names a step of its run, and says why where a router decides', () => {
  for (const { verdict } of cells) {
    expect(verdict.step).toBeGreaterThan(0);
    expect(verdict.reason ?? verdict.said).toBeDefined();
  }
});

test('positions that make no difference are not asked for', () => {
  expect(positionsOf(profileOf('openwrt')!)).toEqual([ALL_ON]);
  expect(positionsOf(profileOf('tomato')!)).toEqual([ALL_ON, { ...ALL_ON, pptp: false }]);
  expect(positionsOf(profileOf('dd-wrt')!)).toHaveLength(8);
});

test('every situation has an id and a title of its own, and the table knows it', () => {
  expect(new Set(SITUATIONS.map(({ id }) => id)).size).toBe(SITUATIONS.length);
  expect(new Set(SITUATIONS.map(({ title }) => title)).size).toBe(SITUATIONS.length);
  for (const { id } of SITUATIONS) for (const column of names) expect(known(id, column)).toBeDefined();
});
