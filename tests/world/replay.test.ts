import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LINKTYPE_RAW } from '../../src/capture/link-type.ts';
import type { CapturedPacket } from '../../src/capture/packet.ts';
import { linux } from '../../src/router/profiles/linux.ts';
import { configOf } from '../../src/router/profiles/profile.ts';
import { Router } from '../../src/router/router.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encode as encodeUdp, PROTOCOL as UDP } from '../../src/wire/udp.ts';
import { recordingOf } from '../../src/world/recording.ts';
import { type Circumstances, replay } from '../../src/world/replay.ts';
import { captured, packetAt } from './captures.ts';

interface Settings {
  readonly pptp?: boolean;
  readonly firewall?: boolean;
  readonly circumstances?: Circumstances;
}

function replayOf(lan: readonly CapturedPacket[], wan: readonly CapturedPacket[], settings: Settings = {}) {
  const recorded = recordingOf(lan, wan);
  if (!recorded.ok) throw new Error(JSON.stringify(recorded.error));
  const { pptp = false, firewall = false, circumstances } = settings;
  const { lan: near, wan: far, translates: nat } = recorded.value;
  const config = configOf(linux, { ...linux.defaults, pptp }, { lan: near, wan: far, nat, firewall, seed: 99 });
  return replay(recorded.value, config, circumstances);
}

const replayNamed = (name: string, settings?: Settings) =>
  replayOf(captured(name, 'lan'), captured(name, 'wan'), settings);

function differences({ trace }: Pick<ReturnType<typeof replay>, 'trace'>): readonly string[] {
  return trace.occurrences.flatMap((each) =>
    each.kind === 'routed' && each.recorded?.difference !== undefined ? [each.recorded.difference] : [],
  );
}

describe('a recording of a real router', () => {
  test('is replayed to the byte, drawn ports and identifiers of its own packets included', () => {
    const { trace, agreed, total } = replayNamed('raw-unsolicited');
    expect([agreed, total]).toEqual([26, 26]);
    const recordedWan = new Set(captured('raw-unsolicited', 'wan').map(({ bytes }) => bytes.subarray(14).toString()));
    const sent = trace.occurrences.flatMap((each) => (each.kind === 'routed' ? each.outcome.out : []));
    const onWan = sent.filter(({ on }) => on === 'wan');
    const same = onWan.filter(({ packet }) => recordedWan.has(packet.toString()));
    // One of them, the timestamp reply, holds the time of day, which differs.
    expect(onWan.length - same.length).toBe(1);
  });

  test('shows what a wrong setting changes, field by field', () => {
    const right = replayNamed('pptp-1client-helper', { pptp: true });
    expect([right.agreed, right.total]).toEqual([50, 50]);
    const wrong = replayNamed('pptp-1client-helper', { pptp: false });
    expect(wrong.agreed).toBeLessThan(right.agreed);
    expect(differences(wrong)[0]).toBe('Checksum: recorded 0xcdb5, here 0x9b7f; Call ID: recorded 42340, here 55194');
    expect(
      differences(wrong).some((text) =>
        /^sent on wan, but not recorded: .*; recorded on lan, but not sent: /.test(text),
      ),
    ).toBe(true);
  });

  test('needs its firewall to be as recorded', () => {
    const name = 'pptp-1client-nohelper-firewall';
    const total = 38;
    expect(replayNamed(name, { firewall: true })).toMatchObject({ agreed: total, total });
    expect(replayNamed(name).agreed).toBeLessThan(total);
  });

  test('needs to be told when its table was flushed, and the trace says so', () => {
    const flush = { do: 'flush' } as const;
    const circumstances = {
      interventions: [
        { ...flush, at: 1.9 },
        { ...flush, at: 1.36 },
      ],
    };
    const told = replayNamed('raw-flush', { circumstances });
    expect([told.agreed, told.total]).toEqual([25, 25]);
    const interventions = told.trace.occurrences.filter(({ kind }) => kind === 'intervention');
    expect(interventions).toMatchObject([
      { time: 1_360_000, node: 'router', what: 'flush' },
      { time: 1_900_000, node: 'router', what: 'flush' },
    ]);
    expect(interventions[0]?.kind === 'intervention' && interventions[0].changes.length).toBeGreaterThan(3);
    expect(replayNamed('raw-flush').agreed).toBeLessThan(25);
  });

  test('is not asked for packets that ended at an address without a host', () => {
    const nobodyAt = [ipv4('198.51.100.7')];
    expect(replayNamed('raw-icmp-errors', { circumstances: { nobodyAt } })).toMatchObject({ agreed: 110, total: 110 });
    expect(replayNamed('raw-icmp-errors')).toMatchObject({ agreed: 109, total: 110 });
  });
});

