import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/router/reason.ts';
import { judge } from '../../src/scenarios/matrix-verdict.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import type { Occurrence, Trace } from '../../src/world/trace.ts';

const ADDRESS = { a: ipv4('192.168.1.10'), b: ipv4('192.168.1.11'), server: ipv4('198.51.100.10') } as const;
const WAN = ipv4('203.0.113.1');
const ESP = 50;

type Name = keyof typeof ADDRESS;
type Step = Occurrence extends infer One ? (One extends Occurrence ? Omit<One, 'index' | 'time'> : never) : never;

const packet = (source: number, destination: number, protocol = ESP) =>
  ip.encode({ source, destination, protocol, payload: new Uint8Array(24) });
const frame = (bytes: Uint8Array, from: string, to: string) => ({ id: 0, bytes, from, to });

/** What `from` sent comes to the router, and leaves to `to`, or ends there for a reason. */
function routed(from: Name, to: Name | Reason): Step {
  const inbound = from === 'server';
  const bytes = inbound ? packet(ADDRESS.server, WAN) : packet(ADDRESS[from], ADDRESS.server);
  const leaves = typeof to === 'string';
  const out = leaves ? [inbound ? packet(ADDRESS.server, ADDRESS[to]) : packet(WAN, ADDRESS.server)] : [];
  return {
    kind: 'routed',
    node: 'router',
    frame: frame(bytes, from, 'router'),
    on: inbound ? 'wan' : 'lan',
    outcome: {
      verdict: leaves ? 'forwarded' : 'dropped',
      out: out.map((each) => ({ on: inbound ? 'lan' : 'wan', packet: each, own: false })),
      reasons: leaves ? [] : [to],
      stages: [],
      changes: [],
    },
    out: out.map((each) => frame(each, 'router', leaves ? to : '')),
  };
}

/** A message of ICMP that the laptop sends ends at the router. */
function errorStopped(from: Name): Step {
  const step = routed(from, NO_PORT);
  return { ...step, frame: frame(packet(ADDRESS[from], ADDRESS.server, 1), from, 'router') } as Step;
}

/** A piece of a packet waits at the router for the others. */
function held(from: Name): Step {
  const step = routed(from, { code: 'waiting-for-fragments', have: 1 });
  return { ...step, outcome: { ...(step as Extract<Step, { kind: 'routed' }>).outcome, verdict: 'held' } } as Step;
}

const symptom = (node: Name, code: string, missing: string): Step => ({
  kind: 'symptom',
  node,
  session: `esp:${node}`,
  system: 'linux',
  code,
  text: '',
  missing,
});

const status = (node: Name, is: 'up' | 'failed'): Step => ({
  kind: 'phase',
  node,
  session: `esp:${node}`,
  phase: `it is ${is}`,
  status: is,
});

function traceOf(laptops: readonly Name[], ...steps: readonly Step[]): Trace {
  return {
    nodes: [...laptops, 'server' as const].map((id) => ({
      id,
      kind: id === 'server' ? 'server' : 'client',
      name: id,
      addresses: [ADDRESS[id]],
    })),
    occurrences: steps.map((step, index) => ({ index, time: index, ...step }) as Occurrence),
    end: steps.length,
  };
}

const NO_PORT: Reason = { code: 'no-port', protocol: ESP };
const RULE: Reason = { code: 'blocked-by-rule', chain: 'forward', rule: 'ipsec-passthrough-off: ESP' };
const INPUT: Reason = { code: 'blocked-by-rule', chain: 'input', rule: 'nothing unasked from the WAN' };
const CLASH: Reason = { code: 'tuple-clash', protocol: ESP, owner: ADDRESS.a, client: ADDRESS.b };

const BOTH = ['a', 'b'] as const;

