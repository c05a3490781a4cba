import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { configOf, hasTimer, type Profile } from '../../src/router/profiles/profile.ts';
import { type TimerName, timersOf, withTimers } from '../../src/router/profiles/timers.ts';
import { Router } from '../../src/router/router.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { A, B, Bench, datagram, packet, readTcp, S, S2, WAN } from './bench.ts';

const PLACE = { lan: { address: ipv4('192.168.1.1'), length: 24 }, wan: { address: WAN, length: 24 }, seed: 1 };
const ON = { pptp: true, l2tp: true, ipsec: true };
const NONE = new Uint8Array(0);

/** The time to which every timer under test is set, unlike any profile's own. */
const SET = 77;
/** libalias looks at each link about once a minute, and only then lets it go. */
const SWEEP = 130;

const bench = (profile: Profile, timer: TimerName): Bench =>
  new Bench(new Router(configOf(profile, ON, { ...PLACE, timeouts: { [timer]: SET } })));

/** Makes a flow, and answers how to try whether its far end still reaches the laptop. */
type Flow = (to: Bench) => () => boolean;

const udp: Flow = (to) => {
  to.send(datagram(A, 5000, S, 9, new Uint8Array(4)));
  return () => to.send(datagram(S, 9, WAN, outsidePort(to), new Uint8Array(4)))?.on === 'lan';
};

const udpAnswered: Flow = (to) => {
  const answer = udp(to);
  for (const at of [1, 4]) {
    to.now = at;
    answer();
  }
  return answer;
};

const ping: Flow = (to) => {
  const echo = (kind: 'echo-request' | 'echo-reply', identifier: number) =>
    icmp.encode({ kind, identifier, sequence: 1, data: NONE });
  const left = to.send(packet(A, S, icmp.PROTOCOL, echo('echo-request', 7)));
  const outside = left ? u16(left.payload, 4) : 0;
  return () => to.send(packet(S, WAN, icmp.PROTOCOL, echo('echo-reply', outside)))?.on === 'lan';
};

const bare =
  (protocol: number, body: Uint8Array): Flow =>
  (to) => {
    to.send(packet(A, S, protocol, body));
    return () => to.send(packet(S, WAN, protocol, body))?.on === 'lan';
  };

const answered =
  (flow: Flow): Flow =>
  (to) => {
    const answer = flow(to);
    answer();
    answer();
    return answer;
  };

/** A TCP conversation, as far as it goes. */
const talk =
  (...flags: readonly (readonly [who: 'us' | 'them', flags: number])[]): Flow =>
  (to) => {
    const next = { us: 1000, them: 5000 };
    const send = (who: 'us' | 'them', bits: number) => {
      const [source, destination] = who === 'us' ? [A, S] : [S, WAN];
      const [sourcePort, destinationPort] = who === 'us' ? [50_000, 443] : [443, outsidePort(to)];
      const other = who === 'us' ? 'them' : 'us';
      const fields = {
        sequence: next[who],
        acknowledgment: bits & tcp.ACK ? next[other] : 0,
        flags: bits,
        window: 9000,
      };
      if (bits & (tcp.SYN | tcp.FIN)) next[who]++;
      const ends = { source, destination };
      return to.send(
        ip.encode({ ...ends, protocol: 6, payload: tcp.encode({ sourcePort, destinationPort, ...fields }, ends) }),
      );
    };
    for (const [who, bits] of flags) send(who, bits);
    const answer = flags.length === 1 ? tcp.SYN | tcp.ACK : tcp.ACK;
    return () => {
      const got = send('them', answer);
      return got?.on === 'lan' && readTcp(got).destinationPort === 50_000;
    };
  };

const opened = [
  ['us', tcp.SYN],
  ['them', tcp.SYN | tcp.ACK],
  ['us', tcp.ACK],
] as const;

const pieces: Flow = (to) => {
  const whole = datagram(A, 5000, S, 9, new Uint8Array(40));
  const [first, second] = [whole.slice(20, 44), whole.slice(44)];
  const piece = (payload: Uint8Array, fragmentOffset: number, moreFragments: boolean) =>
    ip.encode({ source: A, destination: S, protocol: 17, id: 9, fragmentOffset, moreFragments, payload });
  to.send(piece(first, 0, true));
  return () => to.send(piece(second, 24, false)) !== undefined;
};

const outsidePort = (to: Bench) => to.router.entries(to.now)[0]?.reply.destination.key ?? 0;

/** For each timer a flow that it rules. GRE of version 0, so that no call has to be announced. */
const FLOWS: Readonly<Record<TimerName, Flow>> = {
  udp,
  udpAnswered,
  tcpOpening: talk(['us', tcp.SYN]),
  tcpOpen: talk(...opened),
  tcpClosing: talk(...opened, ['us', tcp.FIN | tcp.ACK]),
  icmp: ping,
  gre: bare(47, new Uint8Array([0, 0, 8, 0, 1, 2, 3, 4])),
  greAnswered: answered(bare(47, new Uint8Array([0, 0, 8, 0, 1, 2, 3, 4]))),
  portless: bare(51, new Uint8Array(24).fill(1)),
  fragments: pieces,
};

/** Time passes, and with it other people’s packets: libalias looks at its links only when one comes. */
function wait(router: Bench, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    router.now++;
    router.send(packet(B, S2, 200, NONE));
  }
}

const isLibalias = ({ id }: Profile) => id.startsWith('libalias');

/** What has no ports needs a router that carries it, and the GRE tracker to count as GRE. */
const rules = (profile: Profile, timer: TimerName): boolean => {
  const { id, core } = profile;
  if (!hasTimer(profile, timer)) return false;
  if (timer === 'portless') return id !== 'textbook';
  return !timer.startsWith('gre') || isLibalias(profile) || (core.greTracker && id !== 'textbook');
};

describe.each(PROFILES.map((profile) => [profile.id, profile] as const))('%s', (_, profile) => {
  const timers = (Object.keys(FLOWS) as TimerName[]).filter((timer) => rules(profile, timer));

  test.each(timers)('remembers for as long as its timer %s says, and no longer', (timer) => {
    for (const [late, reached] of [
      [-1, true],
      [isLibalias(profile) ? SWEEP : 1, false],
    ] as const) {
      const router = bench(profile, timer);
      const answer = FLOWS[timer](router);
      wait(router, SET + late);
      expect([late, answer()]).toEqual([late, reached]);
    }
  });

  test('has every timer that it is given, and its own where it is given none', () => {
    const own = timersOf(profile.core.timeouts);
    expect(withTimers(profile.core.timeouts, {})).toEqual(profile.core.timeouts);
    for (const timer of Object.keys(FLOWS) as TimerName[])
      expect(timersOf(withTimers(profile.core.timeouts, { [timer]: SET }))).toEqual({ ...own, [timer]: SET });
  });
});

test('the textbook’s ALG forgets ESP by the timer of what has no ports', () => {
  const textbook = PROFILES.find(({ id }) => id === 'textbook')!;
  const spi = (value: number) => Uint8Array.from([0, 0, 0, value, 0, 0, 0, 1, ...new Uint8Array(16)]);
  for (const [late, reached] of [
    [-1, true],
    [1, false],
  ] as const) {
    const router = bench(textbook, 'portless');
    router.send(packet(A, S, 50, spi(7)));
    router.send(packet(S, WAN, 50, spi(9)));
    router.now = SET + late;
    expect([late, router.send(packet(S, WAN, 50, spi(9)))?.on === 'lan']).toEqual([late, reached]);
  }
});
