import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/endpoints/endpoint.ts';
import type { EchoPlan } from '../../src/endpoints/inner-echo.ts';
import { timeStamp } from '../../src/endpoints/wireguard-messages.ts';
import { CounterWindow } from '../../src/endpoints/wireguard-session.ts';
import { toHex, u16 } from '../../src/lib/bytes.ts';
import * as udp from '../../src/wire/udp.ts';
import { Lab } from '../support/two-hosts.ts';
import {
  INSIDE,
  kindOf,
  kinds,
  LAPTOP_A,
  LAPTOP_B,
  lab,
  laptop,
  PSK,
  payloadOf,
  SERVER,
  server,
  times,
} from './wireguard-lab.ts';

describe('a laptop and a server', () => {
  test('the tunnel is up after one round trip for the handshake and one for the ping', () => {
    const l = lab(laptop('a'));
    expect(l.runUntil('a', 'up', seconds(1))).toBe(true);
    expect(l.now).toBe(milliseconds(40));
    expect(l.phasesOf('a')).toEqual(['handshake', 'keys agreed', 'up']);
    expect(kinds(l)).toEqual(['initiation', 'response', 'data', 'data']);
    expect(l.packets().map((packet) => packet.length - 28)).toEqual([148, 92, 128, 128]);
  });

  test('handshakes are marked AF41, data is not, and nothing forbids fragmentation', () => {
    const l = lab(laptop('a')).run(seconds(1));
    expect(l.packets().map((packet) => packet[1])).toEqual([0x88, 0x88, 0, 0]);
    expect(l.packets().every((packet) => (u16(packet, 6) & 0x4000) === 0)).toBe(true);
  });

  test('a pre-shared key is mixed in, and a wrong one leaves the initiator without keys', () => {
    expect(lab(laptop('a', { psk: PSK }), server({ psk: PSK })).runUntil('a', 'up', seconds(1))).toBe(true);
    const wrong = lab(laptop('a', { psk: PSK }), server());
    expect(wrong.runUntil('a', 'up', seconds(20))).toBe(false);
    expect(kinds(wrong, 'server')).toContain('response');
  });

  test('two laptops talk to one server at once, each under its own keys', () => {
    const l = new Lab({
      hosts: [
        { name: 'a', addresses: [LAPTOP_A], endpoints: [laptop('a')] },
        { name: 'b', addresses: [LAPTOP_B], endpoints: [laptop('b')] },
        { name: 'server', addresses: [SERVER], endpoints: [server()] },
      ],
    });
    for (const name of ['server', 'a', 'b']) l.start(name);
    l.run(seconds(5));
    expect([l.statusOf('a'), l.statusOf('b')]).toEqual(['up', 'up']);
  });

  test('the whole run is the same for the same seed and another for another', () => {
    const run = (seed: number) => lab(laptop('a'), server(), { seed }).run(seconds(5)).packets().map(toHex);
    expect(run(7)).toEqual(run(7));
    expect(run(8)).not.toEqual(run(7));
  });

  test('stopping forgets the keys without a word, and starting again brings a new handshake', () => {
    const l = lab(laptop('a')).run(seconds(5));
    const before = l.sent.length;
    l.stop('a').run(seconds(60));
    expect(l.statusOf('a')).toBe('closed');
    expect(l.sent.slice(before).filter((each) => each.from === 'a' && each.packet[9] === udp.PROTOCOL)).toEqual([]);
    l.start('a');
    expect(l.runUntil('a', 'up', seconds(1))).toBe(true);
  });
});

describe('when packets do not arrive', () => {
  test('the handshake is tried every five seconds and given up after twenty attempts', () => {
    const l = lab(laptop('a'), server(), { filter: (packet, from) => (from === 'a' ? undefined : packet) }).run(
      seconds(200),
    );
    const tries = times(l, 'initiation');
    expect(tries).toHaveLength(20);
    tries.slice(1).forEach((at, index) => {
      const gap = at - tries[index]!;
      expect(gap).toBeGreaterThanOrEqual(seconds(5));
      expect(gap).toBeLessThan(seconds(5) + milliseconds(333));
    });
    expect(l.statusOf('a')).toBe('failed');
    expect(l.symptomsOf('a')[0]).toMatchObject({
      system: 'wireguard',
      text: 'Handshake for peer 1 (198.51.100.10:51820) did not complete after 20 attempts, giving up',
    });
  });

  test('one lost initiation costs five seconds and no more', () => {
    let lost = 0;
    const l = lab(laptop('a'), server(), { filter: (packet) => (lost++ === 0 ? undefined : packet) });
    expect(l.runUntil('a', 'up', seconds(6))).toBe(true);
    expect(times(l, 'initiation')).toHaveLength(2);
    expect(l.phasesOf('a')).toContain('handshake with server, try 2');
  });

  test('data that does not come through is told as ping tells it', () => {
    const l = lab(laptop('a'), server(), { filter: (packet) => (kindOf(packet) === 'data' ? undefined : packet) }).run(
      seconds(6),
    );
    expect(l.statusOf('a')).toBe('failed');
    expect(l.symptomsOf('a')[0]).toMatchObject({
      system: 'ping',
      text: '3 packets transmitted, 0 received, 100% packet loss',
    });
  });

  test('a server with another key answers nothing at all', () => {
    const l = lab(laptop('a', { right: false })).run(seconds(20));
    expect(l.packets('server')).toEqual([]);
  });
});

