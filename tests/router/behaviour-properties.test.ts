/** What the knobs of RFC 4787 promise on any traffic, for every combination of their positions. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import type { EndpointDependence, NatBehaviour } from '../../src/router/config.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';
import { A, B, type Bench, C, datagram, packet, routerOf, S, S2, WAN } from './bench.ts';

const REFERENCE = textbook.core.nat as NatBehaviour;
const S3 = S2 + 1;

interface Flow {
  readonly protocol: number;
  readonly client: number;
  readonly port: number;
  readonly server: number;
  readonly serverPort: number;
}

/** Few of everything, so that flows meet. */
const flow: fc.Arbitrary<Flow> = fc.record({
  protocol: fc.constantFrom(udp.PROTOCOL, tcp.PROTOCOL),
  client: fc.constantFrom(A, B, C),
  port: fc.constantFrom(500, 501, 5000, 5001),
  server: fc.constantFrom(S, S2, S3),
  serverPort: fc.constantFrom(1, 2),
});
const flows = fc.array(flow, { minLength: 1, maxLength: 25 });

const dependence = fc.constantFrom<EndpointDependence>(
  'endpoint-independent',
  'address-dependent',
  'address-and-port-dependent',
);
const knobs: fc.Arbitrary<Partial<NatBehaviour>> = fc.record({
  mapping: dependence,
  filtering: dependence,
  ports: fc.constantFrom('preserve', 'sequential', 'random'),
  parity: fc.boolean(),
  overloading: fc.boolean(),
});

const natOf = (changes: Partial<NatBehaviour>, more: { portRange?: readonly [number, number] } = {}): Bench =>
  routerOf(textbook, {}, { nat: { ...REFERENCE, ...changes, ...more } });

function opening(protocol: number, source: number, port: number, destination: number, toPort: number): Uint8Array {
  if (protocol === udp.PROTOCOL) return datagram(source, port, destination, toPort, new Uint8Array(4));
  const fields = { sourcePort: port, destinationPort: toPort, sequence: 1, flags: tcp.SYN, window: 9000 };
  return packet(source, destination, protocol, tcp.encode(fields, { source, destination }));
}

/** A flow that got out, and the port that it shows. */
interface Shown extends Flow {
  readonly outside: number;
}

function shown(lab: Bench, plan: readonly Flow[]): readonly Shown[] {
  return plan.flatMap((each) => {
    const seen = lab.send(opening(each.protocol, each.client, each.port, each.server, each.serverPort));
    return seen ? [{ ...each, outside: u16(seen.payload, 0) }] : [];
  });
}

const remote = (dependence: EndpointDependence, { server, serverPort }: Flow): string =>
  dependence === 'endpoint-independent'
    ? ''
    : dependence === 'address-dependent'
      ? `${server}`
      : `${server}:${serverPort}`;
const inside = ({ protocol, client, port }: Flow) => `${protocol} ${client}:${port}`;

/** By key, all the values that go with it. */
function groups<T>(list: readonly T[], key: (each: T) => string, value: (each: T) => unknown): readonly Set<unknown>[] {
  const found = new Map<string, Set<unknown>>();
  for (const each of list) found.set(key(each), (found.get(key(each)) ?? new Set()).add(value(each)));
  return [...found.values()];
}

