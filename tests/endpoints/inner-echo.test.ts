import { describe, expect, test } from 'vitest';
import { type Host, seconds } from '../../src/endpoints/endpoint.ts';
import { type EchoPlan, InnerEcho } from '../../src/endpoints/inner-echo.ts';
import { Timers } from '../../src/endpoints/timers.ts';
import { Rng } from '../../src/lib/rng.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as ip from '../../src/wire/ipv4.ts';

const OWN = ipv4('10.0.0.2');
const OTHER = ipv4('10.0.0.1');

/** One echo over a tunnel that is there, or not, as `carries` says, with one tenth of a second each way. */
function bench(plan: EchoPlan, carries: (now: number) => boolean = () => true) {
  const events: string[] = [];
  const due = new Map<string, number>();
  let now = 0;
  let answers: { at: number; packet: Uint8Array }[] = [];
  const host = {
    rng: new Rng(1),
    setTimer: (name: string, delay: number) => due.set(name, now + delay),
    clearTimer: (name: string) => due.delete(name),
  } as unknown as Host;
  const timers = new Timers(host);
  const peer = new InnerEcho(host, timers.within('peer'), OTHER, {
    send: (packet) => answers.push({ at: now + 200_000, packet }),
    alive: () => {},
    silent: () => {},
  });
  const echo = new InnerEcho(host, timers.within('own'), OWN, {
    send: (packet) => {
      events.push(`ask ${now / 1e6}`);
      if (carries(now)) peer.receive(packet);
    },
    alive: () => events.push(`alive ${now / 1e6}`),
    silent: (asked, answered) => events.push(`silent ${now / 1e6}: ${answered} of ${asked}`),
  });
  echo.begin(plan);
  const run = (until: number) => {
    for (;;) {
      const timer = [...due].sort((a, b) => a[1] - b[1])[0];
      const answer = answers[0];
      const next = Math.min(timer?.[1] ?? Number.POSITIVE_INFINITY, answer?.at ?? Number.POSITIVE_INFINITY);
      if (next > until) return events;
      now = next;
      if (answer && answer.at === next) {
        answers = answers.slice(1);
        echo.receive(answer.packet);
      } else {
        due.delete(timer![0]);
        timers.fire(timer![0]);
      }
    }
  };
  return { echo, run };
}

describe('an echo through a tunnel', () => {
  test('asks at once and twice more, and is alive with the first answer', () => {
    expect(bench({ target: OTHER }).run(seconds(20))).toEqual(['ask 0', 'alive 0.2', 'ask 1', 'ask 2']);
  });

  test('is silent when the third request in a row has gone unanswered', () => {
    const events = bench({ target: OTHER }, () => false).run(seconds(20));
    expect(events).toEqual(['ask 0', 'ask 1', 'ask 2', 'silent 5: 0 of 3']);
  });

  test('a last request without an answer is silence, whatever came before', () => {
    const plan = { target: OTHER, at: [0, seconds(100)] };
    const events = bench(plan, (now) => now < seconds(50)).run(seconds(200));
    expect(events).toEqual(['ask 0', 'alive 0.2', 'ask 100', 'silent 103: 1 of 2']);
  });

  test('a first request that is lost is not silence when the later ones are answered', () => {
    const events = bench({ target: OTHER }, (now) => now > 0).run(seconds(20));
    expect(events).toEqual(['ask 0', 'ask 1', 'alive 1.2', 'ask 2']);
  });

  test('one missed answer among others is not silence, and after a silence an answer is alive again', () => {
    const plan = { target: OTHER, at: [0], every: seconds(1), patience: seconds(1) };
    const carries = (now: number) => now !== seconds(2) && (now < seconds(4) || now > seconds(7));
    const events = bench(plan, carries)
      .run(seconds(9))
      .filter((event) => !event.startsWith('ask'));
    expect(events).toEqual(['alive 0.2', 'silent 7: 3 of 7', 'alive 8.2']);
  });

  test('leaves alone what is no echo for its address', () => {
    const { echo } = bench({ target: OTHER });
    const request = icmp.encode({ kind: 'echo-request', identifier: 1, sequence: 1, data: new Uint8Array(0) });
    const to = (destination: number, protocol: number, payload: Uint8Array) =>
      echo.receive(ip.encode({ source: OTHER, destination, protocol, payload }));
    expect(to(OWN, 1, request)).toBe(true);
    expect(to(ipv4('10.0.0.9'), 1, request)).toBe(false);
    expect(to(OWN, 17, request)).toBe(false);
    expect(to(OWN, 1, icmp.encode({ kind: 'unreachable', code: 1, mtu: 0, quote: request }))).toBe(false);
    expect(echo.receive(new Uint8Array(5))).toBe(false);
  });
});
