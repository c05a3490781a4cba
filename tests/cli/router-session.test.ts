import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LAN, WAN } from '../../src/cli/router-options.ts';
import { RouterSession } from '../../src/cli/router-session.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { linux } from '../../src/router/profiles/linux.ts';
import { configOf } from '../../src/router/profiles/profile.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { encode as encodeIpv4, parse as parseIpv4 } from '../../src/wire/ipv4.ts';
import { encode as encodeUdp } from '../../src/wire/udp.ts';

function datagram(from: string, to: string, sourcePort = 4000, destinationPort = 9): string {
  const pair = { source: ipv4(from), destination: ipv4(to) };
  const payload = encodeUdp({ sourcePort, destinationPort, payload: Uint8Array.of(1) }, pair);
  return toHex(encodeIpv4({ ...pair, protocol: 17, payload }));
}

const outbound = datagram('192.168.1.10', '198.51.100.7');

const config = configOf(linux, linux.defaults, { lan: LAN, wan: WAN, seed: 1 });

function session() {
  const router = new RouterSession(config);
  return (request: unknown) =>
    JSON.parse(router.answer(typeof request === 'string' ? request : JSON.stringify(request))) as Record<
      string,
      unknown
    >;
}

function addressesIn(packet: unknown): readonly number[] {
  const bytes = Uint8Array.from(String(packet).match(/../g)!, (pair) => Number.parseInt(pair, 16));
  const parsed = parseIpv4(bytes);
  return parsed.ok ? [parsed.value.source, parsed.value.destination] : [];
}

describe('a packet', () => {
  test('is answered with what left where, and everything about why', () => {
    const answer = session()({ t: 0, in: 'lan', packet: outbound });
    expect(Object.keys(answer)).toEqual(['out', 'verdict', 'reasons', 'stages', 'changes']);
    expect(answer).toMatchObject({ verdict: 'forwarded', out: [{ on: 'wan', own: false }] });
    const [sent] = answer.out as readonly { readonly packet: string }[];
    expect(addressesIn(sent?.packet)).toEqual([ipv4('203.0.113.1'), ipv4('198.51.100.7')]);
    expect(answer.reasons).toContainEqual({
      code: 'source-translated',
      from: { address: '192.168.1.10', key: 4000 },
      to: { address: '203.0.113.1', key: 4000 },
    });
    expect(answer.changes).toMatchObject([
      { kind: 'created', after: { original: { source: { address: '192.168.1.10' } } } },
    ]);
  });

  test('to a closed port of the router is answered by the router itself', () => {
    const answer = session()({ in: 'wan', packet: datagram('203.0.113.9', '203.0.113.1') });
    expect(answer).toMatchObject({ verdict: 'answered', out: [{ on: 'wan', own: true }] });
  });

  test('that is no packet is dropped with the reason, not refused as a line', () => {
    expect(session()({ in: 'lan', packet: '' })).toMatchObject({ verdict: 'dropped', out: [] });
    expect(session()({ in: 'lan', packet: 'ff'.repeat(70_000) })).toMatchObject({ verdict: 'dropped', out: [] });
  });
});

test('the table is shown as JSON, flushed, and empty after that', () => {
  const ask = session();
  ask({ t: 1, in: 'lan', packet: outbound });
  expect(ask({ t: 2, show: 'conntrack' })).toMatchObject({
    conntrack: [{ kind: 'connection', original: { destination: { address: '198.51.100.7', key: 9 } }, expiresAt: 31 }],
  });
  expect(ask({ t: 3, flush: 'conntrack' })).toMatchObject({ flushed: 'conntrack', changes: [{ why: 'flushed' }] });
  expect(ask({ show: 'conntrack' })).toEqual({ conntrack: [] });
});

test('an entry runs out by the time that later lines tell', () => {
  const ask = session();
  ask({ t: 0, in: 'lan', packet: outbound });
  expect((ask({ t: 29, show: 'conntrack' }).conntrack as unknown[]).length).toBe(1);
  expect((ask({ t: 31, show: 'conntrack' }).conntrack as unknown[]).length).toBe(0);
});

test('settings change what comes after', () => {
  const ask = session();
  expect(ask({ set: { pptp: true, wan: '203.0.113.9/24' } })).toMatchObject({
    set: { pptp: true, wan: '203.0.113.9/24' },
    changes: [],
  });
  const answer = ask({ in: 'lan', packet: outbound });
  const [sent] = answer.out as readonly { readonly packet: string }[];
  expect(addressesIn(sent?.packet)[0]).toBe(ipv4('203.0.113.9'));
});