describe('a damaged recording', () => {
  const name = 'l2tp-2clients';
  const lan = captured(name, 'lan');
  const wan = captured(name, 'wan');

  test('with one byte changed on the far side has one packet that differs, there', () => {
    const changed = wan.map((packet) => ({ ...packet, bytes: packet.bytes.slice() }));
    const victim = changed.find(({ bytes }) => bytes[8] === 0 && bytes[11] === 1 && bytes.length > 80)!;
    victim.bytes[victim.bytes.length - 1]! ^= 1;
    // Late, so that other packets came in between: it is still held against the one that led to it.
    const late = changed.map((each) => (each === victim ? { ...each, time: each.time! + 1_000_000_000n } : each));
    const { agreed, total, trace } = replayOf(lan, late);
    expect(total - agreed).toBe(1);
    expect(differences({ trace })[0]).toMatch(/recorded .*, here /);
  });

  test('that misses a packet the router sent has one packet too many here', () => {
    const index = wan.findIndex(({ bytes }) => bytes[23] === UDP && bytes[26] === 203 && bytes[29] === 1);
    const { agreed, total, trace } = replayOf(
      lan,
      wan.filter((_, i) => i !== index),
    );
    expect(total - agreed).toBe(1);
    expect(differences({ trace })[0]).toMatch(/^sent on wan, but not recorded: 203\.0\.113\.1 → /);
  });

  test('that misses a packet the router received has its result left over', () => {
    const index = lan.findIndex(({ bytes }, i) => i > 5 && bytes[26] === 192);
    const { total, trace } = replayOf(
      lan.filter((_, i) => i !== index),
      wan,
    );
    expect(total).toBe(74);
    expect(differences({ trace }).join()).toMatch(/recorded on wan, but not sent: /);
  });
});

test('a trace names everybody, links what left to what came, and keeps its times in microseconds', () => {
  const { trace } = replayNamed('l2tp-2clients');
  expect(trace.nodes.map(({ id, kind }) => [id, kind])).toEqual([
    ['router', 'router'],
    ['a', 'client'],
    ['server', 'server'],
    ['b', 'client'],
  ]);
  const [first] = trace.occurrences;
  expect(first).toMatchObject({ index: 0, time: 0, kind: 'routed', on: 'lan', recorded: { agrees: true } });
  expect(first?.kind === 'routed' && [first.frame.from, first.frame.to, first.out[0]?.to]).toEqual([
    'a',
    'router',
    'server',
  ]);
  expect(first?.kind === 'routed' && first.out[0]?.parent).toBe(first?.kind === 'routed' ? first.frame.id : -1);
  expect(trace.end).toBe(trace.occurrences.at(-1)?.time);
});

/** Sends datagrams of clients with few ports through a router and records both sides. */
function recordOwn(sends: readonly Send[], seed: number, delay: (index: number) => number) {
  const sides = {
    lan: { address: ipv4('192.168.1.1'), length: 24 },
    wan: { address: ipv4('203.0.113.1'), length: 24 },
  };
  const router = new Router(configOf(linux, linux.defaults, { ...sides, seed }));
  const lan: CapturedPacket[] = [];
  const wan: CapturedPacket[] = [];
  sends.forEach(({ client, port, server, size }, index) => {
    const source = ipv4('192.168.1.10') + client;
    const destination = ipv4('198.51.100.10') + server;
    const payload = encodeUdp(
      { sourcePort: [500, 700, 4500][port]!, destinationPort: 4500, payload: new Uint8Array(size).fill(index) },
      { source, destination },
    );
    const packets = inPieces({ source, destination, protocol: UDP, id: index, payload });
    packets.forEach((packet, piece) => {
      const time = index * 0.001 + piece * 0.0001;
      lan.push(packetAt(lan.length + 1, time, packet, LINKTYPE_RAW));
      for (const out of router.receive('lan', packet, time).out)
        wan.push(packetAt(wan.length + 1, time + delay(index), out.packet, LINKTYPE_RAW));
    });
  });
  return { lan, wan };
}

interface Send {
  readonly client: number;
  readonly port: number;
  readonly server: number;
  readonly size: number;
}

type Datagram = Parameters<typeof encodeIpv4>[0];

function inPieces(datagram: Datagram): readonly Uint8Array[] {
  const { payload } = datagram;
  if (payload.length <= 32) return [encodeIpv4(datagram)];
  return [
    encodeIpv4({ ...datagram, payload: payload.subarray(0, 32), moreFragments: true }),
    encodeIpv4({ ...datagram, payload: payload.subarray(32), fragmentOffset: 32 }),
  ];
}

const send = fc.record({ client: fc.nat(4), port: fc.nat(2), server: fc.nat(1), size: fc.constantFrom(8, 60) });

describe('what one router drew by chance, another with another seed learns from the recording', () => {
  test('also for datagrams in pieces, where the first shows the port and the last opens the flow', () => {
    fc.assert(
      fc.property(fc.array(send, { minLength: 1, maxLength: 40 }), fc.nat(), (sends, seed) => {
        const { lan, wan } = recordOwn(sends, seed, () => 0.000_05);
        const result = replayOf(lan, wan);
        expect(differences(result)).toEqual([]);
        expect(result.total).toBe(lan.length);
      }),
      { numRuns: 60 },
    );
  });

  test('also where packets leave in another order than they came', () => {
    const delays = fc.array(fc.integer({ min: 50, max: 9000 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(send, { minLength: 1, maxLength: 40 }), fc.nat(), delays, (sends, seed, micros) => {
        const whole = sends.map((each) => ({ ...each, size: 8 }));
        const { lan, wan } = recordOwn(whole, seed, (index) => micros[index % micros.length]! / 1e6);
        expect(differences(replayOf(lan, wan))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
