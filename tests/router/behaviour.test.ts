import { describe, expect, test } from 'vitest';
import { u16 } from '../../src/lib/bytes.ts';
import type { NatBehaviour } from '../../src/router/config.ts';
import { linuxConfig } from '../../src/router/profiles/linux.ts';
import { textbook } from '../../src/router/profiles/textbook.ts';
import { Router } from '../../src/router/router.ts';
import { formatIpv4, ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';

const [A, B, S1, S2] = ['192.168.1.10', '192.168.1.11', '198.51.100.10', '198.51.100.20'].map(ipv4) as [
  number,
  number,
  number,
  number,
];
const WAN = ipv4('203.0.113.1');
const REFERENCE = textbook.core.nat as NatBehaviour;

function natOf(changes: Partial<NatBehaviour>): Router {
  return new Router({ ...linuxConfig(), ...textbook.core, nat: { ...REFERENCE, ...changes } });
}

const packet = (source: number, sourcePort: number, destination: number, destinationPort: number) =>
  ip.encode({
    source,
    destination,
    protocol: 17,
    payload: udp.encode({ sourcePort, destinationPort, payload: new Uint8Array(4) }, { source, destination }),
  });

/** The source port that leaves, or undefined. */
const sent = (router: Router, source: number, port: number, to: number, toPort: number, at = 0) => {
  const { out } = router.receive('lan', packet(source, port, to, toPort), at);
  return out[0] && out[0].on === 'wan' ? u16(out[0].packet, 20) : undefined;
};

/** Who inside gets a packet from there, as "address:port"; undefined if nobody does. */
const reaches = (router: Router, from: number, fromPort: number, port: number, at = 0) => {
  const { out } = router.receive('wan', packet(from, fromPort, WAN, port), at);
  const found = out.find((each) => each.on === 'lan')?.packet;
  return found && `${formatIpv4(((u16(found, 16) << 16) | u16(found, 18)) >>> 0)}:${u16(found, 22)}`;
};

describe('mapping (RFC 4787 §4.1)', () => {
  /** Outside ports toward S1:1, S1:2 and S2:1 of an end whose own port another end has taken. */
  const ports = (mapping: NatBehaviour['mapping']) => {
    const router = natOf({ mapping });
    sent(router, A, 5000, S1, 9);
    return [sent(router, B, 5000, S1, 1), sent(router, B, 5000, S1, 2), sent(router, B, 5000, S2, 1)];
  };

  test('endpoint-independent: one outside port toward everybody', () => {
    expect(new Set(ports('endpoint-independent')).size).toBe(1);
  });

  test('address-dependent: one outside port for each remote address', () => {
    const [one, two, other] = ports('address-dependent');
    expect([one === two, one === other]).toEqual([true, false]);
  });

  test('address-and-port-dependent: an outside port for each remote end', () => {
    expect(new Set(ports('address-and-port-dependent')).size).toBe(3);
  });
});

describe('filtering (RFC 4787 §5)', () => {
  const admitted = (filtering: NatBehaviour['filtering']) => {
    const router = natOf({ filtering });
    sent(router, A, 5000, S1, 1);
    return [reaches(router, S1, 1, 5000), reaches(router, S1, 2, 5000), reaches(router, S2, 1, 5000)].map(Boolean);
  };

  test('endpoint-independent lets everybody in, address-dependent that host, address-and-port-dependent that end', () => {
    expect(admitted('endpoint-independent')).toEqual([true, true, true]);
    expect(admitted('address-dependent')).toEqual([true, true, false]);
    expect(admitted('address-and-port-dependent')).toEqual([true, false, false]);
  });

  test('whoever is let in reaches the inside end, and its answer leaves by the same outside port', () => {
    const router = natOf({});
    sent(router, A, 5000, S1, 1);
    expect(reaches(router, S2, 77, 5000)).toBe('192.168.1.10:5000');
    expect(sent(router, A, 5000, S2, 77)).toBe(5000);
  });
});

describe('port assignment (RFC 4787 §4.2)', () => {
  test('without overloading two inside ends never show one outside port, whatever the remotes', () => {
    const router = natOf({});
    expect(sent(router, A, 5000, S1, 1)).toBe(5000);
    expect(sent(router, B, 5000, S2, 1)).not.toBe(5000);
  });

  test('with overloading they may, toward different remotes', () => {
    const router = natOf({
      overloading: true,
      mapping: 'address-and-port-dependent',
      filtering: 'address-and-port-dependent',
    });
    expect([sent(router, A, 5000, S1, 1), sent(router, B, 5000, S2, 1)]).toEqual([5000, 5000]);
    expect(sent(router, B, 5000, S1, 1)).not.toBe(5000);
  });

  test('a privileged port is replaced by a privileged one, sequentially where asked', () => {
    const router = natOf({ ports: 'sequential', parity: false });
    expect(sent(router, A, 500, S1, 500)).toBe(1);
    expect(sent(router, B, 500, S1, 500)).toBe(2);
    expect(sent(router, A, 5000, S1, 500)).toBe(1026);
  });
});

test('refresh (§4.3): with outbound refresh alone, answers do not keep a mapping alive', () => {
  const both = natOf({ refresh: 'both' });
  const outbound = natOf({ refresh: 'outbound' });
  for (const router of [both, outbound]) {
    sent(router, A, 5000, S1, 1, 0);
    reaches(router, S1, 1, 5000, 200);
  }
  expect([reaches(both, S1, 1, 5000, 400), reaches(outbound, S1, 1, 5000, 400)]).toEqual([
    '192.168.1.10:5000',
    undefined,
  ]);
});

test('hairpinning (§6): an inside end reaches another by its outside address, and shows its own outside address', () => {
  const router = natOf({});
  sent(router, A, 5000, S1, 1);
  sent(router, B, 6000, S1, 1);
  const { out } = router.receive('lan', packet(B, 6000, WAN, 5000), 0);
  expect(
    out.map((each) => [
      each.on,
      formatIpv4(((u16(each.packet, 12) << 16) | u16(each.packet, 14)) >>> 0),
      u16(each.packet, 20),
      u16(each.packet, 22),
    ]),
  ).toEqual([['lan', '203.0.113.1', 6000, 5000]]);
  expect(
    natOf({ hairpinning: false })
      .receive('lan', packet(B, 6000, WAN, 5000), 0)
      .out.filter((each) => !each.own),
  ).toEqual([]);
});

describe('protocols without ports', () => {
  const esp = (source: number) => ip.encode({ source, destination: S1, protocol: 50, payload: new Uint8Array(16) });
  const answer = ip.encode({ source: S1, destination: WAN, protocol: 50, payload: new Uint8Array(16) });
  const owner = (portless: NatBehaviour['portless']) => {
    const router = natOf({ portless });
    const sentBy = [A, B].map((client) => router.receive('lan', esp(client), 0).verdict);
    const got = router.receive('wan', answer, 0).out.find((each) => each.on === 'lan')?.packet;
    return [...sentBy, got?.[19]];
  };

  test('are refused, carried for their first owner, or given to whoever sent last', () => {
    expect(owner('drop')).toEqual(['dropped', 'dropped', undefined]);
    expect(owner('first-owner')).toEqual(['forwarded', 'dropped', 10]);
    expect(owner('newest-owner')).toEqual(['forwarded', 'forwarded', 11]);
  });
});
