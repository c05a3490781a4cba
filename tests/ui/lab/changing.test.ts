import { describe, expect, test } from 'vitest';
import { ON } from '../../../src/scenarios/cast.ts';
import { asItWas, changesOf, deedText, settled } from '../../../src/ui/lab/changes.ts';
import { homeOf } from '../../../src/ui/lab/chosen.ts';
import { engine } from '../../../src/ui/lab/engine.ts';
import { createLab } from '../../../src/ui/lab/lab.ts';
import { flipsOf, isRebooting, momentAfter, rebootsAt, switchesAt } from '../../../src/ui/lab/moment.ts';
import { choiceFor, choiceOf, mayRedial, VPN_CHOICES } from '../../../src/ui/lab/vpn-choices.ts';
import { createSession, goToStep } from '../../../src/ui/session/session.ts';
import {
  addDevice,
  changeRouter,
  chooseServer,
  chooseVpn,
  intervene,
  removeDevice,
  setRedial,
  withdraw,
} from '../../../src/world/edits.ts';
import type { Experiment } from '../../../src/world/experiment.ts';

const told = (id: string) => engine.told({ kind: 'scenario', id })!;
const two = told('pptp-two-laptops');
const reboot = { at: 2_000_000, do: 'reboot', router: 'router' } as const;

describe('what somebody changed is said', () => {
  const cases: readonly (readonly [says: string, change: (e: Experiment) => Experiment])[] = [
    ['Laptop C added', (e) => addDevice(e, 0)],
    ['Laptop B removed', (e) => removeDevice(e, 'b')],
    ['Laptop A: WireGuard', (e) => chooseVpn(e, 'a', { kind: 'wireguard' })],
    ['Laptop B: to VPN server 2', (e) => chooseServer(e, 'b')],
    ['Laptop A: dials again', (e) => setRedial(e, 'a', 60)],
    ['Router rebooted at 2.000 s', (e) => intervene(e, reboot)],
    ['firewall off', (e) => changeRouter(e, { firewall: false })],
    ['timers set otherwise', (e) => changeRouter(e, { timeouts: { udp: 5 } })],
  ];
  test.each(cases)('%s', (says, change) => {
    expect(changesOf(two, change(two))).toEqual([says]);
    expect(asItWas(two, change(two))).toEqual(two);
  });

  test('an event of the scenario that was taken back', () => {
    const rebooted = told('router-rebooted');
    expect(changesOf(rebooted, withdraw(rebooted, 0))).toEqual(['one event left out']);
  });

  test('nothing, where only the router or its switches are others: they are in plain sight', () => {
    const other = changeRouter(two, { profile: 'dd-wrt', switches: { ...ON, l2tp: false } });
    expect(changesOf(two, other)).toEqual([]);
    expect(asItWas(two, other)).toEqual(other);
  });

  test('and nothing is left of it when it is taken back, the length of the run included', () => {
    const back = withdraw(intervene(two, reboot), 0);
    expect(back.duration).toBeGreaterThan(two.duration);
    expect(settled(two, back)).toEqual(two);
  });

  test('every kind of intervention has words', () => {
    for (const { experiment } of engine.scenarios)
      for (const each of experiment.interventions ?? []) expect(deedText(experiment, each)).toMatch(/^\S.* .*\S$/);
  });
});

describe('the switches as the cursor finds them', () => {
  const played = engine.play({ origin: { kind: 'own' }, experiment: told('switch-flipped-live') });
  const { id, switches } = homeOf(played.chosen);
  const at = played.run.trace.occurrences.findIndex((each) => each.kind === 'intervention');

  test('are those of the beginning up to the flip, and the others from it on', () => {
    expect(switchesAt(played.run, id, switches, at - 1).pptp).toBe(true);
    expect(switchesAt(played.run, id, switches, at).pptp).toBe(false);
    expect(switchesAt(played.run, 'another', switches, at)).toEqual(switches);
  });

  test('know the flips to come', () => {
    const { experiment } = played.chosen;
    expect(flipsOf(experiment, id, 'pptp').map(({ on }) => on)).toEqual([false]);
    expect(flipsOf(experiment, id, 'l2tp')).toEqual([]);
  });
});

