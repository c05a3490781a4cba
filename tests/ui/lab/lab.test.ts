import { expect, test, vi } from 'vitest';
import type { SwitchName } from '../../../src/router/profiles/profile.ts';
import { laptop, ON, router, server, world } from '../../../src/scenarios/cast.ts';
import { type Variation, vary } from '../../../src/scenarios/vary.ts';
import { apartOf, written } from '../../../src/ui/lab/apart.ts';
import { type Chosen, flipped, homeOf } from '../../../src/ui/lab/chosen.ts';
import { cureOf } from '../../../src/ui/lab/cure.ts';
import { type Engine, engine, type Played, type Trial } from '../../../src/ui/lab/engine.ts';
import { createLab } from '../../../src/ui/lab/lab.ts';
import { outcomeOf } from '../../../src/ui/lab/outcome.tsx';
import { settingCureOf } from '../../../src/ui/lab/setting-cure.ts';
import { partingStep } from '../../../src/ui/lab/staging.ts';
import { standingsAt } from '../../../src/ui/lab/standing.ts';
import { vpnName } from '../../../src/ui/lab/vpn-names.ts';
import { labelOf, sentenceOf, whyOf } from '../../../src/ui/model/sentence.ts';
import { createSession } from '../../../src/ui/session/session.ts';
import { LONGEST_RUN } from '../../../src/world/bounds.ts';
import { foundBy } from './found-by.ts';

const FIRST = engine.scenarios[0]!;

function chosen(id: string, change: Variation = {}): Chosen {
  const origin = { kind: 'scenario', id } as const;
  return { origin, experiment: vary(engine.told(origin)!, change) };
}

const played = (id: string, change?: Variation): Played => engine.play(chosen(id, change));

const stoppedSteps = ({ run }: Played) => run.steps.filter(({ fate }) => fate === 'stopped');

test('in the first scenario every stopped packet of GRE is cured by the PPTP switch, and by it alone', () => {
  const told = played(FIRST.id);
  const stopped = stoppedSteps(told);
  expect(stopped.length).toBeGreaterThan(10);
  for (const step of stopped) expect(foundBy(cureOf(engine, told, step))).toEqual({ name: 'pptp', on: true });
});

test('where GRE goes by addresses alone, the first that is dropped is the server’s, before any laptop sent one', () => {
  const told = (profile: string) => {
    const { run } = played(FIRST.id, { profile, switches: { pptp: false } });
    return run.steps.filter(({ fate }) => fate === 'stopped').map((step) => whyOf(run, step));
  };
  for (const profile of ['linux-legacy', 'libalias', 'pf'])
    expect(told(profile)[0]).toContain('no laptop has sent GRE to this server yet');
  expect(told('linux-legacy')[1]).toContain('VPN server sent first');
  expect(told('linux')[0]).toContain('Only Call ID 7 says');
  expect(told('linux-legacy').filter((why) => why.includes('sent GRE to this server yet'))).toHaveLength(1);
});

test.each<[string, SwitchName]>([
  ['pptp-two-laptops', 'pptp'],
  ['l2tp-two-laptops', 'l2tp'],
  ['natt-two-laptops', 'ipsec'],
])('what a Linksys stops in %s is cured by turning that switch on', (id, name) => {
  const told = played(id, { profile: 'linksys', switches: { pptp: true, l2tp: true, ipsec: true, [name]: false } });
  expect(foundBy(cureOf(engine, told, stoppedSteps(told)[0]))).toEqual({ name, on: true });
});

test('whoever turns a switch that was tried sees the very run that was tried', () => {
  const told = played(FIRST.id);
  const other = engine.play(flipped(told.chosen, 'pptp'));
  expect(engine.play(flipped(told.chosen, 'pptp'))).toBe(other);
  expect(homeOf(other.chosen).switches.pptp).toBe(!homeOf(told.chosen).switches.pptp);
});

test('no switch is offered where none does anything, and none for a packet that was not stopped', () => {
  const pf = played(FIRST.id, { profile: 'pf' });
  for (const step of stoppedSteps(pf)) expect(foundBy(cureOf(engine, pf, step))).toBeUndefined();
  const on = played('pptp-two-laptops');
  for (const step of on.run.steps) expect(foundBy(cureOf(engine, on, step))).toBeUndefined();
});

test('whatever switch is offered in any scenario, flipping it does let packets of that kind through', () => {
  for (const { id } of engine.scenarios) {
    const told = played(id);
    const step = stoppedSteps(told)[0];
    const cure = foundBy(cureOf(engine, told, step));
    if (!cure || step?.occurrence.kind !== 'routed') continue;
    const { node, on, frame } = step.occurrence;
    const other = engine.play(flipped(told.chosen, cure.name));
    const through = other.run.steps.filter(
      ({ occurrence, fate }) =>
        fate === 'through' &&
        occurrence.kind === 'routed' &&
        occurrence.node === node &&
        occurrence.on === on &&
        occurrence.frame.bytes[9] === frame.bytes[9],
    );
    expect(through.length, id).toBeGreaterThan(0);
  }
});

