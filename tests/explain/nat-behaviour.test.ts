import { describe, expect, test } from 'vitest';
import { KNOBS, type Knob, OWN_WAYS, TIMERS } from '../../src/explain/nat-behaviour.ts';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { timersOf } from '../../src/router/profiles/timers.ts';
import { HOME, laptop, ON, router, seconds, server, world } from '../../src/scenarios/cast.ts';
import { addDevice, changeRouter, chooseVpn } from '../../src/world/edits.ts';
import { parseExperiment } from '../../src/world/experiment-input.ts';
import { run } from '../../src/world/run.ts';

const knobs = Object.keys(KNOBS) as Knob[];

describe('the knobs of RFC 4787', () => {
  test.each(knobs)('%s: every choice is one that an experiment may hold, and none stands twice', (knob) => {
    const { choices } = KNOBS[knob];
    expect(new Set(choices.map(([, name]) => name)).size).toBe(choices.length);
    const told = world({
      clients: [laptop(0, { kind: 'plain', server: 'server' })],
      routers: [router('textbook', ON)],
      servers: [server(0, [])],
    });
    for (const [value] of choices)
      expect(parseExperiment(changeRouter(told, { behaviour: { [knob]: value } })).ok, String(value)).toBe(true);
  });

  test('what a router made of knobs has is among the choices', () => {
    for (const { id, core } of PROFILES)
      if (typeof core.nat === 'object')
        for (const knob of knobs)
          expect(
            KNOBS[knob].choices.map(([value]) => value),
            id,
          ).toContain(core.nat[knob]);
  });

  test('every other router says in the same words what it does', () => {
    for (const { core } of PROFILES)
      if (typeof core.nat === 'string')
        for (const knob of knobs) expect(OWN_WAYS[core.nat].ways[knob]).toMatch(/^[A-Z].*\.$/s);
  });
});

test('every timer of every router has a name', () => {
  for (const { core } of PROFILES)
    expect(Object.keys(timersOf(core.timeouts)).sort()).toEqual(Object.keys(TIMERS).sort());
});

/** Two laptops reach the same server by WireGuard from the same port; which outside ports does it see? */
function portsSeen(profile: string): readonly number[] {
  const told = chooseVpn(
    addDevice(
      world({
        clients: [laptop(0, { kind: 'wireguard', server: 'server', localPort: 40_000 })],
        routers: [router(profile, ON, HOME)],
        servers: [server(0, [])],
        duration: seconds(10),
      }),
      0,
    ),
    'b',
    { kind: 'wireguard', localPort: 40_000 },
  );
  const received = run(told).occurrences.filter((each) => each.kind === 'received' && each.node === 'server');
  return [
    ...new Set(received.map((each) => ('frame' in each ? (each.frame.bytes[20]! << 8) | each.frame.bytes[21]! : 0))),
  ];
}

test.each([
  ['linux', 1024],
  ['linux-legacy', 1024],
  ['libalias', 32_768],
])('%s keeps the first one’s port and draws the second’s from where its words say', (profile, least) => {
  const [first, second] = portsSeen(profile);
  expect(first).toBe(40_000);
  expect(second).toBeGreaterThanOrEqual(least);
});
