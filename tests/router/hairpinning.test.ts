/** Hairpinning: two inside ends that talk through their outside addresses, judged by the bytes on the LAN. */
import { describe, expect, test } from 'vitest';
import type { NatBehaviour } from '../../src/router/config.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import { formatIpv4 } from '../../src/wire/address.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { A, B, type Bench, datagram, packet, readTcp, readUdp, routerOf, S, S2, type Seen, WAN } from './bench.ts';

const REFERENCE = textbook.core.nat as NatBehaviour;
const natOf = (changes: Partial<NatBehaviour>): Bench => routerOf(textbook, {}, { nat: { ...REFERENCE, ...changes } });

const hello = (lab: Bench, source: number, port: number, to: number, toPort: number) =>
  lab.send(datagram(source, port, to, toPort, new Uint8Array([1, 2, 3, 4])));

function segment(source: number, port: number, to: number, toPort: number, flags: number): Uint8Array {
  const fields = {
    sourcePort: port,
    destinationPort: toPort,
    sequence: 1000,
    acknowledgment: 1001,
    flags,
    window: 9000,
  };
  return packet(source, to, tcp.PROTOCOL, tcp.encode(fields, { source, destination: to }));
}

const ends = (seen: Seen | undefined, keys: { readonly sourcePort: number; readonly destinationPort: number }) =>
  seen && [
    seen.on,
    `${formatIpv4(seen.source)}:${keys.sourcePort}`,
    `${formatIpv4(seen.destination)}:${keys.destinationPort}`,
  ];

/** What left, and with which addresses and ports; the checksums have to be right. */
const udpEnds = (seen: Seen | undefined) => seen && ends(seen, readUdp(seen));
const tcpEnds = (seen: Seen | undefined) => seen && ends(seen, readTcp(seen));

describe('a UDP packet to an inside end’s outside address', () => {
  const prepared = (changes: Partial<NatBehaviour>): Bench => {
    const lab = natOf(changes);
    hello(lab, A, 5000, S, 9);
    hello(lab, B, 5000, S, 9);
    return lab;
  };
  const portOf = (lab: Bench, index: number) => lab.router.entries(lab.now)[index]!.reply.destination.key;

  test('reaches it from the sender’s own outside address and port (RFC 4787 REQ-9, REQ-9a)', () => {
    const lab = prepared({});
    const drawn = portOf(lab, 1);
    expect(udpEnds(hello(lab, B, 5000, WAN, 5000))).toEqual(['lan', `203.0.113.1:${drawn}`, '192.168.1.10:5000']);
  });

  test('is answered the same way back, as often as they like', () => {
    const lab = prepared({});
    const drawn = portOf(lab, 1);
    hello(lab, B, 5000, WAN, 5000);
    for (const _ of [1, 2, 3]) {
      expect(udpEnds(hello(lab, A, 5000, WAN, drawn))).toEqual(['lan', '203.0.113.1:5000', '192.168.1.11:5000']);
      expect(udpEnds(hello(lab, B, 5000, WAN, 5000))).toEqual(['lan', `203.0.113.1:${drawn}`, '192.168.1.10:5000']);
    }
  });

  test('goes nowhere with the knob off', () => {
    const lab = prepared({ hairpinning: false });
    expect(hello(lab, B, 5000, WAN, 5000)).toBeUndefined();
  });

  test.each(['address-dependent', 'address-and-port-dependent'] as const)(
    'is filtered like a stranger’s: %s lets it in to nobody who has not called it',
    (filtering) => {
      const lab = prepared({ filtering });
      expect(hello(lab, B, 5000, WAN, 5000)).toBeUndefined();
    },
  );

  test('does not reach an outside port that nobody inside has', () => {
    expect(hello(prepared({}), B, 5000, WAN, 4999)).toBeUndefined();
  });
});

describe('a TCP connection to an inside end’s outside address', () => {
  test('opens, carries both ways and shows each side the other’s outside address (RFC 5382 REQ-8)', () => {
    const lab = natOf({});
    lab.send(segment(A, 6000, S, 443, tcp.SYN));
    const toA = ['lan', '203.0.113.1:7000', '192.168.1.10:6000'];
    const toB = ['lan', '203.0.113.1:6000', '192.168.1.11:7000'];
    expect(tcpEnds(lab.send(segment(B, 7000, WAN, 6000, tcp.SYN)))).toEqual(toA);
    expect(tcpEnds(lab.send(segment(A, 6000, WAN, 7000, tcp.SYN | tcp.ACK)))).toEqual(toB);
    expect(tcpEnds(lab.send(segment(B, 7000, WAN, 6000, tcp.ACK)))).toEqual(toA);
    expect(lab.codes).not.toContain('untracked-invalid');
  });

  test('does not open with the knob off', () => {
    const lab = natOf({ hairpinning: false });
    lab.send(segment(A, 6000, S, 443, tcp.SYN));
    expect(lab.send(segment(B, 7000, WAN, 6000, tcp.SYN))).toBeUndefined();
  });
});

describe('an ICMP error about a hairpinned packet', () => {
  /** B writes to A's outside address, and A answers that nobody listens there. */
  const complained = (): Seen | undefined => {
    const lab = natOf({});
    hello(lab, A, 5000, S, 9);
    hello(lab, B, 6000, S2, 9);
    const got = hello(lab, B, 6000, WAN, 5000)!;
    const quote = got.bytes.slice(0, 28);
    return lab.send(packet(A, WAN, icmp.PROTOCOL, icmp.encode({ kind: 'unreachable', code: 3, mtu: 0, quote })));
  };

  test('reaches the sender, from the outside address that it had written to (RFC 5508 REQ-7a)', () => {
    const error = complained()!;
    expect([error.on, formatIpv4(error.source), formatIpv4(error.destination)]).toEqual([
      'lan',
      '203.0.113.1',
      '192.168.1.11',
    ]);
  });

  test('quotes the packet as its sender had sent it (RFC 5508 REQ-4, REQ-5)', () => {
    const read = icmp.parse(complained()!.payload);
    const quote = read.ok && read.value.kind === 'unreachable' ? read.value.quote : new Uint8Array(28);
    const view = new DataView(quote.buffer, quote.byteOffset);
    expect([view.getUint32(12), view.getUint32(16), view.getUint16(20), view.getUint16(22)]).toEqual([
      B,
      WAN,
      6000,
      5000,
    ]);
  });
});

test('a ping to the outside address means the router, and reaches nobody inside', () => {
  const lab = natOf({});
  const ping = icmp.encode({ kind: 'echo-request', identifier: 7, sequence: 1, data: new Uint8Array(0) });
  lab.send(packet(A, S, icmp.PROTOCOL, ping));
  expect(lab.send(packet(B, WAN, icmp.PROTOCOL, ping))).toBeUndefined();
});
