/** Each knob of RFC 4787, 5382 and 5508, and each of its positions, by what goes in and what comes out. */
import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import type { EndpointDependence, NatBehaviour } from '../../src/router/config.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { A, B, type Bench, datagram, packet, routerOf, S, S2, WAN } from './bench.ts';

const REFERENCE = textbook.core.nat as NatBehaviour;
const DEPENDENCES: readonly EndpointDependence[] = [
  'endpoint-independent',
  'address-dependent',
  'address-and-port-dependent',
];

const natOf = (changes: Partial<NatBehaviour>): Bench => routerOf(textbook, {}, { nat: { ...REFERENCE, ...changes } });

/** A first packet from one end to another. */
type Opening = (source: number, port: number, to: number, toPort: number) => Uint8Array;

const udp: Opening = (source, port, to, toPort) => datagram(source, port, to, toPort, new Uint8Array(4));

const syn: Opening = (source, sourcePort, destination, destinationPort) => {
  const fields = { sourcePort, destinationPort, sequence: 1, flags: tcp.SYN, window: 9000 };
  return packet(source, destination, tcp.PROTOCOL, tcp.encode(fields, { source, destination }));
};

/** A ping has an identifier for its port, and its far end has none. */
const ping: Opening = (source, identifier, to) =>
  packet(
    source,
    to,
    icmp.PROTOCOL,
    icmp.encode({ kind: 'echo-request', identifier, sequence: 1, data: new Uint8Array(0) }),
  );

/** The outside port or identifier of what leaves, undefined if nothing does. */
const sent = (lab: Bench, opening: Uint8Array): number | undefined => {
  const seen = lab.send(opening);
  if (seen?.on !== 'wan' || seen.source !== WAN) return undefined;
  return u16(seen.payload, seen.protocol === icmp.PROTOCOL ? 4 : 0);
};

/** Who inside gets a packet from there: the address's last byte and the port; undefined if nobody does. */
const reaches = (lab: Bench, from: number, fromPort: number, port: number, by: Opening = udp) => {
  const seen = lab.send(by(from, fromPort, WAN, port));
  return seen?.on === 'lan' ? [seen.destination & 255, u16(seen.payload, 2)] : undefined;
};

describe('mapping (RFC 4787 §4.1, REQ-1; RFC 5382 REQ-1; RFC 5508 REQ-1a)', () => {
  /** What B:5000 shows to S:1, S:2 and S2:1 while A has the outside port 5000 toward all of them. */
  const shown = (mapping: EndpointDependence, opening: Opening) => {
    const lab = natOf({ mapping });
    sent(lab, opening(A, 5000, S, 9));
    return [opening(B, 5000, S, 1), opening(B, 5000, S, 2), opening(B, 5000, S2, 1)].map((each) => sent(lab, each));
  };
  /** Which of the three are the same as the first. */
  const SAME: Readonly<Record<EndpointDependence, readonly boolean[]>> = {
    'endpoint-independent': [true, true, true],
    'address-dependent': [true, true, false],
    'address-and-port-dependent': [true, false, false],
  };

  describe.each([
    ['UDP', udp],
    ['TCP', syn],
  ] as const)('%s', (_, opening) => {
    test.each(DEPENDENCES)('%s: one outside port for remotes that count as the same, others for others', (mapping) => {
      const ports = shown(mapping, opening);
      expect(ports.map((port) => port === ports[0])).toEqual(SAME[mapping]);
    });
  });

  test('a ping’s identifier depends on the remote address where ports would, and never on a port', () => {
    const differs = DEPENDENCES.map((mapping) => {
      const [one, again, other] = shown(mapping, ping);
      return [one === again, one === other];
    });
    expect(differs).toEqual([
      [true, true],
      [true, false],
      [true, false],
    ]);
  });
});