describe('one laptop', () => {
  test('is up, with nothing but its address rewritten: OK, decided when it came up', () => {
    const trace = traceOf(['a'], routed('a', 'server'), routed('server', 'a'), status('a', 'up'));
    expect(judge(trace)).toMatchObject({ code: 'OK', step: 2, said: 'it is up' });
  });

  test('is stopped on its way out: X-out, or BLK where a rule of the forward chain did it', () => {
    expect(judge(traceOf(['a'], routed('a', NO_PORT), status('a', 'failed')))).toMatchObject({
      code: 'X-out',
      step: 0,
      reason: NO_PORT,
    });
    expect(judge(traceOf(['a'], routed('a', RULE), status('a', 'failed')))).toMatchObject({
      code: 'BLK',
      reason: RULE,
    });
  });

  test('is no victim of a rule of the switches where its packet was for the router itself', () => {
    expect(judge(traceOf(['a'], routed('a', INPUT), status('a', 'failed'))).code).toBe('X-out');
  });

  test('whose packet leaves as it is, with an address that nobody can answer, is stopped on its way out: X-out', () => {
    const raw: Reason = { code: 'passed-raw', why: 'no-free-key' };
    const passed = (step: Step, bytes: Uint8Array): Step => {
      const { outcome, ...others } = step as Extract<Step, { kind: 'routed' }>;
      return { ...others, outcome: { ...outcome, reasons: [raw] }, out: [frame(bytes, 'router', 'server')] };
    };
    const verdictOf = (source: number) =>
      judge(traceOf(['a'], passed(routed('a', 'server'), packet(source, ADDRESS.server)), status('a', 'failed')));
    expect(verdictOf(ADDRESS.a)).toMatchObject({ code: 'X-out', step: 0, reason: raw });
    expect(verdictOf(WAN).code).toBe('SRV');
  });

  test('is not judged by errors that it sends, nor by pieces that wait for others', () => {
    const trace = traceOf(['a'], held('a'), errorStopped('a'), routed('a', 'server'), status('a', 'failed'));
    expect(judge(trace).code).toBe('SRV');
  });

  test('is refused for an altered packet: ICV, decided where the server says so, whatever the laptop says', () => {
    const trace = traceOf(
      ['a'],
      routed('a', 'server'),
      symptom('a', '789', 'no answer'),
      symptom('server', 'XfrmInStateProtoError', 'the integrity check'),
      status('a', 'failed'),
    );
    expect(judge(trace)).toMatchObject({ code: 'ICV', step: 2, said: 'the integrity check' });
  });

  test('sends, and the answers end at the router: X-in, decided by the first of them', () => {
    const answer = routed('server', INPUT);
    const trace = traceOf(['a'], routed('a', 'server'), answer, answer, status('a', 'failed'));
    expect(judge(trace)).toMatchObject({ code: 'X-in', step: 1, reason: INPUT });
  });

  test('is not judged by what the router did after it had given up', () => {
    const trace = traceOf(
      ['a'],
      routed('a', 'server'),
      routed('server', 'a'),
      status('a', 'failed'),
      routed('a', NO_PORT),
      routed('server', INPUT),
    );
    expect(judge(trace).code).toBe('SRV');
  });

  test('what comes before it sent anything is no answer', () => {
    const trace = traceOf(['a'], routed('server', INPUT), routed('a', 'server'), status('a', 'failed'));
    expect(judge(trace).code).toBe('SRV');
  });
});

describe('two laptops', () => {
  test('the second is stopped, the first works: 1st, decided by the packet that was stopped', () => {
    const trace = traceOf(BOTH, routed('a', 'server'), status('a', 'up'), routed('b', CLASH), status('b', 'failed'));
    expect(judge(trace)).toMatchObject({ code: '1st', step: 2, reason: CLASH });
  });

  test('the second works and has the answers of the first: NEW, decided by the first that went astray', () => {
    const trace = traceOf(
      BOTH,
      routed('a', 'server'),
      routed('server', 'a'),
      status('a', 'up'),
      routed('b', 'server'),
      routed('server', 'b'),
      routed('server', 'b'),
      status('b', 'up'),
      status('a', 'failed'),
    );
    expect(judge(trace)).toMatchObject({ code: 'NEW', step: 4, laptops: [{ code: 'stolen' }, { code: 'OK' }] });
  });

  test('fates that make no pattern: mixed, with each laptop’s own', () => {
    const trace = traceOf(BOTH, routed('a', NO_PORT), status('a', 'failed'), routed('b', 'server'), status('b', 'up'));
    expect(judge(trace)).toMatchObject({ code: 'mixed', laptops: [{ code: 'X-out' }, { code: 'OK' }] });
  });
});

test('nobody to judge is a mistake of the caller', () => {
  expect(() => judge(traceOf([]))).toThrow('stranger');
});
