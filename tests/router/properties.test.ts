/** Judge c: what must hold of the router whatever comes, on the traffic that also goes to the kernel. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { putU16, toHex, u16 } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';
import type { Emission, EntryView, Outcome } from '../../src/router/outcome.ts';
import type { TupleView } from '../../src/router/reason.ts';
import { Router } from '../../src/router/router.ts';
import { inPrefix, ipv4 } from '../../src/wire/address.ts';
import { ip, readIp } from '../kernel/traffic/ip.ts';
import type { Sight, Step } from '../kernel/traffic/talk.ts';
import { scenario, traffic } from '../kernel/traffic/traffic.ts';
import {
  ESP,
  gre,
  ICMP,
  IPIP,
  icmp,
  L2TP,
  ports,
  SCTP,
  sctp,
  TCP,
  tcp,
  UDP,
  udp,
} from '../kernel/traffic/transport.ts';
import { linuxConfig } from '../support/linux-router.ts';

const LAN = { address: ipv4('192.168.1.0'), length: 24 };
const seeds = fc.integer({ min: 1, max: 1_000_000 });
/** Each run takes some hundred packets. */
const RUNS = { numRuns: 20 };
/** A machine under load is no reason to fail. */
const PATIENT = { timeout: 60_000 };

interface Taken {
  readonly step: Extract<Step, { do: 'send' }>;
  readonly outcome: Outcome;
  readonly router: Router;
  readonly now: number;
}

/** Drives a router with a scenario of the kernel tests and shows each packet with what became of it. */
function* run(seed: number, steps = 250): Generator<Taken> {
  const plan = scenario(seed);
  const router = new Router(plan.config);
  const source = traffic(plan);
  let told: readonly Sight[] = [];
  for (let i = 0; i < steps; i++) {
    const now = i * 0.05;
    const step = source.next(told).value as Step;
    told = [];
    if (step.do === 'flush') router.flush(now);
    else if (step.do === 'address') router.setAddress('wan', { address: step.wan, length: 24 }, now);
    else if (step.do === 'send') {
      const outcome = router.receive(step.on, step.packet, now);
      told = outcome.out;
      yield { step, outcome, router, now };
    }
  }
}

/** Plain and slow, from RFC 1071: the sum of a stretch that includes its own right checksum is 0xffff. */
function sumsUp(...stretches: readonly Uint8Array[]): boolean {
  let total = 0;
  for (const bytes of stretches)
    for (let i = 0; i < bytes.length; i += 2) total += bytes[i]! * 256 + (bytes[i + 1] ?? 0);
  while (total > 0xffff) total = (total % 65536) + Math.floor(total / 65536);
  return total === 0xffff;
}

/** Whether the transport checksum of a whole packet is right; undefined where there is none to judge. */
function transportRight(packet: Uint8Array): boolean | undefined {
  const { protocol, payload, source, destination } = readIp(packet);
  if ((u16(packet, 6) & 0x3fff) !== 0) return undefined;
  if (protocol === ICMP) return payload.length < 8 ? undefined : sumsUp(payload);
  if (protocol !== TCP && protocol !== UDP) return undefined;
  if (payload.length < (protocol === TCP ? 20 : 8)) return undefined;
  if (protocol === UDP && (u16(payload, 6) === 0 || u16(payload, 4) !== payload.length)) return undefined;
  const pseudo = new Uint8Array(12);
  new DataView(pseudo.buffer).setUint32(0, source);
  new DataView(pseudo.buffer).setUint32(4, destination);
  pseudo[9] = protocol;
  putU16(pseudo, 10, payload.length);
  return sumsUp(pseudo, payload);
}

describe('on any traffic', PATIENT, () => {
  test('no two live entries share a tuple', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { router, now, outcome } of run(seed))
          if (outcome.changes.some(({ kind }) => kind === 'created')) expect(shared(router.entries(now))).toEqual([]);
      }),
      RUNS,
    );
  });

  test('header checksums are right in all that leaves, and a transport checksum that was right stays right', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { step, outcome } of run(seed))
          for (const { packet, own } of outcome.out) {
            expect(sumsUp(packet.subarray(0, readIp(packet).headerLength)), toHex(packet)).toBe(true);
            if (own || transportRight(step.packet)) expect(transportRight(packet) ?? true, toHex(packet)).toBe(true);
          }
      }),
      RUNS,
    );
  });

  test('nothing translated leaves with a private source address', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { outcome } of run(seed)) {
          const translated = outcome.reasons.some(({ code }) => code === 'source-translated');
          for (const { on, packet, own } of outcome.out)
            if (on === 'wan' && translated && !own) expect(inPrefix(readIp(packet).source, LAN)).toBe(false);
        }
      }),
      RUNS,
    );
  });

  test('a drop or a wait says why, and what is forwarded has left', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { outcome } of run(seed)) {
          if (outcome.verdict === 'dropped' || outcome.verdict === 'held')
            expect(outcome.reasons.length).toBeGreaterThan(0);
          if (outcome.verdict === 'forwarded') expect(outcome.out.length).toBeGreaterThan(0);
        }
      }),
      RUNS,
    );
  });

  test('the same seed gives the same outcomes', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const [first, second] = [told(seed), told(seed)];
        expect(second).toEqual(first);
      }),
      { numRuns: 10 },
    );
  });
});

/** All that went in and all that came of it, in words. */
function told(seed: number): readonly string[] {
  return [...run(seed)].map(({ step, outcome }) => {
    const out = outcome.out.map(({ on, packet, own }) => `${on} ${own} ${toHex(packet)}`);
    return [toHex(step.packet), ...out, outcome.verdict, JSON.stringify([outcome.reasons, outcome.changes])].join('\n');
  });
}