test.each<readonly [unknown, string]>([
  ['', 'line: expected a JSON object, received ""'],
  ['garbage', 'line: expected a JSON object, received "garbage"'],
  ['[1]', 'line: expected a JSON object, received [1]'],
  ['null', 'line: expected a JSON object, received null'],
  ['{}', 'line: expected one of packet, set, show, flush, received []'],
  [
    { show: 'conntrack', flush: 'conntrack' },
    'line: expected one of packet, set, show, flush, received ["show","flush"]',
  ],
  [{ in: 'lan', packet: 'abc' }, 'packet: expected an IPv4 packet in hex, two digits a byte, received "abc"'],
  [{ in: 'lan', packet: 5 }, 'packet: expected an IPv4 packet in hex, two digits a byte, received 5'],
  [{ packet: '00' }, 'in: expected "lan" or "wan", received nothing'],
  [{ in: 'dmz', packet: '00' }, 'in: expected "lan" or "wan", received "dmz"'],
  [{ show: 'arp' }, 'show: expected "conntrack", received "arp"'],
  [{ flush: true }, 'flush: expected "conntrack", received true'],
  [{ set: 'pptp' }, 'set: expected an object, received "pptp"'],
  [{ set: { l2tp: true } }, 'set: expected pptp, lan, wan, received "l2tp"'],
  [
    { set: { wan: '192.168.1.1/24' } },
    'set: expected an address of its own for each interface, received {"wan":"192.168.1.1/24"}',
  ],
  [{ set: { pptp: 'on' } }, 'set.pptp: expected true or false, received "on"'],
  [{ set: { wan: '1.2.3/8' } }, 'set.wan: expected an address with its network, as 203.0.113.1/24, received "1.2.3/8"'],
  [{ t: -1, show: 'conntrack' }, 't: expected seconds, at least the 0 of the line before, received -1'],
  [{ t: '1', show: 'conntrack' }, 't: expected seconds, at least the 0 of the line before, received "1"'],
])('%j is refused, and the router goes on', (line, error) => {
  const ask = session();
  expect(ask(line)).toEqual({ error });
  expect(ask({ in: 'lan', packet: outbound })).toMatchObject({ verdict: 'forwarded' });
});

test('a refused line changes nothing, not even the time', () => {
  const ask = session();
  expect(ask({ t: 5, set: { wan: '203.0.113.9/24', lan: 'nonsense' } })).toHaveProperty('error');
  expect(ask({ t: 1, show: 'conntrack' })).toEqual({ conntrack: [] });
  const [sent] = ask({ in: 'lan', packet: outbound }).out as readonly { readonly packet: string }[];
  expect(addressesIn(sent?.packet)[0]).toBe(ipv4('203.0.113.1'));
});

test('what was received is quoted at no more than sixty characters', () => {
  expect(String(session()({ in: 'lan', packet: 'x'.repeat(10_000) }).error).length).toBeLessThan(130);
});

test('a line that was too long to keep is refused', () => {
  expect(new RouterSession(config).answer(undefined)).toBe(
    '{"error":"line: expected at most a million characters, received \\"more\\""}',
  );
});

test('any line gets one line of JSON', () => {
  const pieces = fc.constantFrom(
    '{',
    '}',
    '"in"',
    ':',
    '"lan"',
    ',',
    '"packet"',
    '"45"',
    '"t"',
    '1e999',
    '[',
    ']',
    '\u2028',
  );
  const lines = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  const router = new RouterSession(config);
  fc.assert(
    fc.property(lines, (line) => {
      const answer = router.answer(line);
      expect(answer).not.toContain('\n');
      expect(JSON.parse(answer)).toBeTypeOf('object');
    }),
  );
});

test('any bytes as a packet get a verdict', () => {
  const router = new RouterSession(config);
  const header = fc.uint8Array({ minLength: 20, maxLength: 60 }).map((bytes) => {
    bytes[0] = 0x45;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), header), fc.constantFrom('lan', 'wan'), (bytes, on) => {
      const answer = router.answer(JSON.stringify({ in: on, packet: toHex(bytes) }));
      expect(JSON.parse(answer)).toHaveProperty('verdict');
    }),
  );
});
