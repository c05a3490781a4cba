/** What WireGuard does with packets that are not from whom they seem to be, or come from somewhere else. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milliseconds, seconds } from '../../src/endpoints/endpoint.ts';
import { hostPrefix } from '../../src/endpoints/wireguard.ts';
import { MacChecker, OutgoingMacs } from '../../src/endpoints/wireguard-cookie.ts';
import { Rng } from '../../src/lib/rng.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import { Lab } from '../support/two-hosts.ts';
import {
  INSIDE,
  KEYS,
  kindOf,
  kinds,
  LAPTOP_A,
  LAPTOP_B,
  lab,
  laptop,
  publicOf,
  SERVER,
  server,
  times,
} from './wireguard-lab.ts';

describe('what the interface lets through', () => {
  const inner = (source: number, destination: number) =>
    ip.encode({ source, destination, protocol: 17, payload: new Uint8Array(8) });

  test('packets that wait for keys cause one handshake in five seconds, and leave together when it is done', () => {
    let deaf = true;
    const client = laptop('a');
    const l = lab(client, server(), { filter: (packet, from) => (deaf && from === 'server' ? undefined : packet) });
    for (let count = 0; count < 10; count++) {
      client.send(inner(INSIDE.a, INSIDE.server));
      l.run(milliseconds(300));
    }
    expect(kinds(l, 'a')).toEqual(['initiation']);
    deaf = false;
    l.run(seconds(3));
    expect(kinds(l, 'a').filter((kind) => kind === 'data').length).toBeGreaterThanOrEqual(10);
  });

  test('who only listens renews keys at once when he hears something late in their life', () => {
    const at = server();
    const l = lab(laptop('a', { echo: { target: INSIDE.server, at: [0] } }), at).run(seconds(166));
    at.send(inner(INSIDE.server, INSIDE.a));
    l.run(seconds(1));
    expect(times(l, 'initiation').map((each) => Math.round(each / seconds(1)))).toEqual([0, 166]);
  });

  test('an initiation without the right mac1 gets no answer', () => {
    let first = true;
    const l = lab(laptop('a'), server(), {
      filter: (packet) => {
        const parsed = ip.parse(packet);
        const datagram = parsed.ok ? udp.parse(parsed.value.payload) : undefined;
        if (!first || !parsed.ok || !datagram?.ok) return packet;
        first = false;
        const bytes = datagram.value.payload.slice();
        bytes[116]! ^= 1;
        const pseudo = { source: parsed.value.source, destination: parsed.value.destination };
        return ip.encode({ ...parsed.value, payload: udp.encode({ ...datagram.value, payload: bytes }, pseudo) });
      },
    });
    l.run(seconds(4));
    expect(l.packets('server')).toEqual([]);
  });

  test('an inner source that is not the peer’s own is dropped after decryption', () => {
    const out: Uint8Array[] = [];
    const client = laptop('a');
    const l = lab(client, server({ forward: (packet) => out.push(packet) })).run(seconds(5));
    const honest = inner(INSIDE.a, INSIDE.server);
    client.send(inner(INSIDE.b, INSIDE.server));
    client.send(honest);
    l.run(seconds(1));
    expect(out).toEqual([honest]);
  });

  test('the peer with the longest matching prefix gets the packet, whatever their order', () => {
    const toB = { name: 'laptop B', publicKey: publicOf(KEYS.b), allowedIps: [hostPrefix(INSIDE.b)] };
    const toA = { name: 'laptop A', publicKey: publicOf(KEYS.a), allowedIps: [{ address: 0, length: 0 }] };
    for (const peers of [
      [toA, toB],
      [toB, toA],
    ]) {
      const l = new Lab({
        hosts: [
          { name: 'a', addresses: [LAPTOP_A], endpoints: [laptop('a')] },
          { name: 'b', addresses: [LAPTOP_B], endpoints: [laptop('b')] },
          { name: 'server', addresses: [SERVER], endpoints: [server({ peers })] },
        ],
      });
      for (const name of ['server', 'a', 'b']) l.start(name);
      l.run(seconds(5));
      expect([l.statusOf('a'), l.statusOf('b')]).toEqual(['up', 'up']);
    }
  });
});

describe('roaming', () => {
  test('the server answers wherever the last authentic packet came from', () => {
    let moved = false;
    const l = lab(laptop('a', { echo: { target: INSIDE.server, at: [0, seconds(5)] } }), server(), {
      filter: (packet, from) => (moved && from === 'a' ? fromElsewhere(packet) : packet),
    }).run(seconds(4));
    moved = true;
    l.run(seconds(2));
    const last = ip.parse(l.packets('server').at(-1)!);
    expect(last.ok && last.value.destination).toBe(LAPTOP_B);
    expect(l.phaseOf('server')).toBe('laptop A is now at 203.0.113.2:4500');
  });

  test('a forged or repeated packet moves nobody and is answered by nobody', () => {
    const l = lab(laptop('a', { echo: { target: INSIDE.server, at: [0] } })).run(seconds(2));
    const data = l.sent.find((each) => each.from === 'a' && kindOf(each.packet) === 'data')!.packet;
    const first = l.sent[0]!.packet;
    const before = l.packets('server').length;
    const damaged = fromElsewhere(data);
    damaged[damaged.length - 1]! ^= 1;
    const forged = data.slice();
    forged[forged.length - 1]! ^= 1;
    for (const packet of [fromElsewhere(data), damaged, fromElsewhere(forged), fromElsewhere(first)])
      l.inject('a', packet);
    l.run(seconds(1));
    expect(l.packets('server')).toHaveLength(before);
    expect(l.phasesOf('server').some((phase) => phase.includes('is now at'))).toBe(false);
  });

  /** As if a NAT had given the laptop another address and port. */
  function fromElsewhere(packet: Uint8Array): Uint8Array {
    const parsed = ip.parse(packet);
    if (!parsed.ok) return packet;
    const datagram = udp.parse(parsed.value.payload);
    if (!datagram.ok) return packet;
    const pseudo = { source: LAPTOP_B, destination: parsed.value.destination };
    const payload = udp.encode({ ...datagram.value, sourcePort: 4500 }, pseudo);
    return ip.encode({ ...parsed.value, source: LAPTOP_B, payload });
  }
});

