import { describe, expect, test } from 'vitest';
import { LINKTYPE_RAW } from '../../src/capture/link-type.ts';
import type { CapturedPacket } from '../../src/capture/packet.ts';
import { profileOf } from '../../src/router/profiles/index.ts';
import { configOf, type Switches } from '../../src/router/profiles/profile.ts';
import { formatIpv4, ipv4 } from '../../src/wire/address.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encode as encodeUdp, PROTOCOL as UDP } from '../../src/wire/udp.ts';
import { recordingOfOne } from '../../src/world/one-side.ts';
import type { Recording } from '../../src/world/recording.ts';
import { replay } from '../../src/world/replay.ts';
import { tunnelsIn } from '../../src/world/tunnels.ts';
import { mustRead } from '../support/must-read.ts';
import { captured, packetAt } from './captures.ts';

function recordingIn(capture: readonly CapturedPacket[]): Recording {
  return mustRead(recordingOfOne(capture));
}

function refusal(capture: readonly CapturedPacket[]): string {
  const recorded = recordingOfOne(capture);
  if (recorded.ok) return 'accepted';
  const { path, expected, received } = recorded.error;
  return `${path}: expected ${expected}, received ${received}`;
}

function through(capture: readonly CapturedPacket[], id: string, switches: Partial<Switches> = {}, most?: number) {
  const recording = recordingIn(capture);
  const profile = profileOf(id)!;
  const { lan, wan, routes } = recording;
  const config = configOf(profile, { ...profile.defaults, ...switches }, { lan, wan, seed: 1 });
  return replay(recording, { ...config, routes: [...config.routes, ...routes] }, most === undefined ? {} : { most });
}

const merged = (name: string): readonly CapturedPacket[] =>
  [...captured(name, 'lan'), ...captured(name, 'wan')]
    .sort((a, b) => Number(a.time! - b.time!))
    .map((packet, i) => ({ ...packet, number: i + 1 }));

const SERVER = ipv4('198.51.100.2');

function udp(number: number, source: number, destination: number, ports: readonly [number, number] = [4000, 53]) {
  const payload = encodeUdp(
    { sourcePort: ports[0], destinationPort: ports[1], payload: Uint8Array.of(1, 2, 3, 4) },
    { source, destination },
  );
  return packetAt(number, number, encodeIpv4({ source, destination, protocol: UDP, ttl: 60, payload }), LINKTYPE_RAW);
}

describe('a capture of the inside alone', () => {
  test.each([
    ['pptp-1client-helper', { pptp: true }],
    ['pptp-2clients-helper-samecallid', { pptp: true }],
    ['l2tp-2clients', {}],
    ['ike2-2clients', {}],
    ['openvpn-udp', {}],
    ['openvpn-tcp', {}],
    ['wireguard-1client', {}],
  ])('%s: each laptop gets every answer that it got, byte for byte', (name, switches) => {
    const { agreed, compared, unasked } = through(captured(name, 'lan'), 'linux', switches);
    expect(compared).toBeGreaterThan(3);
    expect([agreed, unasked]).toEqual([compared, 0]);
  });

  test('shows that a router whose Call IDs are its own still finds each laptop', () => {
    const { agreed, compared } = through(captured('pptp-2clients-helper-samecallid', 'lan'), 'textbook', {
      pptp: true,
    });
    expect(agreed).toBe(compared);
  });

  test('shows the reason where our router keeps the answers from the second laptop', () => {
    const { agreed, compared, ended } = through(captured('pptp-2clients-helper-samecallid', 'lan'), 'linux', {
      pptp: false,
    });
    expect(compared - agreed).toBeGreaterThan(10);
    expect(ended).toBeGreaterThan(0);
  });

  test('names who is at home, who is not, and by which tunnels they speak', () => {
    const recording = recordingIn(captured('pptp-2clients-helper-samecallid', 'lan'));
    expect(tunnelsIn(recording).map(({ client, kinds }) => [formatIpv4(client), kinds])).toEqual([
      ['192.168.1.10', ['pptp']],
      ['192.168.1.11', ['pptp']],
    ]);
    expect(formatIpv4(recording.lan.address)).toBe('192.168.1.1');
  });

  test('of hosts with numbers of one network still has two sides', () => {
    const [near, far] = [ipv4('10.0.0.5'), ipv4('10.0.0.6')];
    const result = through([udp(1, near, far), udp(2, far, near, [53, 4000])], 'linux');
    expect(result).toMatchObject({ total: 2, compared: 1, agreed: 1, ended: 0 });
  });

  test('leaves out answers to what our router kept to itself', () => {
    const home = captured('l2tp-2clients', 'lan');
    const { unasked, compared, ended } = through(home, 'dd-wrt', { l2tp: false });
    expect(ended).toBeGreaterThan(0);
    expect([compared, unasked > 0]).toEqual([0, true]);
  });
});

describe('a capture of both sides in one file', () => {
  test('is taken apart and replayed as a pair', () => {
    const recording = recordingIn(merged('l2tp-2clients'));
    expect(recording.sides).toBe('both');
    expect(through(merged('l2tp-2clients'), 'linux')).toMatchObject({ total: 75, agreed: 75 });
  });
});

describe('a capture that cannot be replayed says what was expected and what is there', () => {
  test('no IPv4 at all', () => {
    expect(refusal([packetAt(1, 0, new Uint8Array(60).fill(0x60), LINKTYPE_RAW)])).toBe(
      'capture: expected IPv4 packets, received none',
    );
  });

  test('one direction only, and that the wrong one', () => {
    expect(refusal([udp(1, SERVER, ipv4('192.168.1.10'), [53, 4000])])).toBe(
      'capture: expected packets in both directions, or at least what the hosts at home sent, received only packets to 192.168.1.10, and none from there',
    );
  });

  test('broadcasts only', () => {
    expect(refusal([udp(1, ipv4('192.168.1.10'), 0xffffffff)])).toMatch(/received only broadcasts/);
  });
});

test('a long replay tells the packets that matter and counts the others, and its table stays true', () => {
  const capture = captured('pptp-2clients-nohelper', 'lan');
  const whole = through(capture, 'linux');
  const short = through(capture, 'linux', {}, 12);
  const passed = short.trace.occurrences.flatMap((each) => (each.kind === 'passed-over' ? [each] : []));
  const told = short.trace.occurrences.filter(({ kind }) => kind === 'routed');
  expect(told).toHaveLength(12);
  expect(told.length + passed.reduce((sum, { packets }) => sum + packets, 0)).toBe(whole.total);
  expect({ ...short, trace: 0 }).toEqual({ ...whole, trace: 0 });
});
