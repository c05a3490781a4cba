import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import type { Overlap } from '../../src/endpoints/ike-options.ts';
import { type L2tpIpsecClientOptions, l2tpIpsecClient } from '../../src/endpoints/l2tp-ipsec.ts';
import { u16 } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import { ADDRESS, ikeClient, ipsecLab, natBox, natLab } from '../support/ipsec-lab.ts';
import { l2tpIpsecServer } from '../support/l2tp-ipsec-server.ts';
import type { Lab } from '../support/two-hosts.ts';
import { DIAL_IN, USER } from '../support/vpn.ts';

interface Story {
  readonly call?: Partial<L2tpIpsecClientOptions['l2tp']>;
  readonly ike?: Partial<L2tpIpsecClientOptions>;
}

const client = (identity: string, { call = {}, ike = {} }: Story = {}) =>
  l2tpIpsecClient({ server: ADDRESS.server, identity, psk: 'open sesame', l2tp: { ...USER, ...call }, ...ike });
const server = (overlap?: Overlap) =>
  l2tpIpsecServer({ identity: 'vpn.example', psk: 'open sesame', l2tp: DIAL_IN, ...(overlap ? { overlap } : {}) });

/** Both laptops, the second ten seconds after the first, and then three minutes. */
function twoLaptops(overlap: Overlap, story: Story = {}): Lab {
  const lab = natLab({ a: client('laptop-a', story), b: client('laptop-b', story), server: server(overlap) });
  return lab.start('a').run(seconds(10)).start('b').run(seconds(180));
}

const calls = (lab: Lab) =>
  lab.phases.filter(({ host, session, status }) => host === 's' && session.startsWith('l2tp#') && status === 'up')
    .length;

describe('one laptop', () => {
  test('is up through a NAT once its pings inside PPP inside L2TP inside ESP inside UDP are answered', () => {
    const lab = natLab({ a: client('laptop-a'), server: server() })
      .start('a')
      .run(seconds(10));
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.symptoms).toEqual([]);
    expect(lab.phasesOf('a')).toContain('lcp');
  });

  test('nothing on the wire says L2TP: a router sees ports 500 and 4500 alone', () => {
    const lab = natLab({ a: client('laptop-a'), server: server() })
      .start('a')
      .run(seconds(10));
    const ports = new Set(lab.packets('a').map((packet) => u16(packet, 22)));
    expect([...ports]).toEqual([500, 4500]);
    const protocols = lab.packets().flatMap((packet) => dissect(packet).layers.map(({ protocol }) => protocol));
    expect(protocols).not.toContain('l2tp');
    expect(protocols).toContain('esp');
  });

  test('hanging up ends the call, then the tunnel, then the associations', () => {
    const lab = natLab({ a: client('laptop-a'), server: server() })
      .start('a')
      .run(seconds(10))
      .stop('a')
      .run(seconds(5));
    expect(lab.statusOf('a')).toBe('closed');
    expect(lab.phasesOf('s').slice(-2)).toEqual(['closed', 'laptop-a hung up']);
    expect(lab.symptoms).toEqual([]);
  });

  test('a wrong password is told in the words of L2TP, and leaves nothing behind', () => {
    const lab = natLab({ a: client('laptop-a', { call: { password: 'wrong' } }), server: server() });
    lab.start('a').run(seconds(20));
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a')).toMatchObject([{ system: 'windows', code: '691' }]);
    expect(lab.phaseOf('s')).toBe('laptop-a hung up');
  });

  test('a wrong shared key is the first negotiation going wrong: Windows calls it 789', () => {
    const lab = natLab({ a: client('laptop-a', { ike: { psk: 'open barley' } }), server: server() });
    lab.start('a').run(seconds(5));
    expect(lab.symptomsOf('a').map(({ code }) => code)).toEqual([undefined, '789']);
  });

  test.each([
    [500, '809'],
    [4500, '792'],
  ])('port %i blocked is error %s', (port, code) => {
    const box = natBox();
    const filter = (packet: Uint8Array) => (u16(packet, 22) === port ? undefined : box.filter(packet));
    const lab = ipsecLab({ a: client('laptop-a'), server: server() }, { filter })
      .start('a')
      .run(seconds(200));
    expect(lab.symptomsOf('a').at(-1)?.code).toBe(code);
  });

  test('the same server may serve tunnels beside it', () => {
    const both = l2tpIpsecServer({
      identity: 'vpn.example',
      psk: 'open sesame',
      l2tp: DIAL_IN,
      tunnel: { innerAddress: ADDRESS.inner },
    });
    const lab = natLab({ a: client('laptop-a'), b: ikeClient({ identity: 'laptop-b' }), server: both });
    lab.start('a').start('b').run(seconds(10));
    expect([lab.statusOf('a'), lab.statusOf('b')]).toEqual(['up', 'up']);
  });
});