describe('filtering (RFC 4787 §5, REQ-8; RFC 5382 REQ-3)', () => {
  /** Who gets in to A:5000, which has spoken to S:1 only: S:1 itself, S from another port, S2. */
  const admitted = (filtering: EndpointDependence, opening: Opening) =>
    [
      [S, 1],
      [S, 2],
      [S2, 1],
    ].map(([from, port]) => {
      const lab = natOf({ filtering });
      sent(lab, opening(A, 5000, S, 1));
      return reaches(lab, from!, port!, 5000, opening) !== undefined;
    });

  test.each([
    ['endpoint-independent', 'everybody', [true, true, true]],
    ['address-dependent', 'that host', [true, true, false]],
    ['address-and-port-dependent', 'that end of that host', [true, false, false]],
  ] as const)('%s lets in %s', (filtering, _, expected) => {
    expect(admitted(filtering, udp)).toEqual(expected);
    expect(admitted(filtering, syn)).toEqual(expected);
  });

  test('whoever is let in reaches the inside end, and its answer leaves by the same outside port', () => {
    const lab = natOf({});
    sent(lab, udp(A, 5000, S, 1));
    expect(reaches(lab, S2, 77, 5000)).toEqual([10, 5000]);
    expect(sent(lab, udp(A, 5000, S2, 77))).toBe(5000);
  });
});

describe('port assignment (RFC 4787 §4.2.1)', () => {
  test('preserve: a port that is free is kept, one that is taken is not (REQ-3)', () => {
    const lab = natOf({ ports: 'preserve' });
    expect(sent(lab, udp(A, 5000, S, 1))).toBe(5000);
    expect(sent(lab, udp(B, 5000, S2, 1))).not.toBe(5000);
    expect(lab.reason('port-drawn')).toMatchObject({ because: 'taken' });
  });

  test('random: no port is kept, and a hundred flows show no order', () => {
    const lab = natOf({ ports: 'random' });
    const ports = Array.from({ length: 100 }, (_, i) => sent(lab, udp(A, 5000 + i, S, 1))!);
    expect(lab.reason('port-drawn')).toMatchObject({ because: 'always', how: 'by-chance' });
    const rises = ports.filter((port, i) => port > ports[i - 1]!).length;
    expect([rises > 20, rises < 80, new Set(ports).size]).toEqual([true, true, 100]);
  });

  test('sequential: one after the other, and a privileged port for a privileged one (REQ-3a)', () => {
    const lab = natOf({ ports: 'sequential', parity: false });
    expect([udp(A, 500, S, 500), udp(B, 500, S, 500)].map((each) => sent(lab, each))).toEqual([1, 2]);
    expect(sent(lab, udp(A, 5000, S, 500))).toBe(1026);
  });

  test('a range that is given holds for every port, privileged or not', () => {
    const lab = natOf({ ports: 'random', portRange: [2000, 2009] });
    for (const port of [500, 1701, 5000, 65_535]) {
      const outside = sent(lab, udp(A, port, S, 1))!;
      expect(outside >= 2000 && outside <= 2009).toBe(true);
    }
  });

  test('with every port in use a new flow ends at the router, and nobody’s mapping is taken (RFC 6888 REQ-11)', () => {
    const lab = natOf({ ports: 'random', portRange: [2000, 2003], parity: false });
    for (const port of [1, 2, 3, 4]) expect(sent(lab, udp(A, 5000 + port, S, 1))).toBeDefined();
    expect(sent(lab, udp(B, 5000, S2, 1))).toBeUndefined();
    expect(lab.reason('ports-used-up')).toEqual({ code: 'ports-used-up', low: 2000, high: 2003 });
    expect(lab.router.entries(lab.now).map((each) => each.original.source.key)).toEqual([5001, 5002, 5003, 5004]);
  });
});

describe('port parity (RFC 4787 §4.2.2, REQ-4)', () => {
  /** Whether the outside port of each of 20 taken UDP ports is even exactly where the inside one is. */
  const kept = (parity: boolean, opening: Opening = udp) => {
    const lab = natOf({ ports: 'random', parity });
    return Array.from({ length: 20 }, (_, i) => ((sent(lab, opening(A, 5000 + i, S, 1))! ^ i) & 1) === 0);
  };

  test('on: even stays even, odd stays odd', () => {
    expect(kept(true)).not.toContain(false);
  });

  test('off: chance decides', () => {
    expect(new Set(kept(false))).toEqual(new Set([true, false]));
  });

  test('is a matter of UDP: TCP ports are drawn without it', () => {
    expect(new Set(kept(true, syn))).toEqual(new Set([true, false]));
  });
});

