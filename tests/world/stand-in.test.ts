import { describe, expect, test } from 'vitest';
import { equal, hex, putU16, u16 } from '../../src/lib/bytes.ts';
import { linux } from '../../src/router/profiles/linux.ts';
import { configOf } from '../../src/router/profiles/profile.ts';
import { checksum } from '../../src/wire/checksum.ts';
import { ipv4InFrame } from '../../src/world/ipv4-in-frame.ts';
import { recordingOf, sideOf } from '../../src/world/recording.ts';
import { replay } from '../../src/world/replay.ts';
import { crossings } from '../../src/world/sides.ts';
import { stoodIn } from '../../src/world/stand-in.ts';
import { KERNEL_CASES, type KernelCase } from '../support/kernel-cases.ts';
import { mustRead } from '../support/must-read.ts';
import { snapped } from '../support/snap.ts';
import { captured } from './captures.ts';

const SNAP = 96;

function replayedCut({ name, pptp = false, firewall = false, circumstances }: KernelCase) {
  const cut = snapped(SNAP);
  const recorded = recordingOf(captured(name, 'lan').map(cut), captured(name, 'wan').map(cut));
  if (!recorded.ok) throw new Error(`${name}: ${JSON.stringify(recorded.error)}`);
  const { lan, wan, translates: nat } = recorded.value;
  const config = configOf(linux, { ...linux.defaults, pptp }, { lan, wan, nat, firewall, seed: 1 });
  return { recording: recorded.value, result: replay(recorded.value, config, circumstances) };
}

/**
 * Packets that fare otherwise than recorded, for what the cut captures cannot show: a checksum that was wrong, and what
 * came of PPTP messages that were left out.
 */
const OTHERWISE: Readonly<Record<string, number>> = {
  'raw-icmp-errors': 1,
  'pptp-scripted-helper': 13,
  'pptp-scripted-nohelper': 13,
};

describe(`of each recording made with a snap length of ${SNAP} bytes`, () => {
  test.for(KERNEL_CASES)('$name: what has its headers leaves as the real router sent it', (each) => {
    const { recording, result } = replayedCut(each);
    expect(result.total + result.cut.leftOut).toBe(each.packets);
    expect(result.total - result.agreed).toBe(OTHERWISE[each.name] ?? 0);
    for (const { packet } of recording.leftOut) expect(packet.length).toBeLessThanOrEqual(SNAP - 14);
  });
});

describe('two captures that were cut at different lengths', () => {
  const side = (name: string, on: 'lan' | 'wan', length: number) =>
    mustRead(sideOf(undefined, captured(name, on).map(snapped(length))));
  const pairs = (name: string, lan: number, wan: number) =>
    crossings(side(name, 'lan', lan), side(name, 'wan', wan)).map((each) => [each.lan.number, each.wan.number]);

  test.for(KERNEL_CASES)(
    '$name: the same packets are found on both sides as with the shorter length on both',
    ({ name }) => {
      const alike = pairs(name, SNAP, SNAP);
      expect(pairs(name, SNAP, 128)).toEqual(alike);
      expect(pairs(name, 128, SNAP)).toEqual(alike);
      expect(pairs(name, SNAP, 65_535)).toEqual(alike);
    },
  );
});

test('most of what a short capture holds can be replayed', () => {
  const sums = { routed: 0, leftOut: 0 };
  for (const each of KERNEL_CASES) {
    const { cut } = replayedCut(each).result;
    sums.routed += cut.routed;
    sums.leftOut += cut.leftOut;
  }
  expect(sums.routed).toBeGreaterThan(sums.leftOut * 8);
});

test('nothing that only stood in for missing bytes is in the trace', () => {
  const each = KERNEL_CASES.find(({ name }) => name === 'pptp-2clients-helper')!;
  const frames = [...captured(each.name, 'lan'), ...captured(each.name, 'wan')].map(
    ({ bytes }) => ipv4InFrame(bytes, 'ethernet')!.packet,
  );
  let cut = 0;
  for (const occurrence of replayedCut(each).result.trace.occurrences) {
    if (occurrence.kind !== 'routed') continue;
    const { frame, out, outcome } = occurrence;
    for (const [i, { packet }] of outcome.out.entries()) expect(packet).toBe(out[i]!.bytes);
    for (const { bytes, wholeLength } of [frame, ...out]) {
      expect(bytes.length).toBe(wholeLength === undefined ? u16(bytes, 2) : SNAP - 14);
      if (wholeLength === undefined) continue;
      cut++;
      const real = frames.filter(({ length }) => length === wholeLength);
      expect(real.some((packet) => equal(packet.subarray(0, bytes.length), bytes))).toBe(true);
    }
  }
  expect(cut).toBe(48);
});

/** The first packet of a recording of which this holds. */
function found(name: string, wanted: (packet: Uint8Array) => boolean): Uint8Array {
  const packets = captured(name, 'lan').flatMap(({ bytes }) => ipv4InFrame(bytes, 'ethernet')?.packet ?? []);
  return packets.find(wanted)!;
}

describe('a packet with stand-ins', () => {
  test('has its own beginning, its whole length, and a checksum as right as the one that was captured', () => {
    const whole = found('openvpn-tcp', (packet) => packet.length > 200);
    for (const kept of [52, 53, 90, 91, whole.length - 2, whole.length - 1]) {
      const made = stoodIn(whole.subarray(0, kept))!;
      expect([made.length, equal(made.subarray(0, kept), whole.subarray(0, kept))]).toEqual([whole.length, true]);
      const pseudo = (packet: Uint8Array) => checksum(packet, 20, packet.length, 0);
      expect(pseudo(made)).toBe(pseudo(whole));
    }
  });

  test.each<[string, () => Uint8Array]>([
    ['half a TCP header', () => found('openvpn-tcp', ({ length }) => length > 200).subarray(0, 45)],
    [
      'a piece of a datagram',
      () => found('raw-fragments', (packet) => (u16(packet, 6) & 0x2000) !== 0).subarray(0, 82),
    ],
    ['SCTP, whose sum is over everything', () => found('raw-sctp', (packet) => packet[9] === 132).subarray(0, 40)],
    ['an L2TP control message', () => found('l2tp-2clients', (packet) => packet[28] === 0xc8).subarray(0, 60)],
    [
      'two PPTP messages in a segment',
      () => {
        const packet = found('pptp-2clients-helper', ({ length }) => length > 200).slice();
        const data = 20 + (packet[32]! >>> 4) * 4;
        putU16(packet, data, 100);
        return packet.subarray(0, 100);
      },
    ],
    ['a packet that is whole', () => hex('4500 0014 0000 0000 4032 0000 c0a8010a cb00710a')],
  ])('is not made of %s', (_, kept) => {
    expect(stoodIn(kept())).toBeUndefined();
  });
});