describe('cookies', () => {
  test('a server under load answers with a cookie, and takes the retry that carries it', () => {
    const l = lab(laptop('a'), server({ underLoad: true }));
    expect(l.runUntil('a', 'up', seconds(6))).toBe(true);
    expect(kinds(l).slice(0, 4)).toEqual(['initiation', 'cookie', 'initiation', 'response']);
  });

  test('a cookie is bound to the address and port it was made for, and to its time', () => {
    const checker = new MacChecker(publicOf(KEYS.server), new Rng(1));
    const macs = new OutgoingMacs(publicOf(KEYS.server));
    const from = { address: LAPTOP_A, port: 1000 };
    const message = new Uint8Array(148);
    macs.sign(message, 0);
    expect(checker.meantForUs(message)).toBe(true);
    expect(checker.carriesCookie(message, from, 0)).toBe(false);
    expect(macs.take(checker.reply(message, from, 0), 0)).toBe(true);
    const retry = new Uint8Array(148);
    macs.sign(retry, 1);
    expect(checker.carriesCookie(retry, from, 1)).toBe(true);
    expect(checker.carriesCookie(retry, { ...from, port: 1001 }, 1)).toBe(false);
    expect(checker.carriesCookie(retry, { ...from, address: LAPTOP_B }, 1)).toBe(false);
    expect(checker.carriesCookie(retry, from, seconds(120))).toBe(false);
    const late = new Uint8Array(148);
    macs.sign(late, seconds(115));
    expect(late.subarray(132)).toEqual(new Uint8Array(16));
  });

  test('a cookie for another message, or for no message, is not taken', () => {
    const checker = new MacChecker(publicOf(KEYS.server), new Rng(1));
    const macs = new OutgoingMacs(publicOf(KEYS.server));
    const from = { address: LAPTOP_A, port: 1000 };
    const reply = checker.reply(new Uint8Array(148), from, 0);
    expect(macs.take(reply, 0)).toBe(false);
    macs.sign(new Uint8Array(148), 0);
    expect(macs.take(reply, 0)).toBe(false);
  });
});

test('any bytes sent to the port are taken without an answer and without a fault', () => {
  const l = lab(laptop('a')).run(seconds(3));
  const before = l.packets('server').length;
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 3, 4), fc.uint8Array({ maxLength: 200 }), (type, body) => {
      const bytes = new Uint8Array([type, 0, 0, 0, ...body]);
      const payload = udp.encode({ sourcePort: 9, destinationPort: 51820, payload: bytes });
      l.inject('a', ip.encode({ source: LAPTOP_B, destination: SERVER, protocol: 17, payload })).run(milliseconds(20));
    }),
  );
  expect(l.packets('server').filter((packet) => packet[9] === 17)).toHaveLength(before);
});