/** Tuples that more than one connection has. */
function shared(entries: readonly EntryView[]): readonly string[] {
  const owner = new Map<string, number>();
  return entries
    .filter(({ kind }) => kind === 'connection')
    .flatMap(({ id, original, reply }) =>
      [keyOf(original), keyOf(reply)].filter((key) => {
        const taken = (owner.get(key) ?? id) !== id;
        owner.set(key, id);
        return taken;
      }),
    );
}

function keyOf({ protocol, source, destination, type, code }: TupleView): string {
  return [protocol, source.address, source.key, destination.address, destination.key, type, code].join(' ');
}

describe('whatever the bytes', PATIENT, () => {
  test('receive neither throws nor sends a packet that is not one', () => {
    const router = new Router(linuxConfig({ pptp: true }));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('lan', 'wan'), (bytes, on) => {
        for (const { packet } of router.receive(on, bytes, 1).out) expect(u16(packet, 2)).toBe(packet.length);
      }),
      { numRuns: 2000 },
    );
  });

  test('the same for real traffic with bytes changed, cut and repaired', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = new Rng(seed);
        for (const { step, router, now } of run(seed, 120))
          for (const packet of damaged(rng, step.packet))
            for (const sent of router.receive(step.on, packet, now).out)
              expect(u16(sent.packet, 2)).toBe(sent.packet.length);
      }),
      RUNS,
    );
  });
});

/** Damage that the header checksum would catch is sealed again, so that it gets further in. */
function damaged(rng: Rng, packet: Uint8Array): readonly Uint8Array[] {
  if (packet.length < 20) return [];
  const changed = packet.slice();
  for (let i = 0; i < 3; i++) changed[rng.below(changed.length)] = rng.u16() & 255;
  const whole = readIp(changed);
  if (whole.headerLength < 20 || whole.headerLength > changed.length) return [changed];
  const cut = whole.payload.subarray(0, rng.below(whole.payload.length + 1));
  const options = changed.subarray(20, whole.headerLength);
  return [changed, ip({ ...whole, options }), ip({ ...whole, options, payload: cut })];
}

describe('inbound translation undoes outbound', PATIENT, () => {
  const clients = fc.constantFrom('192.168.1.10', '192.168.1.11', '192.168.1.12').map(ipv4);
  const servers = fc.constantFrom('203.0.113.10', '198.51.100.10', '198.51.100.20').map(ipv4);
  const keys = fc.constantFrom(1, 500, 511, 600, 1023, 4500, 5000, 65535);
  const flow = fc.record({ client: clients, server: servers, key: keys, kind: fc.nat(6) });

  test('whoever gets out, gets the answer, with his own address and port or id in it', () => {
    fc.assert(
      fc.property(fc.array(flow, { minLength: 1, maxLength: 40 }), (flows) => {
        const router = new Router(linuxConfig());
        for (const { client, server, key, kind } of flows) {
          const sent = request(kind, client, server, key);
          const [left] = router.receive('lan', sent, 1).out.filter(({ on }) => on === 'wan');
          if (!left) continue;
          const { out } = router.receive('wan', answer(left), 1);
          expect(out.map(({ on, packet }) => [on, readIp(packet).destination, far(packet)])).toEqual([
            ['lan', client, near(sent)],
          ]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

function request(kind: number, source: number, destination: number, key: number): Uint8Array {
  const around = { source, destination };
  const toPort = { sourcePort: key, destinationPort: 4500 };
  const data = new Uint8Array([1, 2, 3]);
  const init = new Uint8Array([0, 0, 0, 9, 0, 0, 255, 255, 0, 1, 0, 1, 0, 0, 0, 1]);
  const start = { sequence: 7, acknowledgment: 0, flags: 2, window: 900 };
  switch (kind) {
    case 0:
      return udp(around, { ...toPort, data });
    case 1:
      return tcp(around, { ...toPort, ...start });
    case 2:
      return icmp(around, { type: 8, rest: key * 65536, data });
    case 3:
      return sctp(around, { ...toPort, tag: 0, chunks: [{ type: 1, value: init }] });
    case 4:
      return gre(around, { version: 0, protocol: 0x800, data });
    default:
      return ip({ ...around, protocol: kind === 5 ? ESP : kind === 6 ? L2TP : IPIP, payload: data });
  }
}

/** What the server sends back to whom it saw. */
function answer({ packet }: Emission): Uint8Array {
  const { source, destination, protocol, payload } = readIp(packet);
  const around = { source: destination, destination: source };
  const { source: to, destination: from } = ports(packet);
  const back = { sourcePort: from, destinationPort: to };
  if (protocol === UDP) return udp(around, { ...back, data: payload.subarray(8) });
  if (protocol === TCP) return tcp(around, { ...back, sequence: 1, acknowledgment: 8, flags: 18, window: 900 });
  if (protocol === ICMP) return icmp(around, { type: 0, rest: u16(payload, 4) * 65536, data: payload.subarray(8) });
  if (protocol === SCTP)
    return sctp(around, { ...back, tag: 9, chunks: [{ type: 2, value: new Uint8Array(16).fill(1) }] });
  return ip({ ...around, protocol, payload });
}

/** The key of the inside end as its own packets carry it, and as the answers to it do. */
function near(packet: Uint8Array): number | undefined {
  const { protocol, payload } = readIp(packet);
  if (protocol === ICMP) return u16(payload, 4);
  return [UDP, TCP, SCTP].includes(protocol) ? u16(payload, 0) : undefined;
}

function far(packet: Uint8Array): number | undefined {
  const { protocol, payload } = readIp(packet);
  if (protocol === ICMP) return u16(payload, 4);
  return [UDP, TCP, SCTP].includes(protocol) ? u16(payload, 2) : undefined;
}