describe('two laptops behind one address (RFC 3948 §5.2)', () => {
  test('newest: the second one works, and the answers for the first one go to the second', () => {
    const lab = twoLaptops('newest');
    expect(lab.statusOf('b')).toBe('up');
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('s')).toMatchObject([{ system: 'xl2tpd', text: /^Maximum retries exceeded for tunnel/ }]);
    expect(lab.symptomsOf('a')).toMatchObject([{ system: 'windows', code: '807' }]);
    // The NAT did its part: nothing was lost on the way.
    expect(lab.sent.every(({ passed }) => passed)).toBe(true);
  });

  test('newest: with ports of their own inside, which the selectors then tell, both work', () => {
    const lab = natLab({
      a: client('laptop-a', { call: { localPort: 40001 } }),
      b: client('laptop-b', { call: { localPort: 40002 } }),
      server: server('newest'),
    });
    lab.start('a').run(seconds(10)).start('b').run(seconds(180));
    expect([lab.statusOf('a'), lab.statusOf('b')]).toEqual(['up', 'up']);
  });

  test('refuse: the second one is turned away, the first one never notices', () => {
    const lab = twoLaptops('refuse');
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.symptomsOf('b')).toMatchObject([
      { system: 'strongswan', text: 'received TS_UNACCEPTABLE notify, no CHILD_SA built' },
      { system: 'windows', code: '789' },
    ]);
  });

  test('refuse: whoever comes back after a crash is not taken for a second one', () => {
    let cut = false;
    const box = natBox();
    const filter = (packet: Uint8Array) => (cut ? undefined : box.filter(packet));
    const lab = ipsecLab({ a: client('laptop-a'), server: server('refuse') }, { filter })
      .start('a')
      .run(seconds(5));
    cut = true;
    lab.stop('a').run(seconds(5));
    cut = false;
    lab.start('a').run(seconds(5));
    expect(lab.statusOf('a')).toBe('up');
  });

  test('connmark: works where the clients use ports of their own', () => {
    const lab = twoLaptops('connmark', { call: { localPort: 'ephemeral' } });
    expect([lab.statusOf('a'), lab.statusOf('b')]).toEqual(['up', 'up']);
    expect(lab.symptoms).toEqual([]);
  });

  test('newest: ephemeral ports alone do not help, since the selectors leave the port open', () => {
    const lab = twoLaptops('newest', { call: { localPort: 'ephemeral' } });
    expect([lab.statusOf('a'), lab.statusOf('b')]).toEqual(['failed', 'up']);
  });

  test('connmark: with port 1701 at both, what the server asks the first one goes to whoever spoke last', () => {
    // Half a minute after its link came up, the server asks laptop-a for an LCP echo; laptop-b spoke last.
    const asked = (overlap: Overlap) =>
      twoLaptops(overlap).sent.find(({ from, at }) => from === 's' && at > seconds(30) && at < seconds(30.5))!;
    expect(u16(asked('translate').packet, 22)).toBe(4500);
    expect(u16(asked('connmark').packet, 22)).toBeGreaterThan(60_000);
  });

  test('translate: with port 1701 at both, both work', () => {
    const lab = twoLaptops('translate');
    expect([lab.statusOf('a'), lab.statusOf('b')]).toEqual(['up', 'up']);
    expect(calls(lab)).toBe(2);
    expect(lab.symptoms).toEqual([]);
  });

  test('translate: a laptop that hangs up and comes back finds its way', () => {
    const lab = twoLaptops('translate');
    lab.stop('a').run(seconds(5)).start('a').run(seconds(60));
    expect([lab.statusOf('a'), lab.statusOf('b')]).toEqual(['up', 'up']);
  });
});
