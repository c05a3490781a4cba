import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { profileOf } from '../../src/router/profiles/index.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { experimentOf, SITUATIONS } from '../../src/scenarios/matrix-situations.ts';
import type { Experiment } from '../../src/world/experiment.ts';
import { parseExperiment } from '../../src/world/experiment-input.ts';
import { run } from '../../src/world/run.ts';

const plain = (experiment: Experiment) => JSON.parse(JSON.stringify(experiment));
const first = () => plain(SCENARIOS[0]!.experiment);

test.each(SCENARIOS.map(({ id, experiment }) => [id, experiment] as const))(
  '%s comes back as it was sent',
  (_, experiment) => {
    expect(parseExperiment(plain(experiment))).toEqual({ ok: true, value: experiment });
  },
);

test('what the matrix runs comes back as it was sent', () => {
  const profile = profileOf('textbook')!;
  for (const situation of SITUATIONS) {
    const experiment = experimentOf(situation, profile, profile.defaults);
    expect(parseExperiment(plain(experiment)), situation.id).toEqual({ ok: true, value: experiment });
  }
});

/** A change to the first scenario, and the refusal that must follow. */
const refusals: readonly (readonly [string, (e: ReturnType<typeof first>) => unknown, string])[] = [
  ['no object', () => 'hello', ': expected an object, received hello'],
  ['nothing', () => null, ': expected an object, received null'],
  ['a missing seed', (e) => delete e.seed, 'seed: expected a whole number from 0 to 4294967295, received nothing'],
  [
    'half a microsecond',
    (e) => {
      e.duration = 0.5;
    },
    'duration: expected a whole number from 1 to 3600000000, received 0.5',
  ],
  [
    'more than an hour',
    (e) => {
      e.duration = 3_600_000_001;
    },
    'duration: expected a whole number from 1 to 3600000000, received 3600000001',
  ],
  [
    'a misspelt field',
    (e) => {
      e.clients[0].vpn.callid = 7;
    },
    'clients[0].vpn.callid: expected one of kind, server, callId, localPort, pingsAt, received another name',
  ],
  [
    'an unknown VPN',
    (e) => {
      e.clients[1].vpn.kind = 'ipx';
    },
    'clients[1].vpn.kind: expected "pptp" or',
  ],
  [
    'a bad address',
    (e) => {
      e.clients[0].address = '192.168.1.300';
    },
    'clients[0].address: expected an IPv4 address, received 192.168.1.300',
  ],
  [
    'an unknown router',
    (e) => {
      e.routers[0].profile = 'constructor';
    },
    'routers[0].profile: expected a router profile, received constructor',
  ],
  [
    'no router',
    (e) => {
      e.routers = [];
    },
    'routers: expected a list of 1 to 2, received a list of 0',
  ],
  [
    'nine clients',
    (e) => {
      e.clients = Array(9).fill(e.clients[0]);
    },
    'clients: expected a list of at most 8, received a list of 9',
  ],
  [
    'five servers',
    (e) => {
      e.servers = Array(5).fill(e.servers[0]);
    },
    'servers: expected a list of at most 4, received a list of 5',
  ],
  [
    '201 interventions',
    (e) => {
      e.interventions = Array(201).fill({ at: 0, do: 'reboot', router: 'router' });
    },
    'interventions: expected a list of at most 200, received a list of 201',
  ],
  [
    'a server that is not there',
    (e) => {
      e.clients[0].vpn.server = 'elsewhere';
    },
    'clients[0].vpn.server: expected the id of a server, received elsewhere',
  ],
  [
    'two of one name',
    (e) => {
      e.clients[1].id = 'a';
    },
    'clients[1].id: expected a name of its own, received a',
  ],
  [
    'a client called stranger',
    (e) => {
      e.clients[1].id = 'stranger';
    },
    'clients[1].id: expected a name of its own, received stranger',
  ],
  [
    'a flip at no router',
    (e) => {
      e.interventions = [{ at: 1, do: 'switch', router: 'a', name: 'pptp', on: true }];
    },
    'interventions[0].router: expected the id of a router, received a',
  ],
  [
    'a stranger who is not there',
    (e) => {
      e.interventions = [{ at: 1, do: 'packet', from: 'stranger', hex: '45'.repeat(20) }];
    },
    'interventions[0].from: expected the id of a node, received stranger',
  ],
  [
    'a packet too short',
    (e) => {
      e.stranger = '192.0.2.1';
      e.interventions = [{ at: 1, do: 'packet', from: 'stranger', hex: '45' }];
    },
    'interventions[0].hex: expected an IPv4 packet in hex, received 45',
  ],
  [
    'a gateway to nowhere',
    (e) => {
      e.routers[0].gateway = { kind: 'vpn-router', server: 'x' };
    },
    'routers[0].gateway.server: expected the id of a server, received x',
  ],
  [
    'a VPN that a server has twice',
    (e) => {
      e.servers[0].serves = [{ kind: 'l2tp' }, { kind: 'pptp' }, { kind: 'l2tp', deadPeer: 9 }];
    },
    'servers[0].serves[2].kind: expected a VPN that the server does not have already, received l2tp',
  ],
  [
    'two gateways to one server',
    (e) => {
      const gateway = { kind: 'vpn-router', server: 'server' };
      e.routers = [
        { ...e.routers[0], gateway },
        { ...e.routers[0], id: 'cgnat', gateway },
      ];
    },
    'routers[1].gateway.server: expected a server that no other gateway calls, received server',
  ],
  [
    'knobs at a router that has none',
    (e) => {
      e.routers[0].profile = 'linux';
      e.routers[0].behaviour = { mapping: 'address-dependent' };
    },
    'routers[0].behaviour: expected nothing, since the router profile "linux" has no knobs, received an object',
  ],
  [
    'a knob that is none of RFC 4787’s',
    (e) => {
      e.routers[0].behaviour = { cone: 'full' };
    },
    'routers[0].behaviour.cone: expected one of mapping, filtering, ports,',
  ],
  [
    'a position that a knob has not',
    (e) => {
      e.routers[0].behaviour = { filtering: 'everybody' };
    },
    'routers[0].behaviour.filtering: expected "endpoint-independent" or "address-dependent" or',
  ],
  [
    'ports from the highest to the lowest',
    (e) => {
      e.routers[0].behaviour = { portRange: [60_000, 50_000] };
    },
    'routers[0].behaviour.portRange: expected the lowest port and then the highest, received 60000, 50000',
  ],
  [
    'a timer of no time',
    (e) => {
      e.routers[0].timeouts = { udp: 0 };
    },
    'routers[0].timeouts.udp: expected a whole number from 1 to 432000, received 0',
  ],
  [
    'a timer that libalias does not count by',
    (e) => {
      e.routers[0].profile = 'libalias';
      e.routers[0].timeouts = { udp: 9, fragments: 20 };
    },
    'routers[0].timeouts.fragments: expected nothing, since the router profile "libalias" has no such timer, received 20',
  ],
  [
    'a timer that no router has',
    (e) => {
      e.routers[0].timeouts = { quic: 30 };
    },
    'routers[0].timeouts.quic: expected one of udp, udpAnswered,',
  ],
  [
    'a long name',
    (e) => {
      e.clients[0].name = 'x'.repeat(61);
    },
    `clients[0].name: expected text of at most 60 characters, received ${'x'.repeat(60)}…`,
  ],
];

