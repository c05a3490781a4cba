/** FreeBSD's library of today: where it differs from that of 12.1. */
import { describe, expect, test } from 'vitest';
import { libaliasMain } from '../../../src/router/profiles/libalias-main.ts';
import * as ip from '../../../src/wire/ipv4.ts';
import * as tcp from '../../../src/wire/tcp.ts';
import * as udp from '../../../src/wire/udp.ts';
import { A, B, routerOf, S as SERVER, WAN } from '../bench.ts';
import { ControlTalk, greIn, greOut } from '../control-talk.ts';
import { C1, C2, ends, Library, S, W } from './library.ts';

const main = () => new Library({ profile: libaliasMain });
const PORT = 40_000;

const datagram = (source: number, destination: number) => {
  const given = { sourcePort: PORT, destinationPort: PORT, payload: new Uint8Array(4) };
  return ip.encode({ source, destination, protocol: 17, payload: udp.encode(given, { source, destination }) });
};
const segment = (source: number, destination: number, flags: number) => {
  const given = { sourcePort: PORT, destinationPort: PORT, sequence: 1, acknowledgment: 1, flags, window: 1000 };
  return ip.encode({ source, destination, protocol: 6, payload: tcp.encode(given, { source, destination }) });
};
const esp = (source: number, destination: number) =>
  ip.encode({ source, destination, protocol: 50, payload: new Uint8Array(8) });

describe('a link ends on time', () => {
  const answeredAfter = (prepare: (library: Library) => void, answer: Uint8Array, seconds: number) => {
    const library = main();
    prepare(library);
    library.now = seconds;
    return ends(library.in(answer))[1] === C1;
  };
  const asked = (library: Library) => library.out(segment(C1, S, tcp.SYN));
  const connected = (library: Library) => {
    asked(library);
    library.in(segment(S, W, tcp.SYN | tcp.ACK));
  };
  const halfClosed = (library: Library) => {
    connected(library);
    library.out(segment(C1, S, tcp.FIN | tcp.ACK));
  };
  const closed = (library: Library) => {
    halfClosed(library);
    library.in(segment(S, W, tcp.FIN | tcp.ACK));
  };
  const ack = segment(S, W, tcp.ACK);

  test.each<[string, (library: Library) => void, Uint8Array, number]>([
    ['UDP', (library) => library.out(datagram(C1, S)), datagram(S, W), 60],
    ['ESP', (library) => library.out(esp(C1, S)), esp(S, W), 60],
    ['TCP that only asked', asked, ack, 300],
    ['TCP with one FIN', halfClosed, ack, 90],
    ['TCP with both', closed, ack, 10],
  ])('%s', (_, prepare, answer, seconds) => {
    expect(answeredAfter(prepare, answer, seconds)).toBe(true);
    expect(answeredAfter(prepare, answer, seconds + 1)).toBe(false);
  });

  test('TCP that stands for much longer', () => {
    expect(answeredAfter(connected, ack, 400)).toBe(true);
  });
});

describe('the newest link of what has no ports', () => {
  /** The first laptop sends every second, the second only once. */
  const routerAfter = (seconds: number, alsoUdp: boolean) => {
    const library = main();
    library.out(esp(C1, S));
    library.out(esp(C2, S));
    for (library.now = 1; library.now <= seconds; library.now++) {
      library.out(esp(C1, S));
      if (alsoUdp) library.out(datagram(C1, S));
    }
    return library;
  };

  test('is found too late and goes to the NAT host for good: the laptop that kept sending gets nothing', () => {
    const library = routerAfter(200, false);
    expect(library.entries.filter((each) => each.original.protocol === 50)).toHaveLength(2);
    for (let i = 0; i < 3; i++) {
      expect(ends(library.in(esp(S, W)))[1]).toBe(W);
      library.out(esp(C1, S));
    }
  });

  test('is swept in time where there is other traffic', () => {
    expect(ends(routerAfter(200, true).in(esp(S, W)))[1]).toBe(C1);
  });
});

describe('PPTP calls', () => {
  const lab = () => routerOf(libaliasMain);
  const talk = (bench: ReturnType<typeof lab>, client: number) => new ControlTalk(bench, client).open();

  test('with different Call IDs are told apart', () => {
    const bench = lab();
    talk(bench, A).call(7, 0x100);
    talk(bench, B).call(8, 0x200);
    expect([greIn(bench, 7)?.to, greIn(bench, 8)?.to]).toEqual([A, B]);
  });

  test('with the same Call ID both keep it, and the newest has the GRE of both until it hangs up', () => {
    const bench = lab();
    expect(talk(bench, A).call(7, 0x100)).toBe(7);
    const second = talk(bench, B);
    expect(second.call(7, 0x200)).toBe(7);
    expect(greIn(bench, 7)).toEqual({ to: B, callId: 7 });
    const calls = bench.router.entries(0).filter((each) => each.state === 'CALL');
    expect(calls.map((each) => each.answersTo)).toEqual([B, B]);
    second.say('Call-Disconnect-Notify', { w12: 7 });
    expect(greIn(bench, 7)).toEqual({ to: A, callId: 7 });
  });

  test.each([
    ['GRE that leaves keeps a call', true],
    ['GRE that only comes in does not', false],
  ])('%s alive beyond a minute', (_, outward) => {
    const bench = lab();
    talk(bench, A).call(7, 0x100);
    for (bench.now = 1; bench.now <= 62; bench.now++)
      if (outward) greOut(bench, A, 0x100, SERVER);
      else greIn(bench, 7);
    expect(greIn(bench, 7)?.to).toBe(outward ? A : undefined);
  });
});

test('the table counts the seconds to the end, and knows no waiting for a sweep', () => {
  const bench = routerOf(libaliasMain);
  new ControlTalk(bench, A).call(7, 0x100);
  for (const entry of bench.router.entries(0)) {
    expect(entry.swept).toBeUndefined();
    expect(entry.expiresAt).toBeLessThan(86_401);
    expect(entry.reply.destination.address).toBe(WAN);
  }
});
