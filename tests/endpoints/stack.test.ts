import { describe, expect, test } from 'vitest';
import type { Endpoint, Host, Incoming, Unreachable } from '../../src/endpoints/endpoint.ts';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { Rng } from '../../src/lib/rng.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import * as udp from '../../src/wire/udp.ts';
import { mustRead } from '../support/must-read.ts';
import { Lab } from '../support/two-hosts.ts';

const A = address('192.0.2.1');
const B = address('192.0.2.2');
const EXPERIMENTAL = 253;

/** Takes every packet of one protocol and keeps it. */
class Sink implements Endpoint {
  readonly session = 'sink';
  readonly got: Incoming[] = [];
  readonly errors: Unreachable[] = [];
  host!: Host;
  start(host: Host): void {
    this.host = host;
  }
  stop(): void {}
  timer(): void {}
  receive(_host: Host, packet: Incoming): boolean {
    if (packet.protocol !== EXPERIMENTAL) return false;
    this.got.push(packet);
    return true;
  }
  unreachable(_host: Host, error: Unreachable): boolean {
    this.errors.push(error);
    return true;
  }
}

function pair(filter?: (packet: Uint8Array) => Uint8Array | undefined) {
  const a = new Sink();
  const b = new Sink();
  const lab = new Lab({
    hosts: [
      { name: 'a', addresses: [A], endpoints: [a] },
      { name: 'b', addresses: [B, B + 1], endpoints: [b] },
    ],
    ...(filter ? { filter } : {}),
  });
  lab.start('a').start('b');
  return { lab, a, b };
}

const read = (packet: Uint8Array) => mustRead(ipv4.parse(packet));
const readIcmp = (packet: Uint8Array) => mustRead(icmp.parse(read(packet).payload));

describe('what nobody takes is refused as hosts do', () => {
  test('a UDP datagram to a closed port: ICMP port unreachable, quoting it', () => {
    const { lab, a } = pair();
    const payload = udp.encode(
      { sourcePort: 5, destinationPort: 6, payload: new Uint8Array(100) },
      { source: A, destination: B },
    );
    a.host.send({ protocol: udp.PROTOCOL, destination: B, payload });
    lab.run(seconds(1));
    expect(readIcmp(lab.packets('b')[0]!)).toMatchObject({ kind: 'unreachable', code: 3 });
    expect(a.errors).toMatchObject([{ type: 3, code: 3, from: B, protocol: udp.PROTOCOL, destination: B }]);
    expect(a.errors[0]!.payload.subarray(0, 4)).toEqual(payload.subarray(0, 4));
  });

  test('a damaged UDP datagram to a closed port: silence, as its port may be what was damaged', () => {
    const { lab } = pair((packet) => {
      const damaged = packet.slice();
      damaged[23]! ^= 1;
      return damaged;
    });
    const payload = udp.encode(
      { sourcePort: 9, destinationPort: 7, payload: new Uint8Array(20) },
      { source: A, destination: B },
    );
    lab.inject('a', ipv4.encode({ source: A, destination: B, protocol: udp.PROTOCOL, payload })).run(seconds(1));
    expect(lab.packets('b')).toEqual([]);
  });

  test('an unknown protocol: ICMP protocol unreachable', () => {
    const { lab, a } = pair();
    a.host.send({ protocol: 47, destination: B, payload: new Uint8Array(8) });
    lab.run(seconds(1));
    expect(readIcmp(lab.packets('b')[0]!)).toMatchObject({ kind: 'unreachable', code: 2 });
  });

  test('an echo request is answered, to whichever address of the host it went', () => {
    const { lab, a } = pair();
    const payload = icmp.encode({ kind: 'echo-request', identifier: 1, sequence: 2, data: new Uint8Array(56) });
    a.host.send({ protocol: icmp.PROTOCOL, destination: B + 1, payload });
    lab.run(seconds(1));
    expect(read(lab.packets('b')[0]!)).toMatchObject({ source: B + 1, destination: A });
    expect(readIcmp(lab.packets('b')[0]!)).toMatchObject({ kind: 'echo-reply', identifier: 1, sequence: 2 });
  });

  test('a RST is never answered, or two hosts would go on for ever', () => {
    const { lab, a } = pair();
    const ends = { source: A, destination: B };
    const segment = { sourcePort: 5, destinationPort: 6, sequence: 1 };
    a.host.send({ protocol: tcp.PROTOCOL, ...ends, payload: tcp.encode({ ...segment, flags: tcp.RST }, ends) });
    expect(lab.run(seconds(1)).packets('b')).toEqual([]);
    a.host.send({ protocol: tcp.PROTOCOL, ...ends, payload: tcp.encode({ ...segment, flags: tcp.SYN }, ends) });
    expect(lab.run(seconds(1)).packets('b')).toHaveLength(1);
  });

  test('a damaged header and a packet for somebody else: silence', () => {
    const { lab, b } = pair();
    const packet = ipv4.encode({ source: A, destination: B, protocol: EXPERIMENTAL, payload: new Uint8Array(8) });
    const elsewhere = ipv4.encode({
      source: A,
      destination: B + 9,
      protocol: EXPERIMENTAL,
      payload: new Uint8Array(8),
    });
    lab.stacks.get('b')!.receive(packet.with(10, packet[10]! ^ 1));
    lab.stacks.get('b')!.receive(elsewhere);
    expect(lab.sent).toEqual([]);
    expect(b.got).toEqual([]);
  });
});