describe('keys and timers', () => {
  const talk = (end: number, step: number): EchoPlan => ({
    target: INSIDE.server,
    at: Array.from({ length: Math.floor(end / step) }, (_, index) => index * step),
  });

  test('the initiator renews keys after 120 seconds of talk, the responder never does', () => {
    const l = lab(laptop('a', { echo: talk(seconds(400), seconds(10)) })).run(seconds(400));
    const tries = times(l, 'initiation', 'a').map((at) => Math.round(at / seconds(1)));
    expect(tries).toEqual([0, 120, 250, 380]);
    expect(times(l, 'initiation', 'server')).toEqual([]);
    expect(l.phasesOf('a').filter((phase) => phase.startsWith('no answer'))).toEqual([]);
  });

  test('keys older than 180 seconds carry nothing: the next packet waits for new ones', () => {
    const l = lab(laptop('a', { echo: { target: INSIDE.server, at: [0, seconds(200)] } })).run(seconds(201));
    const after = l.sent.filter((each) => each.at >= seconds(200)).map((each) => kindOf(each.packet));
    expect(after).toEqual(['initiation', 'response', 'data', 'data']);
    expect(l.statusOf('a')).toBe('up');
  });

  test('who heard data and has nothing to say sends one keepalive after ten seconds', () => {
    const l = lab(laptop('a', { echo: { target: INSIDE.server, at: [0] } })).run(seconds(60));
    const keepalives = l.sent.filter((each) => payloadOf(each.packet).length === 32);
    expect(keepalives.map((each) => [each.from, Math.round(each.at / seconds(1))])).toEqual([['a', 10]]);
  });

  test('data without any answer for fifteen seconds starts a new handshake', () => {
    let deaf = false;
    const l = lab(laptop('a', { echo: { target: INSIDE.server, at: [0, seconds(30)] } }), server(), {
      filter: (packet, from) => (deaf && from === 'server' ? undefined : packet),
    }).run(seconds(29));
    deaf = true;
    l.run(seconds(20));
    const again = times(l, 'initiation').at(-1)!;
    expect(again - seconds(30)).toBeGreaterThanOrEqual(seconds(15));
    expect(again - seconds(30)).toBeLessThan(seconds(15.4));
  });

  test('persistent keepalives keep coming at their interval, and renew keys as talk does', () => {
    const l = lab(laptop('a', { keepalive: seconds(25), echo: { target: INSIDE.server, at: [0] } })).run(seconds(300));
    const sizes = l.sent.filter((each) => each.from === 'a' && payloadOf(each.packet).length === 32);
    expect(sizes.length).toBeGreaterThan(9);
    expect(times(l, 'initiation').length).toBeGreaterThan(1);
  });

  test('the time stamp is TAI64N of simulated time, rounded down, and never goes back', () => {
    expect(toHex(timeStamp(0))).toBe(`${(0x400000000000000an + 1704067200n).toString(16)}00000000`);
    expect(u16(timeStamp(seconds(1)), 6) - u16(timeStamp(0), 6)).toBe(1);
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.nat(10 ** 9), (a, b) => {
        expect(toHex(timeStamp(a + b)) >= toHex(timeStamp(a))).toBe(true);
      }),
    );
  });
});

describe('the window of counters', () => {
  test('takes each counter once, as a list of all counters would, and nothing older than 8128 behind', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(30_000), { maxLength: 300 }), (counters) => {
        const window = new CounterWindow();
        const seen = new Set<number>();
        let highest = -1;
        for (const counter of counters) {
          const expected = !seen.has(counter) && counter + 8128 >= highest;
          expect(window.accept(BigInt(counter))).toBe(expected);
          if (expected) seen.add(counter);
          highest = expected ? Math.max(highest, counter) : highest;
        }
      }),
    );
  });

  test('the kernel refuses counters near 2^64, and so do we', () => {
    expect(new CounterWindow().accept((1n << 64n) - 1n - 8128n - 1n)).toBe(false);
    expect(new CounterWindow().accept((1n << 64n) - 1n - 8128n - 2n)).toBe(true);
  });
});
