import { describe, expect, test } from 'vitest';
import type { CapturedPacket } from '../../src/capture/packet.ts';
import { concat, hex } from '../../src/lib/bytes.ts';
import { formatIpv4, parsePrefix } from '../../src/wire/address.ts';
import { type RecordedPacket, type Recording, recordingOf } from '../../src/world/recording.ts';
import { mustRead } from '../support/must-read.ts';
import { snapped } from '../support/snap.ts';
import { captured } from './captures.ts';

const NAME = 'l2tp-2clients';
const lan = captured(NAME, 'lan');
const wan = captured(NAME, 'wan');

function made(near: readonly CapturedPacket[], far: readonly CapturedPacket[], known = {}): Recording {
  return mustRead(recordingOf(near, far, known));
}

function refusal(near: readonly CapturedPacket[], far: readonly CapturedPacket[], known = {}): string {
  const recorded = recordingOf(near, far, known);
  if (recorded.ok) return 'accepted';
  const { path, expected, received } = recorded.error;
  return `${path}: expected ${expected}, received ${received}`;
}

const numbers = (packets: readonly RecordedPacket[]) => packets.map(({ on, number }) => `${on} ${number}`);

function contents(recording: Recording) {
  const { received, sent } = recording;
  return { received: numbers(received), lan: numbers(sent.lan), wan: numbers(sent.wan) };
}

const bare = (packet: CapturedPacket): CapturedPacket => ({
  ...packet,
  linkType: 101,
  bytes: packet.bytes.subarray(14),
});

/** As a cooked capture taken on the router: the hardware addresses of receivers are gone, the direction is there. */
const cooked =
  (router: string) =>
  (packet: CapturedPacket): CapturedPacket => {
    const source = packet.bytes.subarray(6, 12);
    const sent = concat(source).toString() === hex(router).toString();
    const header = concat(hex(sent ? '0004 0001 0006' : '0000 0001 0006'), source, hex('0000 0800'));
    return { ...packet, linkType: 113, bytes: concat(header, packet.bytes.subarray(14)) };
  };

describe('two captures of one router', () => {
  const whole = made(lan, wan);

  test('are sorted into what reached the router and what it sent; nothing is lost', () => {
    expect(whole.received.length + whole.sent.lan.length + whole.sent.wan.length).toBe(lan.length + wan.length);
    expect(whole.received.length).toBe(75);
    const times = whole.received.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(whole.received[0]?.time).toBeLessThan(0.001);
  });

  test('tell the addresses of the router', () => {
    expect([whole.lan, whole.wan].map(({ address, length }) => [formatIpv4(address), length])).toEqual([
      ['192.168.1.1', 24],
      ['203.0.113.1', 24],
    ]);
    expect(whole.translates).toBe(true);
  });

  test('are sorted alike without hardware addresses, by direction or by IP address', () => {
    expect(contents(made(lan.map(bare), wan.map(bare)))).toEqual(contents(whole));
    const near = lan.map(cooked('020000000101'));
    const far = wan.map(cooked('020000000201'));
    expect(contents(made(near, far))).toEqual(contents(whole));
  });

  test('may come from clocks that differ by hours', () => {
    const late = wan.map((packet) => ({ ...packet, time: packet.time! + 7_200_000_000_000n }));
    const shifted = made(lan, late);
    expect(contents(shifted)).toEqual(contents(whole));
    const gap = Math.max(...shifted.received.map(({ time }, i) => Math.abs(time - whole.received[i]!.time)));
    expect(gap).toBeLessThan(0.001);
  });

  test('are refused in the wrong order, with the remedy', () => {
    expect(refusal(wan, lan)).toBe(
      'LAN capture and WAN capture: expected the LAN side first, received two files that look swapped',
    );
  });

  test('are refused where nothing crosses, unless the addresses are given', () => {
    const other = captured('raw-unsolicited', 'wan');
    expect(refusal(lan, other)).toMatch(
      /: expected packets that cross .*--lan and --wan\), received 0 packets that cross$/,
    );
    const known = { lan: parsePrefix('192.168.1.1/24'), wan: parsePrefix('203.0.113.1/24') };
    expect(made(lan, other, known).received.length).toBeGreaterThan(30);
  });

  test('leave out a packet that the capture cut within its headers, and are refused where none is left', () => {
    const { number } = whole.received.find(({ on }) => on === 'lan')!;
    const cut = lan.map((packet) => (packet.number === number ? snapped(40)(packet) : packet));
    const { received, leftOut } = made(cut, wan);
    expect(leftOut.map((each) => [each.on, each.number, each.packet.length])).toEqual([['lan', number, 26]]);
    expect(received.length).toBe(whole.received.length - 1);
    const short = snapped(40);
    const known = { lan: whole.lan, wan: whole.wan };
    expect(refusal(lan.map(short), wan.map(short), known)).toMatch(
      /: expected a whole packet, received 75 packets, and each was cut by the capture before its headers end$/,
    );
  });

  test('are refused where a packet has no time', () => {
    const timeless = wan.map((packet) => ({ ...packet, time: undefined }));
    expect(refusal(lan, timeless)).toBe(
      'WAN capture: packet 1: expected a time, received none (it is a Simple Packet Block)',
    );
  });

  test('are taken with a packet that came damaged: longer, by its own word, than it is', () => {
    const sound = made(lan, wan).received.find(({ on }) => on === 'lan')!;
    const damaged = lan.map((packet) => {
      if (packet.number !== sound.number) return packet;
      const bytes = packet.bytes.slice(0, 40);
      return { ...packet, bytes, originalLength: bytes.length };
    });
    const { received } = made(damaged, wan);
    expect(received.find(({ on, number }) => on === 'lan' && number === sound.number)?.packet.length).toBe(26);
  });

  test('are refused where no packet reaches the router', () => {
    const known = { lan: parsePrefix('192.168.1.1/24'), wan: parsePrefix('203.0.113.1/24') };
    expect(refusal([], [], known)).toMatch(/expected packets that reach the router, received none$/);
  });

  test('leave out what hosts of one side say to each other', () => {
    const aside = { ...lan[0]!, number: 999, bytes: lan[0]!.bytes.slice() };
    aside.bytes.set(hex('020000000199'));
    expect(contents(made([...lan, aside], wan))).toEqual(contents(whole));
  });
});

test('a router that does not translate is recognised, though not its WAN address', () => {
  const { translates, received } = made(captured('ike1-nonat', 'lan'), captured('ike1-nonat', 'wan'));
  expect([translates, received.length]).toEqual([false, 16]);
});

test('a router none of whose translations were seen is known by its own messages', () => {
  const recording = made(captured('raw-udplite', 'lan'), captured('raw-udplite', 'wan'));
  expect([recording.translates, formatIpv4(recording.wan.address)]).toEqual([true, '203.0.113.1']);
});
