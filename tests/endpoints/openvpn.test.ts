import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import type { OpenVpnClientOptions } from '../../src/endpoints/openvpn-attempt.ts';
import { OpenVpnClient } from '../../src/endpoints/openvpn-client.ts';
import { encodeKeyMethod, readKeyMethod } from '../../src/endpoints/openvpn-keys.ts';
import { Framing } from '../../src/endpoints/openvpn-link.ts';
import { pushReply, readPushReply, readTexts } from '../../src/endpoints/openvpn-push.ts';
import { Reliable } from '../../src/endpoints/openvpn-reliable.ts';
import { OpenVpnServer, type OpenVpnServerOptions } from '../../src/endpoints/openvpn-server.ts';
import { Timers } from '../../src/endpoints/timers.ts';
import { identityOf } from '../../src/endpoints/tls-certificate.ts';
import { concat } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';

const SERVER = ipv4('198.51.100.10');
const LAPTOP_A = ipv4('203.0.113.1');
const LAPTOP_B = ipv4('203.0.113.2');
const NAME = 'vpn.example.com';

type Protocol = 'udp' | 'tcp';

function laptop(name: string, options: Partial<OpenVpnClientOptions> = {}): OpenVpnClient {
  return new OpenVpnClient({ server: SERVER, serverName: NAME, identity: identityOf(name), ...options });
}

function server(options: Partial<OpenVpnServerOptions> = {}): OpenVpnServer {
  return new OpenVpnServer({ name: NAME, address: ipv4('10.8.0.1'), ...options });
}

function lab(
  protocol: Protocol,
  client: Partial<OpenVpnClientOptions> = {},
  options: Partial<LabOptions> = {},
  at: Partial<OpenVpnServerOptions> = {},
): Lab {
  return new Lab({
    hosts: [
      { name: 'a', addresses: [LAPTOP_A, LAPTOP_B], endpoints: [laptop('laptop-a', { protocol, ...client })] },
      { name: 'server', addresses: [SERVER], endpoints: [server({ protocol, ...at })] },
    ],
    ...options,
  })
    .start('server')
    .start('a');
}

const opcodeOf = (packet: Uint8Array) => packet[28]! >>> 3;

describe.each(['udp', 'tcp'] as const)('over %s', (protocol) => {
  test('the tunnel comes up through the phases that OpenVPN names', () => {
    const l = lab(protocol);
    expect(l.runUntil('a', 'up', seconds(5))).toBe(true);
    const first = protocol === 'tcp' ? ['tcp-connect'] : [];
    expect(l.phasesOf('a')).toEqual([...first, 'wait', 'auth', 'get-config', 'connected, address 10.8.0.2', 'up']);
    expect(l.phaseOf('server')).toBe('laptop-a connected');
  });

  test('any one lost packet only costs time', () => {
    for (let lost = 0; lost < 24; lost++) {
      let seen = 0;
      const l = lab(protocol, {}, { filter: (packet) => (seen++ === lost ? undefined : packet) });
      expect(l.runUntil('a', 'up', seconds(20)), `without packet ${lost}`).toBe(true);
    }
  });

  test('two laptops are connected at once, each with an address of its own', () => {
    const l = new Lab({
      hosts: [
        { name: 'a', addresses: [LAPTOP_A], endpoints: [laptop('laptop-a', { protocol })] },
        { name: 'b', addresses: [LAPTOP_B], endpoints: [laptop('laptop-b', { protocol })] },
        { name: 'server', addresses: [SERVER], endpoints: [server({ protocol })] },
      ],
    });
    for (const name of ['server', 'a', 'b']) l.start(name);
    l.run(seconds(10));
    expect([l.statusOf('a'), l.statusOf('b')]).toEqual(['up', 'up']);
    expect(l.phasesOf('b')).toContain('connected, address 10.8.0.3');
  });

  test('hanging up tells the server, and a new start connects again', () => {
    const l = lab(protocol).run(seconds(5));
    l.stop('a').run(seconds(5));
    expect(l.statusOf('a')).toBe('closed');
    expect(l.phaseOf('server')).toBe('laptop-a left');
    const quiet = l.sent.length;
    l.run(seconds(100));
    expect(l.sent.length - quiet).toBeLessThan(2);
    l.start('a');
    expect(l.runUntil('a', 'up', seconds(5))).toBe(true);
  });

  test('a quiet tunnel is kept alive by pings every ten seconds', () => {
    const l = lab(protocol).run(seconds(200));
    expect(l.statusOf('a')).toBe('up');
    expect(l.symptomsOf('a')).toEqual([]);
    const late = l.sent.filter((each) => each.at > seconds(100) && each.from === 'a');
    expect(late.length).toBeGreaterThanOrEqual(9);
  });

  test('a tunnel that goes silent is restarted after ping-restart, and comes back when it can', () => {
    let broken = false;
    const l = lab(protocol, {}, { filter: (packet) => (broken ? undefined : packet) }).run(seconds(5));
    broken = true;
    l.run(seconds(75));
    expect(l.symptomsOf('a')[0]).toMatchObject({
      system: 'openvpn',
      text: '[vpn.example.com] Inactivity timeout (--ping-restart), restarting',
    });
    broken = false;
    expect(l.runUntil('a', 'up', seconds(30))).toBe(true);
  });

  test('a certificate for another name is refused', () => {
    const l = lab(protocol, { serverName: 'other.example.com' }).run(seconds(10));
    expect(l.symptomsOf('a')[0]).toMatchObject({ text: 'TLS Error: TLS handshake failed' });
  });
});