describe('packets larger than the link', () => {
  const LARGE = new Rng(3).bytes(4000);

  test('are cut at 1500 bytes and joined again, whatever order they come in', () => {
    const held: Uint8Array[] = [];
    const { lab, a, b } = pair((packet) => {
      held.push(packet);
      return undefined;
    });
    a.host.send({ protocol: EXPERIMENTAL, destination: B, payload: LARGE });
    expect(held.map((packet) => packet.length)).toEqual([1500, 1500, 1060]);
    for (const packet of held.reverse()) lab.stacks.get('b')!.receive(packet);
    expect(b.got.map((packet) => packet.payload)).toEqual([LARGE]);
  });

  test('a packet with a piece missing is forgotten after 30 seconds', () => {
    const held: Uint8Array[] = [];
    const { lab, a, b } = pair((packet) => {
      held.push(packet);
      return undefined;
    });
    a.host.send({ protocol: EXPERIMENTAL, destination: B, payload: LARGE });
    lab.stacks.get('b')!.receive(held[0]!);
    lab.stacks.get('b')!.receive(held[1]!);
    lab.run(seconds(31));
    lab.stacks.get('b')!.receive(held[2]!);
    expect(b.got).toEqual([]);
  });

  test('a narrower path that ICMP reports is remembered', () => {
    const { lab, a } = pair();
    const sample = ipv4.encode({ source: A, destination: B, protocol: EXPERIMENTAL, payload: LARGE.subarray(0, 1400) });
    const payload = icmp.encode({ kind: 'unreachable', code: 4, mtu: 1000, quote: sample.subarray(0, 28) });
    lab.stacks.get('a')!.receive(ipv4.encode({ source: B, destination: A, protocol: icmp.PROTOCOL, payload }));
    expect(a.errors).toMatchObject([{ type: 3, code: 4, mtu: 1000 }]);
    a.host.send({ protocol: EXPERIMENTAL, destination: B, payload: LARGE.subarray(0, 1400) });
    expect(lab.packets('a').map((packet) => packet.length)).toEqual([996, 444]);
  });
});

test('every packet of a host has the next identification, and DF unless told otherwise', () => {
  const { lab, a } = pair();
  for (const dontFragment of [undefined, false, true])
    a.host.send({
      protocol: EXPERIMENTAL,
      destination: B,
      payload: new Uint8Array(8),
      ...(dontFragment === undefined ? {} : { dontFragment }),
    });
  const [first, second, third] = lab.packets('a').map(read);
  expect([second!.id - first!.id, third!.id - second!.id].map((step) => step & 0xffff)).toEqual([1, 1]);
  expect([first!.dontFragment, second!.dontFragment, third!.dontFragment]).toEqual([true, false, true]);
});

test('an endpoint may choose identification, type of service, TTL and source', () => {
  const { lab, a } = pair();
  const wanted = { identification: 7, tos: 0x88, ttl: 3, source: A + 5 };
  a.host.send({ protocol: EXPERIMENTAL, destination: B, payload: new Uint8Array(8), ...wanted });
  expect(read(lab.packets('a')[0]!)).toMatchObject({ id: 7, tos: 0x88, ttl: 3, source: A + 5 });
});
