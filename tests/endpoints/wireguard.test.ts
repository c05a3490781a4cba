import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyPair } from '../../src/endpoints/crypto/x25519.ts';
import { milliseconds, seconds } from '../../src/endpoints/endpoint.ts';
import type { EchoPlan } from '../../src/endpoints/inner-echo.ts';
import { hostPrefix, WireGuard, type WireGuardConfig } from '../../src/endpoints/wireguard.ts';
import { MacChecker, OutgoingMacs } from '../../src/endpoints/wireguard-cookie.ts';
import { timeStamp } from '../../src/endpoints/wireguard-messages.ts';
import { CounterWindow } from '../../src/endpoints/wireguard-session.ts';
import { toHex, u16 } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import * as wireguard from '../../src/wire/wireguard.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';

const SERVER = ipv4('198.51.100.10');
const LAPTOP_A = ipv4('203.0.113.1');
const LAPTOP_B = ipv4('203.0.113.2');
const INSIDE = { server: ipv4('10.0.0.1'), a: ipv4('10.0.0.2'), b: ipv4('10.0.0.3') };
const KEYS = {
  server: new Uint8Array(32).fill(1),
  a: new Uint8Array(32).fill(2),
  b: new Uint8Array(32).fill(3),
};
const PSK = new Uint8Array(32).fill(9);
const publicOf = (secret: Uint8Array) => keyPair(secret).public;

function laptop(
  name: 'a' | 'b',
  options: { echo?: EchoPlan; keepalive?: number; psk?: Uint8Array; right?: boolean } = {},
) {
  return new WireGuard({
    address: INSIDE[name],
    privateKey: KEYS[name],
    echo: options.echo ?? { target: INSIDE.server },
    peers: [
      {
        name: 'server',
        publicKey: publicOf(options.right === false ? KEYS.b : KEYS.server),
        allowedIps: [hostPrefix(INSIDE.server)],
        endpoint: { address: SERVER, port: 51820 },
        ...(options.keepalive ? { persistentKeepalive: options.keepalive } : {}),
        ...(options.psk ? { presharedKey: options.psk } : {}),
      },
    ],
  });
}

function server(options: Partial<WireGuardConfig> & { psk?: Uint8Array } = {}) {
  const psk = options.psk ? { presharedKey: options.psk } : {};
  return new WireGuard({
    address: INSIDE.server,
    privateKey: KEYS.server,
    listenPort: 51820,
    peers: [
      { name: 'laptop A', publicKey: publicOf(KEYS.a), allowedIps: [hostPrefix(INSIDE.a)], ...psk },
      { name: 'laptop B', publicKey: publicOf(KEYS.b), allowedIps: [hostPrefix(INSIDE.b)] },
    ],
    ...options,
  });
}

function lab(a: WireGuard, at: WireGuard = server(), options: Partial<LabOptions> = {}) {
  return new Lab({
    hosts: [
      { name: 'a', addresses: [LAPTOP_A, LAPTOP_B], endpoints: [a] },
      { name: 'server', addresses: [SERVER], endpoints: [at] },
    ],
    ...options,
  })
    .start('server')
    .start('a');
}

const payloadOf = (packet: Uint8Array) => {
  const parsed = ip.parse(packet);
  if (!parsed.ok) throw new Error('not an IPv4 packet');
  const datagram = udp.parse(parsed.value.payload, parsed.value);
  if (!datagram.ok) throw new Error('not a UDP datagram');
  return datagram.value.payload;
};
const kindOf = (packet: Uint8Array) => {
  const message = wireguard.parse(payloadOf(packet));
  return message.ok ? message.value.type : undefined;
};
const kinds = (l: Lab, from?: string) => l.packets(from).map(kindOf);
const times = (l: Lab, kind: string, from?: string) =>
  l.sent
    .filter((each) => (from === undefined || each.from === from) && kindOf(each.packet) === kind)
    .map((each) => each.at);

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