describe('what OpenVPN says when it fails', () => {
  test('nothing comes back over UDP: 60 seconds, then its own words', () => {
    const l = lab('udp', {}, { filter: (packet, from) => (from === 'a' ? undefined : packet) }).run(seconds(59.9));
    expect(l.statusOf('a')).toBe('connecting');
    l.run(seconds(1));
    expect(l.symptomsOf('a')).toEqual([
      {
        system: 'openvpn',
        text: 'TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)',
        missing: 'no HARD_RESET_SERVER came back for our HARD_RESET_CLIENT',
      },
    ]);
    expect(l.packets('a').map(opcodeOf)).toEqual([7, 7, 7, 7, 7]);
    const at = l.sent.map((each) => Math.round(each.at / seconds(1)));
    expect(at).toEqual([0, 2, 6, 14, 30]);
  });

  test('the server hears and answers, but nothing large gets through', () => {
    const l = lab('udp', {}, { filter: (packet) => (packet.length > 400 ? undefined : packet) }).run(seconds(65));
    expect(l.symptomsOf('a')[0]?.missing).toBe('the server answered the reset, but TLS was not completed');
  });

  test('a closed UDP port is written down, and the waiting goes on', () => {
    const l = lab('udp', { port: 1195 }).run(seconds(65));
    expect(l.symptomsOf('a').map((symptom) => symptom.text)).toEqual([
      'read UDPv4 [ECONNREFUSED]: Connection refused (fd=3,code=111)',
      'TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)',
    ]);
  });

  test('a closed TCP port and a silent one', () => {
    const closed = lab('tcp', { port: 1195 }).run(seconds(5));
    expect(closed.symptomsOf('a')[0]?.text).toBe(
      'TCP: connect to [AF_INET]198.51.100.10:1195 failed: Connection refused',
    );
    const silent = lab('tcp', {}, { filter: () => undefined }).run(seconds(200));
    expect(silent.symptomsOf('a')[0]?.text).toBe(
      'TCP: connect to [AF_INET]198.51.100.10:1194 failed: Connection timed out',
    );
  });
});

describe('floating', () => {
  /** As if a NAT had given the laptop another address and port. */
  function moved(packet: Uint8Array): Uint8Array {
    const parsed = ip.parse(packet);
    const datagram = parsed.ok ? udp.parse(parsed.value.payload) : undefined;
    if (!parsed.ok || !datagram?.ok) return packet;
    const pseudo = { source: LAPTOP_B, destination: parsed.value.destination };
    const payload = udp.encode({ ...datagram.value, sourcePort: 40_000 }, pseudo);
    return ip.encode({ ...parsed.value, source: LAPTOP_B, payload });
  }

  test('the server follows authentic data that names the peer, and answers there', () => {
    let roaming = false;
    const at = [0, seconds(5), seconds(6), seconds(7)];
    const l = lab(
      'udp',
      { echo: { at } },
      { filter: (packet, from) => (roaming && from === 'a' ? moved(packet) : packet) },
    );
    l.run(seconds(4));
    roaming = true;
    l.run(seconds(5));
    expect(l.phaseOf('server')).toBe('peer 0 floated to 203.0.113.2:40000');
    const last = ip.parse(l.packets('server').at(-1)!);
    expect(last.ok && last.value.destination).toBe(LAPTOP_B);
  });

  test('a forged or repeated data packet moves nobody', () => {
    const l = lab('udp').run(seconds(4));
    const data = l.packets('a').findLast((packet) => opcodeOf(packet) === 9)!;
    const forged = data.slice();
    forged[forged.length - 1]! ^= 1;
    const before = l.packets('server').length;
    for (const packet of [moved(data), moved(forged)]) l.inject('a', packet);
    l.run(seconds(1));
    expect(l.packets('server')).toHaveLength(before);
    expect(l.phaseOf('server')).toBe('laptop-a connected');
  });

  test('any bytes sent to the port are taken without a fault', () => {
    const l = lab('udp').run(seconds(3));
    fc.assert(
      fc.property(fc.constantFrom(0x20, 0x28, 0x38, 0x40, 0x48), fc.uint8Array({ maxLength: 120 }), (first, body) => {
        const payload = udp.encode({ sourcePort: 9, destinationPort: 1194, payload: new Uint8Array([first, ...body]) });
        l.inject('a', ip.encode({ source: LAPTOP_B, destination: SERVER, protocol: 17, payload })).run(1000);
        expect(l.statusOf('a')).toBe('up');
      }),
    );
  });
});

