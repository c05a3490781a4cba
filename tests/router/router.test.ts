import { expect, test } from 'vitest';
import { putU16, u16 } from '../../src/lib/bytes.ts';
import { Router } from '../../src/router/router.ts';
import { formatIpv4, ipv4 } from '../../src/wire/address.ts';
import { checksum } from '../../src/wire/checksum.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import { HOME_FIREWALL, linuxConfig } from '../support/linux-router.ts';

const A = ipv4('192.168.1.10');
const B = ipv4('192.168.1.11');
const SERVER = ipv4('198.51.100.10');
const WAN = ipv4('203.0.113.1');

function udpPacket(source: number, sourcePort: number, destination: number, destinationPort: number): Uint8Array {
  const payload = udp.encode({ sourcePort, destinationPort, payload: new Uint8Array(4) }, { source, destination });
  return ip.encode({ source, destination, protocol: 17, payload });
}

function raw(protocol: number, source: number, destination: number, payload = new Uint8Array(12)): Uint8Array {
  return ip.encode({ source, destination, protocol, payload });
}

const from = (packet: Uint8Array) => formatIpv4(((u16(packet, 12) << 16) | u16(packet, 14)) >>> 0);
const to = (packet: Uint8Array) => formatIpv4(((u16(packet, 16) << 16) | u16(packet, 18)) >>> 0);

test('a UDP packet leaves with the WAN address and its own port, and the answer comes back to the laptop', () => {
  const router = new Router(linuxConfig());
  const out = router.receive('lan', udpPacket(A, 500, SERVER, 500), 0);
  expect(out.verdict).toBe('forwarded');
  expect(out.out.map((each) => [each.on, from(each.packet), u16(each.packet, 20)])).toEqual([
    ['wan', '203.0.113.1', 500],
  ]);
  const back = router.receive('wan', udpPacket(SERVER, 500, WAN, 500), 0.1);
  expect(back.out.map((each) => [each.on, to(each.packet)])).toEqual([['lan', '192.168.1.10']]);
  expect(checksum(back.out[0]!.packet, 0, 20)).toBe(0);
});

test('a second laptop with port 500 to the same server gets a port below 512', () => {
  const router = new Router(linuxConfig({ seed: 7 }));
  router.receive('lan', udpPacket(A, 500, SERVER, 500), 0);
  const out = router.receive('lan', udpPacket(B, 500, SERVER, 500), 0);
  const port = u16(out.out[0]!.packet, 20);
  expect(port).not.toBe(500);
  expect(port).toBeLessThan(512);
  const drawn = { from: 500, to: port, low: 1, high: 511, how: 'by-chance', because: 'taken' };
  expect(out.reasons).toContainEqual({ code: 'port-drawn', ...drawn });
});

test('the second laptop to send ESP to one server is dropped, and told why', () => {
  const router = new Router(linuxConfig());
  expect(router.receive('lan', raw(50, A, SERVER), 0).verdict).toBe('forwarded');
  const second = router.receive('lan', raw(50, B, SERVER), 1);
  expect(second.verdict).toBe('dropped');
  expect(second.reasons.at(-1)).toMatchObject({ code: 'tuple-clash', protocol: 50, client: B });
  expect(router.receive('wan', raw(50, SERVER, WAN), 2).out.map((each) => to(each.packet))).toEqual(['192.168.1.10']);
});

test('a packet for nobody is answered by the router itself, or swallowed by a firewall', () => {
  const open = new Router(linuxConfig());
  const answered = open.receive('wan', raw(50, SERVER, WAN), 0);
  expect(answered.verdict).toBe('answered');
  expect(answered.out[0]).toMatchObject({ on: 'wan', own: true });
  expect(answered.out[0]!.packet.slice(20, 22)).toEqual(Uint8Array.of(3, 2));
  const closed = new Router(linuxConfig(HOME_FIREWALL));
  const silent = closed.receive('wan', raw(50, SERVER, WAN), 0);
  expect([silent.verdict, silent.out]).toEqual(['dropped', []]);
  expect(closed.entries(0)).toEqual([]);
});

test('an entry runs out after its time, and is listed with what it changed', () => {
  const router = new Router(linuxConfig());
  const first = router.receive('lan', udpPacket(A, 6000, SERVER, 7), 10);
  expect(first.changes).toMatchObject([{ kind: 'created', after: { expiresAt: 40 } }]);
  expect(router.entries(39.9)).toHaveLength(1);
  expect(router.entries(40)).toHaveLength(0);
  expect(router.receive('wan', udpPacket(SERVER, 7, WAN, 6000), 41).verdict).toBe('answered');
});

test('pieces of a datagram wait for the last one and leave as they came', () => {
  const router = new Router(linuxConfig());
  const payload = udp.encode(
    { sourcePort: 1, destinationPort: 2, payload: new Uint8Array(40) },
    { source: A, destination: SERVER },
  );
  const piece = (offset: number, length: number, more: boolean): Uint8Array => {
    const bytes = ip.encode({
      source: A,
      destination: SERVER,
      protocol: 17,
      payload: payload.slice(offset, offset + length),
      id: 77,
    });
    putU16(bytes, 6, (more ? 0x2000 : 0) | (offset >> 3));
    putU16(bytes, 10, 0);
    putU16(bytes, 10, checksum(bytes, 0, 20));
    return bytes;
  };
  expect(router.receive('lan', piece(24, 24, false), 0)).toMatchObject({ verdict: 'held', out: [] });
  const out = router.receive('lan', piece(0, 24, true), 0);
  expect(out.out.map((each) => [each.packet.length, u16(each.packet, 6)])).toEqual([
    [44, 0x2000],
    [44, 3],
  ]);
});

test('a rejection answers what no checksum guards, and is silent where the sum over the data is wrong', () => {
  const input = { policy: 'accept', rules: [{ name: 'closed', in: 'wan', verdict: 'reject' }] } as const;
  const answers = (protocol: number) => {
    const router = new Router(linuxConfig({ input }));
    return router.receive('wan', raw(protocol, SERVER, WAN, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8])), 0).out.length;
  };
  expect([47, 50, 132].map(answers)).toEqual([1, 1, 1]);
  // DCCP: unguarded until the kernel forgot that protocol.
  expect([33, 253].map(answers)).toEqual([0, 0]);
});
