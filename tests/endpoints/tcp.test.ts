import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { LINUX_TCP, type TcpPolicy, WINDOWS_TCP } from '../../src/endpoints/tcp-policy.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { Rng } from '../../src/lib/rng.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { mustRead } from '../support/must-read.ts';
import { Answerer, Caller } from '../support/tcp-talk.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';

const A = address('192.0.2.1');
const B = address('192.0.2.2');

function talk(filter?: LabOptions['filter'], policy: TcpPolicy = LINUX_TCP, seed = 1) {
  const caller = new Caller(B, policy);
  const answerer = new Answerer();
  const hosts = [
    { name: 'a', addresses: [A], endpoints: [caller] },
    { name: 'b', addresses: [B], endpoints: [answerer] },
  ] as const;
  const lab = new Lab({ hosts, seed, ...(filter ? { filter } : {}) });
  lab.start('b').start('a');
  return { lab, caller, answerer };
}

function segment(packet: Uint8Array): tcp.Fields {
  const outer = ipv4.parse(packet);
  if (!outer.ok) throw new Error('not IPv4');
  return mustRead(tcp.parse(outer.value.payload, outer.value));
}

const flagsOf = (packets: readonly Uint8Array[]) => packets.map((packet) => segment(packet).flags);
const isSyn = (packet: Uint8Array) => segment(packet).flags === tcp.SYN;

describe('the handshake', () => {
  test('takes three segments and opens both ends', () => {
    const { lab, caller, answerer } = talk();
    lab.run(seconds(1));
    expect(flagsOf(lab.packets())).toEqual([tcp.SYN, tcp.SYN | tcp.ACK, tcp.ACK]);
    expect(caller.record.events).toEqual(['opened']);
    expect(answerer.records[0]!.events).toEqual(['opened']);
  });

  test.each([
    ['Windows', WINDOWS_TCP, [0, 3, 9], 21],
    ['Linux', LINUX_TCP, [0, 1, 3, 7, 15, 31, 63], 127],
  ] as const)('%s sends its SYNs at the known times and gives up', (_, policy, at, end) => {
    const { lab, caller } = talk(() => undefined, policy);
    lab.run(seconds(200));
    expect(lab.sent.map((each) => each.at / 1e6)).toEqual(at);
    expect(caller.record.end).toBe('timeout');
    expect(caller.record.endedAt).toBe(seconds(end));
  });

  test('survives the loss of any one of its segments', () => {
    for (const lost of [0, 1, 2]) {
      let count = 0;
      const { lab, caller, answerer } = talk((packet) => (count++ === lost ? undefined : packet));
      lab.run(seconds(10));
      expect([caller.record.events, answerer.records[0]!.events]).toEqual([['opened'], ['opened']]);
    }
  });

  test('a closed port answers with RST, and the caller hears it was refused', () => {
    const caller = new Caller(B);
    const lab = new Lab({
      hosts: [
        { name: 'a', addresses: [A], endpoints: [caller] },
        { name: 'b', addresses: [B], endpoints: [] },
      ],
    });
    lab.start('a').run(seconds(1));
    expect(flagsOf(lab.packets('b'))).toEqual([tcp.RST | tcp.ACK]);
    expect(caller.record.end).toBe('refused');
  });

  test('an ICMP error about the SYN ends the attempt', () => {
    const { lab, caller } = talk(() => undefined);
    const quote = lab.packets('a')[0]!.subarray(0, 28);
    const payload = icmp.encode({ kind: 'unreachable', code: 1, mtu: 0, quote });
    lab.stacks.get('a')!.receive(ipv4.encode({ source: B, destination: A, protocol: 1, payload }));
    expect(caller.record.end).toBe('unreachable');
  });
});