describe('the reliability layer', () => {
  /** Two ends over a wire that loses, repeats and reorders. */
  function pair(seed: number, trouble: number) {
    const rng = new Rng(seed);
    let now = 0;
    const queue: { at: number; run: () => void }[] = [];
    const later = (delay: number, run: () => void) => queue.push({ at: now + delay, run });
    const heard: [string[], string[]] = [[], []];
    const ends: Reliable[] = [];
    for (const me of [0, 1] as const) {
      const names = new Map<string, object>();
      const timers: Timers = new Timers({
        setTimer: (name: string, delay: number) => {
          const token = {};
          names.set(name, token);
          later(delay, () => names.get(name) === token && timers.fire(name));
        },
        clearTimer: (name: string) => names.delete(name),
      } as never);
      const carry = (run: () => void) => {
        if (rng.fraction() < trouble) return;
        later(1000 + rng.below(50_000), run);
        if (rng.fraction() < trouble) later(1000 + rng.below(90_000), run);
      };
      ends.push(
        new Reliable(() => now, timers, {
          transmit: (message, acks) => carry(() => ends[1 - me]!.receive([...acks], message)),
          acknowledge: (acks) => carry(() => ends[1 - me]!.receive([...acks], undefined)),
          deliver: (opcode, payload) => heard[me].push(`${opcode}:${payload[0]}`),
        }),
      );
    }
    const run = () => {
      for (let events = 0; queue.length > 0 && events < 20_000; events++) {
        queue.sort((a, b) => a.at - b.at);
        const next = queue.shift()!;
        now = next.at;
        next.run();
      }
    };
    return { ends, heard, run };
  }

  test('a message is resent at once when three later ones have been acknowledged', () => {
    const sent: number[] = [];
    const timers = new Timers({ setTimer: () => {}, clearTimer: () => {} } as never);
    let due: (() => void) | undefined;
    const set = timers.set.bind(timers);
    timers.set = (name, delay, action) => {
      due = delay === 0 ? action : undefined;
      set(name, delay, action);
    };
    const reliable = new Reliable(() => 0, timers, {
      transmit: (message) => sent.push(message.id),
      acknowledge: () => {},
      deliver: () => {},
    });
    for (let id = 0; id < 5; id++) reliable.send(4, new Uint8Array(0));
    reliable.receive([1, 2], undefined);
    expect(due).toBeUndefined();
    reliable.receive([3], undefined);
    due?.();
    expect(sent).toEqual([0, 1, 2, 3, 4, 0]);
  });

  test('hands up every message once and in order, whatever the wire does', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 0.4, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (seed, trouble, count) => {
          const { ends, heard, run } = pair(seed, trouble);
          const expected = Array.from({ length: count }, (_, index) => `4:${index}`);
          for (let index = 0; index < count; index++) {
            ends[0]!.send(4, Uint8Array.of(index));
            ends[1]!.send(4, Uint8Array.of(index));
          }
          run();
          expect(heard).toEqual([expected, expected]);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('what is said inside TLS', () => {
  test('key method 2 reads back as it was written, and waits for missing bytes', () => {
    const method = { options: 'V4,dev-type tun', peerInfo: 'IV_PROTO=1\n' };
    for (const side of ['client', 'server'] as const) {
      const bytes = encodeKeyMethod(side, new Rng(1), method);
      expect(readKeyMethod(side, concat(bytes, Uint8Array.of(1, 2)))).toEqual({ method, length: bytes.length });
      for (let cut = 0; cut < bytes.length; cut++) expect(readKeyMethod(side, bytes.subarray(0, cut))).toBeUndefined();
    }
    expect(readKeyMethod('client', Uint8Array.of(0, 0, 0, 0, 1))).toBe('malformed');
  });

  test('a push reply reads back, and one without exported keys is not followed', () => {
    const reply = {
      address: ipv4('10.8.0.2'),
      gateway: ipv4('10.8.0.1'),
      peerId: 3,
      ping: seconds(10),
      pingRestart: seconds(60),
    };
    const text = pushReply(reply);
    expect(readPushReply(text)).toEqual(reply);
    expect(readPushReply(text.replace(' tls-ekm', ''))).toBeUndefined();
    expect(readPushReply(text.replace('ifconfig', 'config'))).toBeUndefined();
  });

  test('texts are cut at their zeros', () => {
    expect(readTexts(Uint8Array.of(65, 0, 66, 67, 0, 68))).toEqual({ texts: ['A', 'BC'], rest: Uint8Array.of(68) });
  });

  test('a TCP stream is cut into packets however it arrives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 30 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        (packets, step) => {
          const stream = concat(...packets.map((packet) => concat(Uint8Array.of(0, packet.length), packet)));
          const framing = new Framing();
          const found: Uint8Array[] = [];
          for (let at = 0; at < stream.length; at += step) {
            const next = framing.take(stream.subarray(at, at + step));
            if (next !== 'broken') found.push(...next);
          }
          expect(found).toEqual(packets);
        },
      ),
    );
    expect(new Framing().take(Uint8Array.of(0, 0, 1))).toBe('broken');
  });
});
