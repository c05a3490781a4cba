import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { IkeServer } from '../../src/endpoints/ike-server.ts';
import type { ChecksumRule } from '../../src/endpoints/ipsec-checksum.ts';
import { UdpEchoClient, UdpEchoServer } from '../../src/endpoints/ipsec-udp-echo.ts';
import { ADDRESS, ikeClient, ikeServer, ipsecLab, natLab, type Parties } from '../support/ipsec-lab.ts';

const use = { mode: 'transport' } as const;

/** UDP to the echo service, in transport mode; each end mends checksums by its own rule. */
const echo = (client: ChecksumRule, server: ChecksumRule): Parties => ({
  a: ikeClient({ use, checksums: client, inside: () => [new UdpEchoClient(ADDRESS.server)] }),
  server: ikeServer({ checksums: server, transport: { inside: () => [new UdpEchoServer()] } }),
});

test('pings need no address: they work in transport mode with or without a NAT', () => {
  for (const lab of [ipsecLab({ a: ikeClient({ use }) }), natLab({ a: ikeClient({ use }) })]) {
    lab.start('a').run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.symptoms).toEqual([]);
  }
});

test('transport mode adds no second IP header', () => {
  const sizes = (parties: Parties) => {
    const lab = ipsecLab(parties).start('a').run(seconds(4));
    return lab.packets('a').find((packet) => packet[9] === 50)!.length;
  };
  expect(sizes({}) - sizes({ a: ikeClient({ use }) })).toBe(20);
});

describe('UDP inside, whose checksum covers the addresses', () => {
  test.each([['nat-oa'], ['recompute'], ['none']] as const)('without a NAT there is nothing to mend (%s)', (rule) => {
    const lab = ipsecLab(echo(rule, rule)).start('a').run(seconds(8));
    expect(lab.statusOf('a')).toBe('up');
  });

  test.each([['nat-oa'], ['recompute']] as const)('behind a NAT %s at both ends makes it work', (rule) => {
    const lab = natLab(echo(rule, rule)).start('a').run(seconds(8));
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.symptoms).toEqual([]);
  });

  test('a server that does not mend throws the datagrams away, and its counter says so', () => {
    const lab = natLab(echo('nat-oa', 'none')).start('a').run(seconds(8));
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('s')).toMatchObject([{ system: 'linux', code: 'InCsumErrors' }]);
    expect(lab.symptomsOf('s')[0]?.missing).toMatch(/covers the addresses from before the NAT/);
    expect(lab.symptomsOf('a')).toMatchObject([{ system: 'ping', text: '3 datagrams sent, 0 answered' }]);
  });

  test('a client that does not mend throws the answers away', () => {
    const lab = natLab(echo('none', 'nat-oa')).start('a').run(seconds(8));
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a')).toMatchObject([{ code: 'InCsumErrors' }, { system: 'ping' }]);
  });

  test('the original addresses are still known after the CHILD_SA is renewed, whoever asks for it', () => {
    for (const rekeying of ['client', 'server'] as const) {
      const watches = (who: string) => ({ rekey: who === rekeying ? seconds(0.5) : 0, deadPeer: 0 });
      const a = ikeClient({ use, watches: watches('client'), inside: () => [new UdpEchoClient(ADDRESS.server)] });
      const server = ikeServer({ watches: watches('server'), transport: { inside: () => [new UdpEchoServer()] } });
      const lab = natLab({ a, server }).start('a').run(seconds(8));
      expect(lab.statusOf('a')).toBe('up');
      expect(lab.symptoms).toEqual([]);
      expect(lab.secrets.filter(({ kind }) => kind === 'esp-sa').length).toBeGreaterThan(10);
    }
  });
});

test('two clients behind one address, both in transport mode: the first one hears nothing more', () => {
  const at = Array.from({ length: 20 }, (_, index) => seconds(index));
  const a = ikeClient({ use, echo: { target: ADDRESS.server, at } });
  const lab = natLab({ a, b: ikeClient({ use, identity: 'laptop-b' }) })
    .start('a')
    .run(seconds(5))
    .start('b')
    .run(seconds(10));
  expect(lab.statusOf('b')).toBe('up');
  expect(lab.statusOf('a')).toBe('failed');
});

test('a server that serves tunnels alone refuses transport mode', () => {
  const server = new IkeServer({
    identity: 'vpn.example',
    psk: 'open sesame',
    tunnel: { innerAddress: ADDRESS.inner },
  });
  const lab = natLab({ a: ikeClient({ use }), server })
    .start('a')
    .run(seconds(2));
  expect(lab.symptomsOf('a')).toMatchObject([{ text: /TS_UNACCEPTABLE/ }, { code: '13999' }]);
  expect(lab.phasesOf('s')).toContain('no CHILD_SA for laptop-a');
});

test('a server for one protocol narrows what a client asks for, and refuses another protocol', () => {
  const server = () => ikeServer({ transport: { protocol: 17, inside: () => [new UdpEchoServer()] } });
  const inside = () => [new UdpEchoClient(ADDRESS.server)];
  const lab = natLab({ a: ikeClient({ use, inside }), server: server() })
    .start('a')
    .run(seconds(8));
  expect(lab.statusOf('a')).toBe('up');
  const tcp = natLab({ a: ikeClient({ use: { ...use, protocol: 6 } }), server: server() })
    .start('a')
    .run(seconds(2));
  expect(tcp.statusOf('a')).toBe('failed');
});