test('a router that starts anew is away for a while, and counted', () => {
  const { run } = engine.play({ origin: { kind: 'own' }, experiment: told('router-rebooted') });
  const { occurrences } = run.trace;
  const at = occurrences.findIndex((each) => each.kind === 'intervention');
  const back = occurrences.findIndex(({ time }) => time >= occurrences[at]!.time + 3_000_000);
  expect([at - 1, at, back - 1, back].map((cursor) => isRebooting(run, 'router', cursor))).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect([at - 1, at, back].map((cursor) => rebootsAt(run, 'router', cursor))).toEqual([0, 1, 1]);
});

describe('the VPNs on offer', () => {
  test('each is found again by what it is, and names are not given twice', () => {
    const all = VPN_CHOICES.flatMap(({ choices }) => choices);
    for (const { id, vpn } of all) expect(choiceFor({ ...vpn, server: 'server' } as never).id).toBe(id);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(choiceOf('carrier pigeon')).toBeUndefined();
  });

  test('whatever runs in a scenario is among them', () => {
    for (const { experiment } of engine.scenarios)
      for (const { vpn } of experiment.clients) expect(choiceFor(vpn).vpn.kind).toBe(vpn.kind);
  });

  test('only clients that give up may be told to dial again', () => {
    expect(mayRedial({ kind: 'sstp', server: 'server' })).toBe(true);
    expect(mayRedial({ kind: 'wireguard', server: 'server' })).toBe(false);
  });
});

describe('something done from here on', () => {
  async function begun() {
    const session = createSession();
    const lab = createLab(
      session,
      () => Promise.resolve(engine),
      () => true,
    );
    await lab.begin('');
    lab.open('pptp-two-laptops');
    goToStep(session, 20);
    return { lab, session };
  }

  test('leaves the cursor where it is, and every byte before it', async () => {
    const { lab, session } = await begun();
    const { run: before, cursor } = session.getState();
    const at = momentAfter(before!, cursor);
    lab.editHere((experiment) => intervene(experiment, { at, do: 'stop', node: 'a' }));
    const { run, cursor: now } = session.getState();
    expect(now).toBe(cursor);
    expect(run!.trace.occurrences.slice(0, cursor + 1)).toEqual(before!.trace.occurrences.slice(0, cursor + 1));
    expect(run!.trace.occurrences.find(({ index }) => index > cursor && index < cursor + 9)).toBeDefined();
    expect(run!.trace.occurrences.some(({ kind, time }) => kind === 'intervention' && time === at)).toBe(true);
  });

  test('keeps what is selected, and the run from before to compare with', async () => {
    const { lab, session } = await begun();
    session.setState({ selection: { kind: 'node', id: 'a' } });
    const before = lab.store.getState().played;
    lab.editHere((experiment) => intervene(experiment, reboot));
    expect(session.getState().selection).toEqual({ kind: 'node', id: 'a' });
    expect(lab.store.getState().before).toBe(before);
  });

  test('before the first packet happens as the run begins', async () => {
    const { lab, session } = await begun();
    goToStep(session, -1);
    lab.editHere((experiment) =>
      intervene(experiment, {
        at: momentAfter(session.getState().run!, -1),
        do: 'switch',
        router: 'router',
        name: 'pptp',
        on: false,
      }),
    );
    expect(session.getState().cursor).toBe(-1);
    expect(lab.store.getState().played?.chosen.experiment.interventions).toHaveLength(1);
  });

  test('comes back by a link, cursor and all', async () => {
    const { lab, session } = await begun();
    lab.editHere((experiment) => intervene(addDevice(experiment, 0), reboot));
    const link = await lab.link();
    const other = await begun();
    await other.lab.openLink(link!);
    expect(other.lab.store.getState().played?.chosen).toEqual(lab.store.getState().played?.chosen);
    expect(other.session.getState().cursor).toBe(session.getState().cursor);
  });
});
