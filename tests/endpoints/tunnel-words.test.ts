import { describe, expect, test } from 'vitest';
import type { PppEnd, PppPhase } from '../../src/endpoints/ppp-link.ts';
import type { TunnelFailure } from '../../src/endpoints/tunnel-failure.ts';
import { symptomOf } from '../../src/endpoints/tunnel-words.ts';

const PHASES: readonly PppPhase[] = ['lcp', 'authentication', 'encryption', 'address', 'network'];
const ENDS: readonly PppEnd[] = [
  ...PHASES.flatMap((during) => [true, false].map((heard) => ({ kind: 'timeout', during, heard }) as const)),
  { kind: 'authentication-failed', code: 691 },
  { kind: 'refuses-authentication' },
  { kind: 'no-encryption' },
  { kind: 'no-address' },
  { kind: 'silent' },
  { kind: 'terminated' },
  { kind: 'closed' },
];
const FAILURES: readonly TunnelFailure[] = [
  { kind: 'unreachable', missing: 'no answer' },
  { kind: 'refused', missing: 'a refusal' },
  { kind: 'dropped', was: 'connecting', missing: 'a drop' },
  { kind: 'dropped', was: 'up', missing: 'a drop' },
  { kind: 'no-frames', heard: true },
  { kind: 'no-frames', heard: false },
  { kind: 'no-echo', asked: 3, answered: 0 },
  ...ENDS.map((end) => ({ kind: 'ppp', end }) as const),
];

describe.each(['windows', 'linux'] as const)('%s', (system) => {
  test.each(['pptp', 'l2tp'] as const)(
    'has words and a missing step for every way in which %s can fail',
    (protocol) => {
      for (const failure of FAILURES) {
        const symptom = symptomOf(system, protocol, failure);
        expect(symptom.text.length, JSON.stringify(failure)).toBeGreaterThan(5);
        expect(symptom.missing.length, JSON.stringify(failure)).toBeGreaterThan(5);
      }
    },
  );
});

describe('the numbers of Windows', () => {
  const code = (protocol: 'pptp' | 'l2tp', failure: TunnelFailure) => symptomOf('windows', protocol, failure).code;

  test.each([
    [{ kind: 'unreachable', missing: '' }, '800', '809'],
    [{ kind: 'no-frames', heard: false }, '806', '809'],
    [{ kind: 'dropped', was: 'connecting', missing: '' }, '619', '619'],
    [{ kind: 'dropped', was: 'up', missing: '' }, '807', '807'],
    [{ kind: 'ppp', end: { kind: 'timeout', during: 'authentication', heard: true } }, '718', '718'],
    [{ kind: 'ppp', end: { kind: 'timeout', during: 'lcp', heard: false } }, '721', '721'],
    [{ kind: 'ppp', end: { kind: 'no-encryption' } }, '742', '742'],
    [{ kind: 'ppp', end: { kind: 'no-address' } }, '720', '720'],
  ] as const satisfies readonly (readonly [TunnelFailure, string, string])[])('%j', (failure, pptp, l2tp) => {
    expect([code('pptp', failure), code('l2tp', failure)]).toEqual([pptp, l2tp]);
  });

  test('a server may name the number itself: 648 is an expired password (RFC 2759 §6)', () => {
    expect(code('pptp', { kind: 'ppp', end: { kind: 'authentication-failed', code: 648 } })).toBe('648');
  });
});

test('a daemon that logs numbers of its own is quoted, on Linux alone', () => {
  const line = 'Maximum retries exceeded for tunnel 7.  Closing.';
  const failure = { kind: 'unreachable', missing: 'no SCCRP arrived', line } as const;
  expect(symptomOf('linux', 'l2tp', failure)).toEqual({ system: 'xl2tpd', text: line, missing: 'no SCCRP arrived' });
  expect(symptomOf('windows', 'l2tp', failure).text).not.toBe(line);
});