describe('refused, with path, expected and received:', () => {
  test.each(refusals)('%s', (_, change, message) => {
    const experiment = first();
    const changed = change(experiment);
    const read = parseExperiment(typeof changed === 'object' || typeof changed === 'string' ? changed : experiment);
    const { path, expected, received } = read.ok ? { path: 'accepted', expected: '', received: '' } : read.error;
    expect(`${path}: expected ${expected}, received ${received}`.slice(0, message.length)).toBe(message);
  });
});

test('any data is accepted or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }), (value) => {
      expect(parseExperiment(value).ok).toBe(false);
    }),
  );
});

/** Every place of a value, with what stands there put in from elsewhere. */
function mutated(value: unknown, steps: readonly number[], replacement: unknown): unknown {
  if (typeof value !== 'object' || value === null) return replacement;
  const entries = Object.entries(value);
  const [step = 0, ...rest] = steps;
  if (entries.length === 0 || steps.length === 0) return replacement;
  const [key] = entries[step % entries.length]!;
  const changed = mutated((value as Record<string, unknown>)[key], rest, replacement);
  if (!Array.isArray(value)) return { ...value, [key]: changed };
  return value.map((item, index) => (String(index) === key ? changed : item));
}

test('what is accepted can be run', () => {
  const odd = fc.constantFrom<unknown>(
    0,
    1,
    65_535,
    '0.0.0.0',
    '255.255.255.255',
    '10.0.0.1/0',
    '10.0.0.1/32',
    'router',
    'a',
    'server',
    'linux',
    true,
    false,
    [],
    {},
    null,
  );
  let accepted = 0;
  fc.assert(
    fc.property(
      fc.nat(SCENARIOS.length - 1),
      fc.array(fc.nat(9), { maxLength: 6 }),
      odd,
      (index, steps, replacement) => {
        const read = parseExperiment(mutated(plain(SCENARIOS[index]!.experiment), steps, replacement));
        if (!read.ok) return;
        accepted++;
        const { end } = run({ ...read.value, duration: Math.min(read.value.duration, 300_000) });
        expect(end).toBeLessThanOrEqual(300_000);
      },
    ),
    { numRuns: 400 },
  );
  expect(accepted).toBeGreaterThan(20);
});
