import { describe, expect, test } from 'vitest';
import { MYTHS, TOPICS } from '../../src/explain/myths.ts';
import { u16 } from '../../src/lib/bytes.ts';
import { profileOf } from '../../src/router/profiles/index.ts';
import { type Claim, holds } from '../../src/scenarios/claim.ts';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { experimentOf, situationOf } from '../../src/scenarios/matrix-situations.ts';
import { judge } from '../../src/scenarios/matrix-verdict.ts';
import { type Run, run } from '../../src/world/run.ts';

const TCP = 6;
const GRE = 47;
const ESP = 50;

const up = (node: string): Claim => ({ that: 'status', node, is: 'up' });
const passes = (from: string): Claim => ({ that: 'all-pass', from });
const not = (claim: Claim): Claim => ({ that: 'not', claim });

/** GRE as it came to the router and as it left. */
const greThrough = (trace: Run, from: string) =>
  trace.occurrences.flatMap((each) =>
    each.kind === 'routed' && each.frame.from === from && each.frame.bytes[9] === GRE && each.out.length > 0
      ? [{ came: u16(each.frame.bytes, 26), left: u16(each.out[0]!.bytes, 26) }]
      : [],
  );
/** Call IDs that a node's GRE carries as it sends it, whatever became of it. */
const greSent = (trace: Run, from: string) =>
  trace.occurrences.flatMap((each) =>
    each.kind === 'sent' && each.node === from && each.frame.bytes[9] === GRE ? [u16(each.frame.bytes, 26)] : [],
  );

/** What a run must show for a myth to be refuted by it: by myth and scenario, claims or a look at the bytes. */
const EVIDENCE: Readonly<Record<string, readonly Claim[] | ((trace: Run) => boolean)>> = {
  // Every switch is off, no helper runs, and both laptops' tunnels are up in UDP.
  'passthrough-is-natt natt-two-laptops': [up('a'), up('b'), passes('a'), passes('b'), passes('server')],
  'modern-vpns-need-it openvpn-udp': [up('a'), up('b'), passes('a'), passes('b')],
  'opens-ports stranger-knocks': [
    { that: 'never-reaches', from: 'stranger', to: 'a' },
    { that: 'stopped', because: 'blocked-by-rule', from: 'stranger', protocol: GRE },
    { that: 'stopped', because: 'blocked-by-rule', from: 'stranger', protocol: ESP },
  ],
  'several-laptops esp-two-laptops': [
    up('a'),
    not({ that: 'was', node: 'b', is: 'up' }),
    { that: 'stopped', because: 'tuple-clash', from: 'b', protocol: ESP },
  ],
  'one-always-works pptp-one-laptop': [
    { that: 'status', node: 'a', is: 'failed' },
    passes('a'),
    { that: 'stopped', because: 'blocked-by-rule', from: 'server', protocol: GRE },
  ],
  'rewritten-on-clash pptp-two-laptops': [
    { that: 'reason', code: 'call-id-rewritten', from: 'a' },
    { that: 'reason', code: 'call-id-rewritten', from: 'b' },
  ],
  'both-call-ids pptp-two-laptops': (trace) => {
    const [out, back] = [greThrough(trace, 'a'), greThrough(trace, 'server')];
    const unchanged = out.length > 0 && out.every(({ came, left }) => came === left);
    return unchanged && back.length > 0 && back.every(({ came, left }) => came !== left);
  },
  'senders-call-id pptp-one-laptop': (trace) => {
    const [laptops, servers] = [new Set(greSent(trace, 'a')), new Set(greSent(trace, 'server'))];
    // The laptop chose 13330 for itself: it is the server's GRE that carries it, and never its own.
    return servers.has(13330) && servers.size === 1 && laptops.size === 1 && !laptops.has(13330);
  },
  'switching-off-disconnects switch-flipped-live': [
    up('a'),
    not({ that: 'was', node: 'a', is: 'failed' }),
    { that: 'status', node: 'b', is: 'failed' },
  ],
  'ah-with-passthrough ah-one-laptop': [
    passes('a'),
    not({ that: 'was', node: 'a', is: 'up' }),
    { that: 'symptom', node: 'server', code: 'XfrmInStateProtoError' },
  ],
  // Where a NAT knows ports and nothing else; that another one carries it, a cell of the matrix shows.
  'esp-cannot-pass esp-one-laptop': [{ that: 'stopped', because: 'no-port', from: 'a', protocol: ESP }],
  'same-port-conflict l2tp-two-laptops': [up('a'), up('b'), { that: 'reason', code: 'port-drawn', from: 'b' }],
  'same-port-conflict l2tp-server-insists-on-1701': [
    up('a'),
    { that: 'status', node: 'b', is: 'failed' },
    passes('b'),
    { that: 'never-reaches', from: 'server', to: 'b' },
  ],
  'l2tp-ipsec-router-fault l2tp-ipsec-two-laptops': [
    passes('a'),
    passes('b'),
    passes('server'),
    { that: 'was', node: 'a', is: 'up' },
    not(up('a')),
  ],
  'server-at-home stranger-knocks': [
    { that: 'stopped', because: 'blocked-by-rule', from: 'stranger', protocol: TCP },
    { that: 'never-reaches', from: 'stranger', to: 'a' },
  ],
  // The firewall is on, and ESP is stopped for want of ports: no rule asked for its number.
  'two-kinds-of-spi esp-one-laptop': [
    { that: 'stopped', because: 'no-port', from: 'a', protocol: ESP },
    not({ that: 'stopped', because: 'blocked-by-rule', from: 'a', protocol: ESP }),
    not({ that: 'reason', code: 'id-unknown' }),
  ],
};

describe.each(MYTHS.map((myth) => [myth.said, myth] as const))(
  '“%s”',
  (_, { id, said, topic, truth, why, source, shownBy }) => {
    test('is one sentence, and its correction a few that do not repeat it', () => {
      expect(said).toMatch(/^[A-Z][^.?!]*\.$/);
      expect(truth).toMatch(/^[A-Z].{30,260}\.$/);
      expect(truth).not.toContain(said);
      expect(why).toMatch(/^[A-Z].{30,200}\.$/);
      expect(TOPICS[topic]).toBeDefined();
      expect(source).not.toBe('');
    });

    test.each(shownBy.map((shown) => [JSON.stringify(shown), shown] as const))('is refuted by %s', (_, shown) => {
      if ('scenario' in shown) {
        const trace = run(scenarioOf(shown.scenario)!.experiment);
        const evidence = EVIDENCE[`${id} ${shown.scenario}`]!;
        if (typeof evidence === 'function') expect(evidence(trace)).toBe(true);
        else expect(evidence.filter((claim) => !holds(claim, trace))).toEqual([]);
        return;
      }
      const off = Object.fromEntries((shown.off ?? []).map((name) => [name, false]));
      const switches = { pptp: true, l2tp: true, ipsec: true, ...off };
      const [situation, profile] = [situationOf(shown.situation)!, profileOf(shown.profile)!];
      expect(judge(run(experimentOf(situation, profile, switches))).code).toBe(shown.finds);
    });
  },
);

test('each has an id of its own', () => {
  expect(new Set(MYTHS.map(({ id }) => id)).size).toBe(MYTHS.length);
});