describe('whatever the flows and the knobs', () => {
  test('an inside end shows one outside port to remotes that count as the same (RFC 4787 §4.1)', () => {
    fc.assert(
      fc.property(knobs, flows, (changes, plan) => {
        const mapping = changes.mapping!;
        const ports = groups(
          shown(natOf(changes), plan),
          (each) => `${inside(each)} → ${remote(mapping, each)}`,
          ({ outside }) => outside,
        );
        expect(ports.map((each) => each.size).filter((size) => size !== 1)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('an inside end shows other outside ports to remotes that do not, unless ports may be overloaded (§4.1)', () => {
    fc.assert(
      fc.property(knobs, flows, (changes, plan) => {
        const remotes = groups(
          shown(natOf({ ...changes, overloading: false }), plan),
          (each) => `${inside(each)} ${each.outside}`,
          (each) => remote(changes.mapping!, each),
        );
        expect(remotes.map((each) => each.size).filter((size) => size !== 1)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('an outside port has one owner inside; with overloading, one toward each remote end (REQ-3)', () => {
    fc.assert(
      fc.property(knobs, flows, (changes, plan) => {
        const owners = groups(
          shown(natOf(changes), plan),
          (each) =>
            `${each.protocol} ${each.outside} ${changes.overloading ? remote('address-and-port-dependent', each) : ''}`,
          inside,
        );
        expect(owners.map((each) => each.size).filter((size) => size !== 1)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('the same with hardly any ports: rather nothing leaves than two ends by one port', () => {
    fc.assert(
      fc.property(knobs, flows, (changes, plan) => {
        const lab = natOf({ ...changes, overloading: false }, { portRange: [5000, 5004] });
        const owners = groups(shown(lab, plan), ({ protocol, outside }) => `${protocol} ${outside}`, inside);
        expect(owners.map((each) => each.size).filter((size) => size !== 1)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('a UDP port keeps its parity where asked (REQ-4), and every port its class (REQ-3a)', () => {
    fc.assert(
      fc.property(knobs, flows, (changes, plan) => {
        for (const { protocol, port, outside } of shown(natOf(changes), plan)) {
          if (changes.parity && protocol === udp.PROTOCOL) expect(outside & 1).toBe(port & 1);
          expect(outside < 1024).toBe(port < 1024);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('answers reach the inside end that asked, whoever else is let in', () => {
    fc.assert(
      fc.property(knobs, flows, (changes, plan) => {
        const lab = natOf(changes);
        for (const { protocol, client, port, server, serverPort, outside } of shown(lab, plan)) {
          if (protocol !== udp.PROTOCOL) continue;
          const seen = lab.send(opening(protocol, server, serverPort, WAN, outside));
          expect([seen?.on, seen?.destination, seen && u16(seen.payload, 2)]).toEqual(['lan', client, port]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('filtering (RFC 4787 §5)', () => {
  const caller = fc.record({ from: fc.constantFrom(S, S2, S3), port: fc.constantFrom(1, 2, 3), which: fc.nat(24) });

  /** Whom a call reaches, behind each of the three filters, after the same flows. */
  function admitted(
    changes: Partial<NatBehaviour>,
    plan: readonly Flow[],
    call: { from: number; port: number; which: number },
  ) {
    return (['endpoint-independent', 'address-dependent', 'address-and-port-dependent'] as const).map((filtering) => {
      const lab = natOf({ ...changes, filtering });
      const flows = shown(lab, plan);
      const { protocol, outside } = flows[call.which % flows.length]!;
      const seen = lab.send(opening(protocol, call.from, call.port, WAN, outside));
      return seen?.on === 'lan';
    });
  }

  test.each(['endpoint-independent', 'address-dependent', 'address-and-port-dependent'] as const)(
    'behind %s mapping, who passes a stricter filter passes every laxer one',
    (mapping) => {
      let let_in = 0;
      fc.assert(
        fc.property(knobs, flows, caller, (changes, plan, call) => {
          const [everybody, host, end] = admitted({ ...changes, mapping }, plan, call);
          expect([everybody, host || !end, everybody || !host]).toEqual([true, true, true]);
          if (end) let_in++;
        }),
        { numRuns: 300 },
      );
      expect(let_in).toBeGreaterThan(10);
    },
  );

  test('a filter lets in exactly whom the outside port’s owner has spoken to, as far as it looks', () => {
    fc.assert(
      fc.property(knobs, flows, caller, (changes, plan, call) => {
        const flows = shown(natOf(changes), plan);
        const { protocol, outside } = flows[call.which % flows.length]!;
        const spoken = flows.filter((each) => each.protocol === protocol && each.outside === outside);
        const expected = [
          true,
          spoken.some(({ server }) => server === call.from),
          spoken.some(({ server, serverPort }) => server === call.from && serverPort === call.port),
        ];
        expect(admitted(changes, plan, call)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
