import { expect, test } from 'vitest';
import { explain, ranked } from '../../src/explain/reasons.ts';
import type { InvalidWhy, Reason, RouterAnswer, TupleView } from '../../src/router/reason.ts';
import { ipv4 } from '../../src/wire/address.ts';

const laptop = { address: ipv4('192.168.1.10'), key: 40000 };
const outside = { address: ipv4('203.0.113.1'), key: 40000 };
const server = { address: ipv4('198.51.100.10'), key: 1723 };
const original: TupleView = { protocol: 6, source: laptop, destination: server };
const reply: TupleView = { protocol: 6, source: server, destination: outside };

/** One of each code; the type asks for every one of them. */
const samples: { readonly [Code in Reason['code']]: Extract<Reason, { code: Code }> } = {
  'entry-created': { code: 'entry-created', entry: 7, original, reply },
  'entry-matched': { code: 'entry-matched', entry: 7, direction: 'reply' },
  'expectation-matched': { code: 'expectation-matched', entry: 8, master: 7 },
  'source-translated': { code: 'source-translated', from: laptop, to: outside },
  'destination-translated': { code: 'destination-translated', from: outside, to: laptop },
  'port-kept': { code: 'port-kept', port: 40000 },
  'port-reused': { code: 'port-reused', from: 5000, to: 26645 },
  'port-drawn': { code: 'port-drawn', from: 500, to: 319, low: 1, high: 511, how: 'by-chance', because: 'taken' },
  'call-id-rewritten': {
    code: 'call-id-rewritten',
    helper: 'nf-pptp',
    message: 'Outgoing-Call-Request',
    from: 13330,
    to: 35752,
  },
  'call-id-restored': {
    code: 'call-id-restored',
    helper: 'pptp',
    message: 'Outgoing-Call-Reply',
    from: 35752,
    to: 13330,
  },
  'call-id-kept': { code: 'call-id-kept', helper: 'pptp', message: 'Outgoing-Call-Request', callId: 7 },
  'mapping-admitted': { code: 'mapping-admitted', entry: 7, remote: server },
  'expectation-made': { code: 'expectation-made', callId: 13330, peerCallId: 128 },
  'answers-taken': { code: 'answers-taken', protocol: 50, from: laptop.address, to: ipv4('192.168.1.11') },
  'newest-gets-it': { code: 'newest-gets-it', protocol: 115, owner: ipv4('192.168.1.11'), rival: laptop.address },
  'host-owns': { code: 'host-owns', protocol: 17, remote: server.address, key: 500 },
  'passed-raw': { code: 'passed-raw', why: 'unknown-call', callId: 7 },
  'call-completed': { code: 'call-completed', callId: 256, owner: laptop.address },
  'call-forgotten': {
    code: 'call-forgotten',
    entry: 9,
    why: 'disconnected',
    callId: 7,
    owner: laptop.address,
    client: ipv4('192.168.1.11'),
  },
  'quote-checksum-wrong': { code: 'quote-checksum-wrong', because: 'port' },
  'pieces-noted': { code: 'pieces-noted', datagram: 4660, host: laptop.address },
  'piece-matched': { code: 'piece-matched', datagram: 4660, host: laptop.address },
  'piece-unchecked': { code: 'piece-unchecked' },
  'helper-attached': { code: 'helper-attached', helper: 'nf-pptp' },
  'helper-missed': { code: 'helper-missed', helper: 'nf-pptp', because: 'split-message' },
  'id-split': { code: 'id-split', id: 'call-id', message: 'Outgoing-Call-Request' },
  'id-evicted': { code: 'id-evicted', id: 'spi', value: 0xc1c1c1c1, owner: laptop.address, limit: 16_384 },
  'id-noted': { code: 'id-noted', id: 'cookie', value: '0102030405060708', owner: laptop.address, port: 500 },
  'id-matched': { code: 'id-matched', id: 'session-id', value: 0xfffffffe, owner: laptop.address },
  'id-adopted': { code: 'id-adopted', id: 'spi', value: 0x1001, owner: laptop.address, how: 'first-in-table' },
  'host-chosen': { code: 'host-chosen', helper: 'realtek-l2tp', by: 'last-caller', host: laptop.address },
  'port-forced': { code: 'port-forced', helper: 'broadcom-ike', from: 1, to: 500 },
  'alg-full': { code: 'alg-full', helper: 'broadcom-ike', limit: 8 },
  'id-unknown': { code: 'id-unknown', id: 'connection-id', value: 0xdeadbeef },
  'id-rewritten': { code: 'id-rewritten', id: 'tunnel-id', message: 'SCCRQ', from: 5, to: 60_000 },
  'id-restored': { code: 'id-restored', id: 'tunnel-id', message: 'SCCRP', from: 60_000, to: 5 },
  'id-unreadable': { code: 'id-unreadable', id: 'tunnel-id', so: 'other-port' },
  'id-taken': {
    code: 'id-taken',
    id: 'cookie',
    value: '0102030405060708',
    owner: laptop.address,
    client: ipv4('192.168.1.11'),
    so: 'other-port',
  },
  'held-back': {
    code: 'held-back',
    id: 'spi',
    value: 0xc2c2c2c2,
    owner: laptop.address,
    client: ipv4('192.168.1.11'),
  },
  'entry-evicted': { code: 'entry-evicted', entry: 3, idle: 12.4, limit: 16_384 },
  'out-of-order': { code: 'out-of-order', helper: 'pptp' },
  'icmp-error-related': { code: 'icmp-error-related', entry: 7, direction: 'original' },
  'untracked-invalid': { code: 'untracked-invalid', why: 'checksum' },
  'not-translated': { code: 'not-translated' },
  reassembled: { code: 'reassembled', pieces: 3 },
  refragmented: { code: 'refragmented', pieces: 3, because: 'came-in-pieces' },
  'bad-ip-header': { code: 'bad-ip-header', why: 'checksum' },
  'bad-ip-option': { code: 'bad-ip-option', offset: 22 },
  'too-short-to-translate': { code: 'too-short-to-translate', protocol: 17 },
  'waiting-for-fragments': { code: 'waiting-for-fragments', have: 1 },
  'fragments-discarded': { code: 'fragments-discarded', why: 'overlap' },
  'ttl-expired': { code: 'ttl-expired' },
  'too-big': { code: 'too-big', mtu: 1400, length: 1500 },
  'no-route': { code: 'no-route', destination: server.address },
  martian: { code: 'martian', address: ipv4('127.0.0.1') },
  'blocked-by-rule': { code: 'blocked-by-rule', rule: 'wan drop', chain: 'input' },
  'tuple-clash': { code: 'tuple-clash', protocol: 50, owner: laptop.address, client: ipv4('192.168.1.11') },
  'no-port': { code: 'no-port', protocol: 47 },
  untranslatable: { code: 'untranslatable' },
  'ports-used-up': { code: 'ports-used-up', low: 50_001, high: 65_535 },
  'addressed-to-router': { code: 'addressed-to-router', unknownFlow: true },
  'nobody-listens': { code: 'nobody-listens', answer: 'protocol-unreachable' },
  'icmp-error-unmatched': { code: 'icmp-error-unmatched' },
  'checksum-wrong': { code: 'checksum-wrong', protocol: 17 },
  'table-full': { code: 'table-full', limit: 262_144 },
};