test.each([
  ['esp-two-laptops', 'linux', 'Use NAT traversal'],
  ['natt-without-keepalives', 'linux', 'Send keepalives'],
  ['l2tpv3-over-ip', 'linux', 'Carry L2TPv3 in UDP'],
])('where no switch helps in %s at %s, a setting of the VPN does: %s', (id, profile, label) => {
  const told = played(id, { profile });
  const step = stoppedSteps(told)[0];
  expect(foundBy(cureOf(engine, told, step))).toBeUndefined();
  const cure = foundBy(settingCureOf(engine, told, step))!;
  expect(cure.label).toBe(label);
  const other = engine.play({ ...told.chosen, experiment: cure.edit(told.chosen.experiment) });
  expect(outcomeOf(other.run.trace).works).toBe(true);
});

test('no setting is offered where none would keep another tunnel up', () => {
  for (const id of [FIRST.id, 'ah-one-laptop', 'l2tp-ipsec-two-laptops'])
    for (const step of stoppedSteps(played(id)))
      expect(foundBy(settingCureOf(engine, played(id), step)), id).toBeUndefined();
});

test('the runs of the first scenario part at the first GRE, and their bytes at the second laptop’s Call ID', () => {
  const before = played(FIRST.id);
  const now = engine.play(flipped(before.chosen, 'pptp'));
  const apart = apartOf(before.run, now.run)!;
  expect(apart.before?.fate).toBe('stopped');
  expect(apart.now?.fate).toBe('through');
  expect(partingStep(before.run, now.run)).toBe(apart.now!.number - 1);
  expect(labelOf(now.run, apart.now!)).toContain('GRE Call ID 7');
  const byte = apart.byte!;
  expect(byte.field?.name).toBe('Call ID');
  expect(written(byte.before)![byte.offset]).not.toBe(written(byte.now)![byte.offset]);
});

test('a switch that changes nothing leaves no place to part at', () => {
  const before = played(FIRST.id);
  const now = engine.play(flipped(before.chosen, 'l2tp'));
  expect(apartOf(before.run, now.run)).toBeUndefined();
  expect(partingStep(before.run, now.run)).toBeUndefined();
});

test('how a scenario ends agrees with how its laptops stand', () => {
  expect(outcomeOf(played(FIRST.id).run.trace)).toMatchObject({
    works: false,
    says: 'Neither connection is up in the end.',
  });
  const on = played(FIRST.id, { switches: { pptp: true, l2tp: false, ipsec: false } });
  expect(outcomeOf(on.run.trace)).toMatchObject({ works: true, says: 'Both connections are up in the end.' });
  expect(outcomeOf(played('esp-two-laptops').run.trace)).toMatchObject({
    works: false,
    says: '1 of 2 connections is up in the end.',
  });
});

test('who has no VPN has the hue of none', () => {
  expect(vpnName('plain')?.family).toBe('ip');
});

test('a laptop that its server has given up does not count as connected, whatever it believes', () => {
  expect(outcomeOf(played('natt-without-keepalives').run.trace)).toEqual({
    works: false,
    says: 'Laptop A takes itself for connected, and the server has given it up.',
    holding: 0,
  });
});

test('at the end of the first scenario both users read error 806; before it begins nobody reads anything', () => {
  const { run } = played(FIRST.id);
  expect(standingsAt(run.trace, -1).size).toBe(0);
  const end = standingsAt(run.trace, run.trace.occurrences.length - 1);
  for (const id of ['a', 'b']) expect(end.get(id)?.symptom?.code).toBe('806');
});

test('every step of every scenario can be told as a sentence that ends once', () => {
  for (const { id } of engine.scenarios) {
    const { run } = played(id);
    for (const step of run.steps) {
      const said = sentenceOf(run, step);
      expect(said, id).toMatch(/^Step \d+ of \d+\. \S/);
      expect(said, id).not.toMatch(/\.\.|undefined|\bNaN\b/);
    }
    for (const node of run.trace.nodes) if (node.kind === 'client') expect(vpnName(node.vpn), node.vpn).toBeDefined();
  }
});

test('a flip shows the first packet that fares differently, and keeps the run from before', async () => {
  const session = createSession();
  const lab = createLab(
    session,
    () => Promise.resolve(engine),
    () => true,
  );
  await lab.begin('');
  const before = lab.store.getState().played!;
  expect(session.getState().run).toBe(before.run);
  lab.flip('pptp');
  const { played: now, before: kept } = lab.store.getState();
  expect(kept).toBe(before);
  expect(homeOf(now!.chosen).switches.pptp).toBe(true);
  const { run, cursor } = session.getState();
  expect(run?.steps.find(({ index }) => index === cursor)).toBe(apartOf(before.run, now!.run)?.now);
});