describe('data', () => {
  const DATA = new Rng(7).bytes(10_000);

  test('arrives whole, cut at the segment size of 1460', () => {
    const { lab, caller, answerer } = talk();
    caller.record.onOpen = () => caller.record.connection.send(DATA);
    lab.run(seconds(1));
    expect(answerer.records[0]!.heard).toEqual(DATA);
    const sizes = lab.packets('a').map((packet) => segment(packet).payload.length);
    expect(Math.max(...sizes)).toBe(1460);
  });

  test('an answer carries the acknowledgement: no empty segment between question and answer', () => {
    const { lab, caller, answerer } = talk();
    lab.run(seconds(1));
    answerer.records[0]!.onData = (bytes) => answerer.records[0]!.connection.send(bytes);
    const before = lab.sent.length;
    caller.record.connection.send(DATA.subarray(0, 10));
    lab.run(seconds(1));
    expect(
      lab
        .packets()
        .slice(before)
        .map((packet) => segment(packet).payload.length),
    ).toEqual([10, 10, 0]);
  });

  test('arrives whole over a wire that loses, repeats and reorders', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const chance = new Rng(seed);
        const held: Uint8Array[] = [];
        const { lab, caller, answerer } = talk(
          (packet) => {
            const draw = chance.below(10);
            if (draw === 0) return undefined;
            if (draw === 1) return [packet, packet];
            if (draw === 2) {
              held.push(packet);
              return undefined;
            }
            return [packet, ...held.splice(0)];
          },
          LINUX_TCP,
          seed,
        );
        caller.record.onOpen = () => {
          caller.record.connection.send(DATA);
          caller.record.connection.close();
        };
        lab.run(seconds(3600));
        expect(toHex(answerer.records[0]!.heard)).toBe(toHex(DATA));
        expect([caller.record.end, answerer.records[0]!.end]).toEqual(['finished', 'finished']);
      }),
      { numRuns: 30 },
    );
  });

  test('is given up after the fifth retransmission on Windows', () => {
    let cut = false;
    const { lab, caller } = talk((packet) => (cut ? undefined : packet), WINDOWS_TCP);
    lab.run(seconds(1));
    cut = true;
    const before = lab.sent.length;
    caller.record.connection.send(DATA.subarray(0, 10));
    lab.run(seconds(100));
    expect(lab.sent.length - before).toBe(6);
    expect(caller.record.end).toBe('timeout');
  });

  test('is sent again in smaller pieces when a router says that the path is narrower', () => {
    let told = false;
    const { lab, caller, answerer } = talk((packet, from) => {
      if (packet.length <= 1000) return packet;
      if (from === 'a' && !told) {
        told = true;
        const payload = icmp.encode({ kind: 'unreachable', code: 4, mtu: 1000, quote: packet.subarray(0, 28) });
        lab.inject('b', ipv4.encode({ source: B, destination: A, protocol: icmp.PROTOCOL, payload }));
      }
      return undefined;
    });
    caller.record.onOpen = () => caller.record.connection.send(DATA);
    lab.run(seconds(60));
    expect(answerer.records[0]!.heard).toEqual(DATA);
  });
});

describe('the end', () => {
  test('takes a FIN each way, and the first to close stays in TIME-WAIT', () => {
    const { lab, caller, answerer } = talk();
    lab.run(seconds(1));
    caller.record.connection.close();
    lab.run(seconds(1));
    expect(caller.record.events).toEqual(['opened', 'peer finished', 'ended: finished']);
    expect(answerer.records[0]!.events).toEqual(['opened', 'peer finished', 'ended: finished']);
    expect(caller.record.connection.state).toBe('time-wait');
    lab.run(seconds(60));
    expect(caller.record.connection.state).toBe('closed');
  });

  test('a lost FIN is sent again', () => {
    let lost = 0;
    const { lab, caller } = talk((packet) => (segment(packet).flags & tcp.FIN && lost++ < 2 ? undefined : packet));
    lab.run(seconds(1));
    caller.record.connection.close();
    lab.run(seconds(30));
    expect(caller.record.end).toBe('finished');
  });

  test('abort says RST, and the peer hears that it was reset', () => {
    const { lab, caller, answerer } = talk();
    lab.run(seconds(1));
    caller.record.connection.abort();
    lab.run(seconds(1));
    expect(caller.record.end).toBe('aborted');
    expect(answerer.records[0]!.end).toBe('reset');
  });

  test('a RST with a guessed number ends nothing and is challenged (RFC 5961)', () => {
    const { lab, caller } = talk();
    lab.run(seconds(1));
    const next = segment(lab.packets('b').findLast((packet) => !isSyn(packet))!).sequence + 1;
    const forged = (sequence: number) =>
      ipv4.encode({
        source: B,
        destination: A,
        protocol: tcp.PROTOCOL,
        payload: tcp.encode(
          { sourcePort: 1723, destinationPort: 50_000, sequence, flags: tcp.RST },
          { source: B, destination: A },
        ),
      });
    const before = lab.packets('a').length;
    lab.inject('b', forged((next + 100) >>> 0)).run(seconds(1));
    expect(lab.packets('a').length).toBe(before + 1);
    expect(caller.record.end).toBeUndefined();
    lab.inject('b', forged(next >>> 0)).run(seconds(1));
    expect(caller.record.end).toBe('reset');
  });
});

test('two ends that a forged segment has set against each other do not go on for ever', () => {
  const { lab, caller, answerer } = talk();
  lab.run(seconds(1));
  const { sequence, acknowledgment } = segment(lab.packets('a').at(-1)!);
  const ends = { source: A, destination: B };
  const forged = { sourcePort: 50_000, destinationPort: 1723, sequence, acknowledgment, flags: tcp.ACK };
  const payload = tcp.encode({ ...forged, payload: new Uint8Array(10) }, ends);
  lab.inject('a', ipv4.encode({ ...ends, protocol: tcp.PROTOCOL, payload })).run(seconds(10));
  expect(answerer.records[0]!.heard.length).toBe(10);
  // The server acknowledges what its peer never sent; without a limit each of them would correct the other for ever.
  expect(lab.sent.length).toBeLessThan(40);
  expect(caller.record.end).toBeUndefined();
});

test('the same seed gives the same packets, byte for byte', () => {
  const once = () => {
    const { lab, caller } = talk();
    caller.record.onOpen = () => caller.record.connection.send(new Uint8Array(4000));
    lab.run(seconds(5));
    return lab.packets().map(toHex);
  };
  expect(once()).toEqual(once());
});