test.each(Object.values(samples))('$code is said in whole sentences, to both readers, with a source', (reason) => {
  for (const about of [undefined, { protocol: 6 }, { protocol: 1 }, { protocol: 47, callId: 7, helper: false }]) {
    const { short, student, engineer, source } = explain(reason, about);
    for (const text of [student, engineer]) {
      expect(text).toMatch(/^[\p{L}#“\d].*\.$/u);
      expect(text).not.toMatch(/undefined|NaN|\[object|\d{9,}/);
    }
    expect(short).toMatch(/^\S.{2,26}\S$/);
    expect(source).toMatch(/RFC \d+|Linux: |FreeBSD: /);
    expect(student.length, student).toBeLessThan(260);
  }
});

test.each(Object.values(samples))('$code is told to students of laptops, in no words of the trade', (reason) => {
  for (const protocol of [1, 6, 17, 47, 50])
    expect(explain(reason, { protocol }).student).not.toMatch(
      /\b(computer|client|host|node|tuple|conntrack|netfilter|libalias|mapping|masquerad\w*|SNAT|DNAT)s?\b/i,
    );
});

test('every reason why a packet is invalid, and every answer, has words of its own', () => {
  const whys: readonly InvalidWhy[] = ['checksum', 'truncated', 'length', 'tcp-flags', 'tcp-window', 'tcp-state'];
  expect(new Set(whys.map((why) => explain({ code: 'untracked-invalid', why }).student)).size).toBe(whys.length);
  const answers: readonly RouterAnswer[] = ['tcp-reset', 'port-unreachable', 'protocol-unreachable', 'none'];
  expect(new Set(answers.map((answer) => explain({ code: 'nobody-listens', answer }).student)).size).toBe(
    answers.length,
  );
});

test('GRE that nobody expects is explained by its Call ID and by the switch that is off', () => {
  const reason = samples['addressed-to-router'];
  const said = explain(reason, { protocol: 47, callId: 4445, helper: false }).student;
  expect(said).toContain('Call ID 4445');
  expect(said).toContain('with PPTP passthrough off, did not read');
  // With the helper on the entry may have run out: then "did not read" would be untrue.
  expect(explain(reason, { protocol: 47, callId: 4445, helper: true }).student).not.toContain('passthrough off');
  expect(explain(reason, { protocol: 17 }).student).not.toContain('GRE');
});

test('at a router that tells GRE apart by addresses it is a laptop’s own GRE that is missing, not a Call ID', () => {
  const reason = samples['addressed-to-router'];
  for (const about of [{ callId: 7, helper: false }, {}]) {
    const { student, engineer } = explain(reason, { protocol: 47, greByAddresses: true, ...about });
    expect(student).toContain('no GRE of a laptop with this server');
    expect(`${student} ${engineer}`).not.toContain('Call ID');
  }
  expect(explain(reason, { protocol: 47, greByAddresses: true, greSent: false }).student).toContain(
    'no laptop has sent GRE to this server yet',
  );
  expect(
    explain({ code: 'addressed-to-router', unknownFlow: true, by: 'libalias' }, { protocol: 47, greByAddresses: true }),
  ).toMatchObject({
    student: expect.stringContaining('by addresses alone'),
    source: expect.stringContaining('libalias'),
  });
});

test('what a server’s own packets have taken is not told as taken by a laptop', () => {
  const clash = { ...samples['tuple-clash'], owner: server.address } as const;
  expect(explain(clash, { protocol: 50, destination: server.address }).student).toContain('sent first');
  expect(explain(samples['tuple-clash'], { protocol: 50, destination: server.address }).student).toContain(
    'one laptop',
  );
});

test('a rule that a passthrough switch makes is told by the switch, any other is a rule', () => {
  const said = (rule: string) => explain({ code: 'blocked-by-rule', rule, chain: 'forward' }).student;
  expect(said('ipsec-passthrough-off: udp dport 4500')).toBe(
    'With IPsec passthrough off, a rule of this router drops UDP 4500.',
  );
  expect(said('pptp-passthrough-off: GRE')).toBe('With PPTP passthrough off, a rule of this router drops GRE.');
  expect(said('policy')).toBe('A firewall rule of the router forbids this packet.');
});

test('where there are several routers, the one that puts the address back is named', () => {
  const reason = samples['destination-translated'];
  expect(explain(reason, { protocol: 6 }).student).toMatch(
    /^The router puts the inside address back: this packet is for /,
  );
  expect(explain(reason, { protocol: 6, router: 'Provider’s NAT' }).student).toMatch(
    /^Provider’s NAT puts the inside address back: the packet goes on to /,
  );
});

test('a GRE packet that goes out keeps its Call ID, so only its address is said to change', () => {
  const reason = { ...samples['source-translated'], from: { ...laptop, key: 13330 }, to: { ...outside, key: 35752 } };
  expect(explain(reason, { protocol: 47 }).engineer).not.toContain('13330');
  expect(explain(reason, { protocol: 6 }).engineer).toContain('port 13330 → 35752');
});

test('an ICMP echo has an identifier, not a port', () => {
  expect(explain(samples['port-drawn'], { protocol: 1 }).student).toContain('identifier 500');
});

test('what decides comes before what goes without saying', () => {
  const codes = (...reasons: Reason[]) => ranked(reasons).map(({ code }) => code);
  expect(codes(samples['entry-matched'], samples['source-translated'], samples['call-id-rewritten'])[0]).toBe(
    'call-id-rewritten',
  );
  expect(codes(samples['entry-created'], samples['nobody-listens'], samples['addressed-to-router'])).toEqual([
    'addressed-to-router',
    'nobody-listens',
    'entry-created',
  ]);
  expect(codes(samples['entry-created'], samples['tuple-clash'])[0]).toBe('tuple-clash');
});

test('what is hidden, sealed or encrypted cannot be rewritten, and the words say so', () => {
  const hidden = explain(samples['id-unreadable']);
  expect(hidden.student).toMatch(/hidden: only the two ends can read it/);
  expect(hidden.engineer).toMatch(/neither read nor changed/);
  const sealed = explain(samples['id-taken']);
  expect(sealed.student).toMatch(/cannot be changed without the server noticing/);
  expect(sealed.engineer).toMatch(/integrity check/);
  expect(explain(samples['id-adopted']).engineer).toMatch(/inside IKE, where no router can read it/);
});