async function begun(hash = '', given = engine) {
  const session = createSession();
  const lab = createLab(
    session,
    () => Promise.resolve(given),
    () => true,
  );
  await lab.begin(hash);
  return { lab, session, now: () => lab.store.getState() };
}

test('another screen keeps what is on the stage, and stops it', async () => {
  const { lab, session, now } = await begun();
  const { played } = now();
  session.setState({ playing: true });
  await lab.openLink('#screen=myths');
  expect(now()).toMatchObject({ screen: 'myths', played });
  expect(session.getState().playing).toBe(false);
  await lab.openLink('#screen=stage');
  expect(now()).toMatchObject({ screen: 'stage', played });
  await lab.openLink('#screen=matrix');
  await lab.openLink('');
  expect(now()).toMatchObject({ screen: 'stage', played });
});

test('of a run that was cut short the reader is told, until something else is on the stage', async () => {
  const short: Engine = {
    ...engine,
    play: (chosen) => {
      const whole = engine.play(chosen);
      return homeOf(chosen).switches.pptp
        ? whole
        : { ...whole, world: { ...whole.world, end: 90_000_000, cutShort: true } };
    },
  };
  const { lab, now } = await begun('', short);
  expect(now().notice).toContain('its first 90 seconds');
  lab.flip('pptp');
  expect(now().notice).toBeUndefined();
});

test('whoever comes by a link to the empty stage sees the first scenario on it', async () => {
  const { now } = await begun('#screen=stage');
  expect(now().played?.title).toBe(FIRST.title);
});

test('opening something from another screen leads to the stage, at that place', async () => {
  const { lab, session, now } = await begun('#screen=matrix');
  expect(now()).toMatchObject({ screen: 'matrix', played: undefined });
  const { steps } = played('esp-two-laptops').run;
  const { index } = steps[7]!;
  lab.openPlace({ chosen: chosen('esp-two-laptops'), cursor: index, selection: { kind: 'node', id: 'router' } });
  expect(now().screen).toBe('stage');
  expect(session.getState()).toMatchObject({ cursor: index, selection: { kind: 'node', id: 'router' } });
});

test('a link asked for later wins over one that takes longer to read', async () => {
  const { lab, now } = await begun();
  const slow = lab.openLink(
    await engine.linkOf({
      chosen: { origin: { kind: 'own' }, experiment: chosen('sstp').experiment },
      cursor: -1,
    }),
  );
  const fast = lab.openLink('#screen=myths');
  await Promise.all([slow, fast]);
  expect(now()).toMatchObject({ screen: 'myths', played: { title: FIRST.title } });
});

/** As much as one can ask for: eight laptops that never come to rest, for an hour. */
function storm(): Chosen {
  const experiment = world({
    clients: Array.from({ length: 8 }, (_, i) => laptop(i, { kind: 'wireguard', server: 'server', pingEvery: 1 })),
    routers: [router('linux', ON)],
    servers: [server(0, [{ kind: 'wireguard' }])],
    duration: LONGEST_RUN,
  });
  return { origin: { kind: 'own' }, experiment };
}

/** Watches how the runs are made: in how many parts without a pause, and which are through before they are played. */
function watched() {
  const seen = { most: 0, tried: [] as Trial[], throughBefore: [] as boolean[] };
  let inOneTask = 0;
  const watching: Engine = {
    ...engine,
    tryOut: (chosen) => {
      const trial = engine.tryOut(chosen);
      seen.tried.push(trial);
      return {
        get world() {
          return trial.world;
        },
        goOn: () => {
          seen.most = Math.max(seen.most, ++inOneTask);
          setTimeout(() => {
            inOneTask = 0;
          });
          trial.goOn();
        },
      };
    },
    play: (chosen) => {
      seen.throughBefore.push(engine.tryOut(chosen).world !== undefined);
      return engine.play(chosen);
    },
  };
  return { watching, seen };
}

test('however much a link asks for, it is run in short tasks before it comes to the stage', async () => {
  const { watching, seen } = watched();
  const { now } = await begun(await engine.linkOf({ chosen: storm(), cursor: -1 }), watching);
  expect(now().played?.world.cutShort).toBe(true);
  expect(now().notice).toMatch(/^So much happens in this experiment/);
  expect(seen).toMatchObject({ most: 1, throughBefore: [true] });
});

test('a link that takes long to run gives way to one asked for later, and is run no further', async () => {
  const { watching, seen } = watched();
  const { lab, now } = await begun('', watching);
  const slow = lab.openLink(await engine.linkOf({ chosen: storm(), cursor: -1 }));
  await vi.waitFor(() => expect(seen.most).toBe(1));
  await lab.openLink('#screen=myths');
  await slow;
  expect(now()).toMatchObject({ screen: 'myths', played: { title: FIRST.title } });
  expect(seen.tried.at(-1)?.world).toBeUndefined();
});