describe('port overloading (RFC 4787 REQ-3, RFC 5382 REQ-7; allowed by RFC 7857 §3)', () => {
  const strict = { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' } as const;

  test.each([
    ['UDP', udp],
    ['TCP', syn],
  ] as const)('off: two inside ends never show one outside port, whatever the remotes (%s)', (_, opening) => {
    const lab = natOf({ ...strict, overloading: false });
    expect(sent(lab, opening(A, 5000, S, 1))).toBe(5000);
    expect(sent(lab, opening(B, 5000, S2, 1))).not.toBe(5000);
  });

  test('on: they may, toward different remotes, and each gets its own answers', () => {
    const lab = natOf({ ...strict, overloading: true });
    expect([sent(lab, udp(A, 5000, S, 1)), sent(lab, udp(B, 5000, S2, 1))]).toEqual([5000, 5000]);
    expect([reaches(lab, S, 1, 5000), reaches(lab, S2, 1, 5000)]).toEqual([
      [10, 5000],
      [11, 5000],
    ]);
    expect(sent(lab, udp(B, 5000, S, 1))).not.toBe(5000);
  });
});

describe('refresh (RFC 4787 §4.3, REQ-6)', () => {
  /** Whether S still reaches A at 400 s, with a timer of 300 s and one packet at 200 s. */
  const alive = (refresh: NatBehaviour['refresh'], from: 'inside' | 'outside') => {
    const lab = natOf({ refresh });
    sent(lab, udp(A, 5000, S, 1));
    lab.now = 200;
    if (from === 'inside') sent(lab, udp(A, 5000, S, 1));
    else reaches(lab, S, 1, 5000);
    lab.now = 400;
    return reaches(lab, S, 1, 5000) !== undefined;
  };

  test('both: what leaves keeps a mapping alive, and so does what comes in (REQ-6a)', () => {
    expect([alive('both', 'inside'), alive('both', 'outside')]).toEqual([true, true]);
  });

  test('outbound: only what leaves does', () => {
    expect([alive('outbound', 'inside'), alive('outbound', 'outside')]).toEqual([true, false]);
  });

  test('whoever was let in keeps the mapping open to others as well, as far as the knob says', () => {
    const open = (refresh: NatBehaviour['refresh']) => {
      const lab = natOf({ refresh });
      sent(lab, udp(A, 5000, S, 1));
      for (lab.now = 200; lab.now <= 1000; lab.now += 200) reaches(lab, S2, 77, 5000);
      return reaches(lab, S2, 78, 5000) !== undefined;
    };
    expect([open('both'), open('outbound')]).toEqual([true, false]);
  });
});

describe('protocols without ports', () => {
  const esp = (source: number, destination: number) => packet(source, destination, 50, new Uint8Array(16));
  const owner = (portless: NatBehaviour['portless']) => {
    const lab = natOf({ portless });
    const leaves = [A, B].map((client) => lab.send(esp(client, S)) !== undefined);
    return [...leaves, lab.send(esp(S, WAN))?.destination];
  };

  test('are refused, carried for their first owner, or given to whoever sent last', () => {
    expect(owner('drop')).toEqual([false, false, undefined]);
    expect(owner('first-owner')).toEqual([true, false, A]);
    expect(owner('newest-owner')).toEqual([true, true, B]);
  });
});

describe('what belongs to no flow and can open none', () => {
  const broken = () => {
    const bytes = udp(A, 5000, S, 1).slice();
    bytes[27]! ^= 1;
    return bytes;
  };

  test('leaves as it is where it is forwarded, with its private address', () => {
    expect(natOf({ invalid: 'forward' }).send(broken())?.source).toBe(A);
  });

  test('ends at the router where it is dropped, with a reason', () => {
    const lab = natOf({ invalid: 'drop' });
    expect(lab.send(broken())).toBeUndefined();
    expect(lab.codes).toContain('untranslatable');
  });
});
