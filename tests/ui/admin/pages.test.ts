import { describe, expect, test } from 'vitest';
import { PROFILES } from '../../../src/router/profiles/index.ts';
import { type Profile, SWITCHES, type SwitchName } from '../../../src/router/profiles/profile.ts';
import { ADMIN } from '../../../src/ui/admin/catalogue.ts';
import { closedDesk, flipsTo, isEmpty, shown, staged } from '../../../src/ui/admin/desk.ts';
import { isAt, type Place } from '../../../src/ui/admin/pages.ts';

/** Whether its two positions differ at all. */
const does = ({ switches }: Profile, name: SwitchName) => switches[name].on.says !== switches[name].off.says;

describe.each(PROFILES.map((profile) => [profile.id, profile] as const))('the admin page of %s', (id, profile) => {
  const admin = ADMIN[id]!;

  test('has every switch that does something there, and no other', () => {
    const offered =
      admin.kind === 'web'
        ? admin.passthrough.rows.map(({ name }) => name)
        : admin.commands.flatMap(({ does: deed }) => (deed.do === 'switch' ? [deed.name] : []));
    expect(new Set(offered)).toEqual(new Set(SWITCHES.filter((name) => does(profile, name))));
  });

  test('says where its words come from', () => {
    expect(admin.sources.length).toBeGreaterThan(0);
  });

  test('can be gone through to what matters, and restarts the router', () => {
    if (admin.kind === 'shell') {
      expect(admin.commands.some(({ does: deed }) => deed.do === 'reboot')).toBe(true);
      return;
    }
    const places = admin.menu.flatMap(
      ({ name, pages }): Place[] => pages?.map((page): Place => [name, page]) ?? [[name]],
    );
    for (const wanted of [admin.passthrough.at, admin.reboot.at])
      expect(
        places.filter((place) => isAt(place, wanted)),
        wanted.join(' → '),
      ).toHaveLength(1);
    expect(isAt(admin.passthrough.at, admin.reboot.at)).toBe(false);
  });
});

describe('what is set on a page', () => {
  const present = { pptp: false, l2tp: true, ipsec: true };
  const desk = closedDesk(['Status']);

  test('is shown, and set back is as if nothing had been touched', () => {
    const set = staged(desk, present, 'pptp', true);
    expect(shown(set, present)).toEqual({ ...present, pptp: true });
    expect(isEmpty(staged(set, present, 'pptp', false).staged)).toBe(true);
  });

  test('goes by what was saved already', () => {
    const saved = { ...desk, saved: { pptp: true } };
    expect(shown(saved, present).pptp).toBe(true);
    expect(staged(saved, present, 'pptp', false).staged).toEqual({ pptp: false });
  });

  test('asks of the router only what is not so yet', () => {
    expect(flipsTo('router', { pptp: true, l2tp: true }, present, 7)).toEqual([
      { at: 7, do: 'switch', router: 'router', name: 'pptp', on: true },
    ]);
  });
});
