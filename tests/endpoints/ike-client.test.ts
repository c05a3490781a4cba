import { describe, expect, test } from 'vitest';
import { GROUP } from '../../src/endpoints/crypto/key-exchange.ts';
import { milliseconds, seconds } from '../../src/endpoints/endpoint.ts';
import { u16 } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import { ADDRESS, ikeClient, ikeServer, ipsecLab, natBox, natLab } from '../support/ipsec-lab.ts';
import type { Lab } from '../support/two-hosts.ts';

/** What a host put on the wire, by its layers: "ipv4 udp isakmp". */
const trains = (lab: Lab, from: string) =>
  lab.packets(from).map((packet) =>
    dissect(packet)
      .layers.filter(({ kind }) => kind === 'decoded')
      .map(({ protocol }) => protocol)
      .join(' '),
  );

const ports = (packet: Uint8Array) => `${u16(packet, 20)} → ${u16(packet, 22)}`;
const never = (): never => {
  throw new Error('no datagram');
};
const isUdp = (packet: Uint8Array) => packet[9] === 17;
const notifies = (packet: Uint8Array) =>
  JSON.stringify(dissect(packet).layers.at(-1)!.fields, (_, v) => (typeof v === 'bigint' ? String(v) : v));

describe('without a NAT', () => {
  test('IKE stays on port 500 and ESP travels bare', () => {
    const lab = ipsecLab({}).start('a').run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(trains(lab, 'a')).toEqual(['ipv4 udp isakmp', 'ipv4 udp isakmp', 'ipv4 esp', 'ipv4 esp', 'ipv4 esp']);
    expect(lab.packets('a').filter(isUdp).map(ports)).toEqual(['500 → 500', '500 → 500']);
  });

  test('no keepalives are sent', () => {
    const lab = ipsecLab({ a: ikeClient({ watches: { deadPeer: 0 } }) })
      .start('a')
      .run(seconds(100));
    expect(lab.packets('a')).toHaveLength(5);
  });

  test('both directions use the SPI that the receiver chose', () => {
    const lab = ipsecLab({}).start('a').run(seconds(4));
    const spis = (from: string) =>
      new Set(
        lab
          .packets(from)
          .filter((p) => p[9] === 50)
          .map((p) => u16(p, 20) * 65536 + u16(p, 22)),
      );
    expect(spis('a').size).toBe(1);
    expect(spis('s').size).toBe(1);
    expect([...spis('a')]).not.toEqual([...spis('s')]);
  });
});

describe('behind a NAT', () => {
  test('both ends move to port 4500 with IKE_AUTH, and ESP goes in UDP without a checksum', () => {
    const lab = natLab({}).start('a').run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.phasesOf('a')).toContain('local host is behind NAT, moving to port 4500');
    expect(trains(lab, 'a')).toEqual([
      'ipv4 udp isakmp',
      'ipv4 udp natt isakmp',
      'ipv4 udp natt esp',
      'ipv4 udp natt esp',
      'ipv4 udp natt esp',
    ]);
    expect(lab.packets('a').map(ports)).toEqual(['500 → 500', ...Array(4).fill('4500 → 4500')]);
    const sums = lab.packets('a').map((packet) => u16(packet, 26));
    expect(sums.map((sum) => sum === 0)).toEqual([false, false, true, true, true]);
  });

  test('a byte ff goes out after each 20 seconds of silence, and is not answered', () => {
    const lab = natLab({ a: ikeClient({ watches: { deadPeer: 0 } }) })
      .start('a')
      .run(seconds(90));
    const keepalives = lab.sent.filter(({ packet }) => packet.length === 29 && packet[28] === 0xff);
    expect(keepalives.map(({ at }) => at)).toEqual([22.04, 42.04, 62.04, 82.04].map(seconds));
    expect(keepalives.every(({ from }) => from === 'a')).toBe(true);
  });

  test('whoever has sent within 20 seconds sends no keepalive', () => {
    const at = Array.from({ length: 10 }, (_, index) => seconds(15 * index));
    const a = ikeClient({ echo: { target: ADDRESS.inner, at }, watches: { deadPeer: 0 } });
    const lab = natLab({ a }).start('a').run(seconds(140));
    expect(lab.packets('a').filter((packet) => packet.length === 29)).toEqual([]);
  });

  test('where the NAT gives a new port, the server follows the first packet that is authentic', () => {
    const box = natBox();
    const lab = natLab({ a: ikeClient({ watches: { deadPeer: seconds(45) } }) }, box)
      .start('a')
      .run(seconds(30));
    box.forget();
    lab.run(seconds(15));
    // The keepalive made a new mapping, but proves nothing: the server has not moved.
    expect(lab.phasesOf('s').join()).not.toContain('following');
    lab.run(seconds(30));
    expect(lab.phasesOf('s').at(-1)).toMatch(/^laptop-a moved, following it to port 610/);
    expect(lab.statusOf('a')).toBe('up');
  });

  test('a client behind a NAT does not follow the server about (RFC 7296 §2.23)', () => {
    const box = natBox();
    let moved = false;
    const filter = (packet: Uint8Array, from: string) => {
      const parsed = ipv4.parse(packet);
      if (!moved || from !== 's' || !parsed.ok) return box.filter(packet);
      const datagram = udp.parse(parsed.value.payload);
      const fields = { ...(datagram.ok ? datagram.value : never()), sourcePort: 4600 };
      return box.filter(ipv4.encode({ ...parsed.value, payload: udp.encode(fields, parsed.value) }));
    };
    const at = [0, 2, 3, 4].map(seconds);
    const lab = ipsecLab({ a: ikeClient({ echo: { target: ADDRESS.inner, at } }) }, { filter })
      .start('a')
      .run(seconds(1));
    moved = true;
    lab.run(seconds(8));
    expect(lab.statusOf('a')).toBe('up');
    expect(new Set(lab.packets('a').map(ports))).toEqual(new Set(['500 → 500', '4500 → 4500']));
  });

  test('without keepalives nothing reaches the client once the mapping is gone, until it speaks again', () => {
    const box = natBox();
    const watches = { keepalive: 0, deadPeer: 0 };
    const lab = natLab({ a: ikeClient({ watches }), server: ikeServer({ watches: { deadPeer: seconds(60) } }) }, box);
    lab.start('a').run(seconds(50));
    box.forget();
    lab.run(seconds(30));
    expect(lab.sent.filter(({ from, passed }) => from === 's' && !passed).length).toBeGreaterThan(1);
    expect(lab.packets('a')).toHaveLength(5);
  });

  test('two clients behind one address are told apart by their ports and get addresses of their own', () => {
    const lab = natLab({}).start('a').start('b').run(seconds(4));
    expect([lab.statusOf('a'), lab.statusOf('b')]).toEqual(['up', 'up']);
    expect(lab.phasesOf('a').join()).toContain('10.9.0.2');
    expect(lab.phasesOf('b').join()).toContain('10.9.0.3');
  });
});

describe('NAT traversal switched off', () => {
  test.each([
    ['at the client', { a: ikeClient({ natTraversal: false }) }],
    ['at the server', { server: ikeServer({ natTraversal: false }) }],
  ])('%s: port 500 throughout, and bare ESP', (_where, parties) => {
    const lab = natLab(parties).start('a').run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(trains(lab, 'a').slice(1, 3)).toEqual(['ipv4 udp isakmp', 'ipv4 esp']);
    expect(lab.packets('a').filter(isUdp).map(ports)).toEqual(['500 → 500', '500 → 500']);
  });

  test('the client then sends no NAT_DETECTION hashes, and the server none to a client without them', () => {
    const lab = natLab({ a: ikeClient({ natTraversal: false }) })
      .start('a')
      .run(seconds(1));
    for (const packet of lab.packets().slice(0, 2)) expect(notifies(packet)).not.toContain('NAT_DETECTION');
    expect(notifies(natLab({}).start('a').packets()[0]!)).toContain('NAT_DETECTION');
  });

  test('two clients: the second one takes all bare ESP that comes back', () => {
    const a = ikeClient({ natTraversal: false, echo: { target: ADDRESS.inner, at: [0, seconds(2), seconds(3)] } });
    const b = ikeClient({ natTraversal: false, identity: 'laptop-b' });
    const lab = natLab({ a, b }).start('a').run(seconds(1)).start('b').run(seconds(10));
    expect(lab.statusOf('b')).toBe('up');
    expect(lab.symptomsOf('b')).toMatchObject([{ system: 'linux', code: 'XfrmInNoStates' }]);
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a')).toMatchObject([
      { system: 'ping', text: '3 packets transmitted, 1 received, 67% packet loss' },
    ]);
  });
});

describe('ports', () => {
  test('a client may begin on 4500 at once, with or without a NAT', () => {
    for (const lab of [
      natLab({ a: ikeClient({ startOn4500: true }) }),
      ipsecLab({ a: ikeClient({ startOn4500: true }) }),
    ]) {
      lab.start('a').run(seconds(4));
      expect(lab.statusOf('a')).toBe('up');
      expect(lab.packets('a').filter(isUdp).map(ports)[0]).toBe('4500 → 4500');
    }
  });

  test('the server answers any source port', () => {
    const lab = ipsecLab({ a: ikeClient({ port: 40500, floatPort: 44500 }) })
      .start('a')
      .run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.packets('s').filter(isUdp).map(ports)).toEqual(['500 → 40500', '500 → 40500']);
  });
});

describe('when nobody answers', () => {
  test('a request is sent six times with the timing of strongSwan, and given up after 165 seconds', () => {
    const lab = ipsecLab({}, { filter: () => undefined })
      .start('a')
      .run(seconds(200));
    const times = lab.sent.map(({ at }) => Number((at / 1e6).toFixed(1)));
    expect(times).toEqual([0, 4, 11.2, 24.2, 47.5, 89.5]);
    expect(new Set(lab.packets().map((packet) => packet.subarray(28).join())).size).toBe(1);
    expect(lab.phases.at(-1)).toMatchObject({ host: 'a', status: 'failed', phase: 'no answer to IKE_SA_INIT' });
    expect(Number((lab.phases.at(-1)!.at / 1e6).toFixed(1))).toBe(165.1);
    expect(lab.symptomsOf('a')).toMatchObject([
      { system: 'strongswan', text: 'establishing IKE_SA failed, peer not responding' },
      { system: 'windows', code: '809', missing: 'no answer to IKE_SA_INIT from 203.0.113.10 within 165 s' },
    ]);
  });

  test('port 4500 blocked: the negotiation times out in IKE_AUTH', () => {
    const box = natBox();
    const filter = (packet: Uint8Array) => (u16(packet, 22) === 4500 ? undefined : box.filter(packet));
    const lab = ipsecLab({}, { filter }).start('a').run(seconds(200));
    expect(lab.symptomsOf('a').map(({ code }) => code)).toEqual([undefined, '13805']);
    expect(lab.phaseOf('a')).toBe('no answer to IKE_AUTH');
  });

  test('ESP blocked: the keys are there, but nothing comes through', () => {
    const filter = (packet: Uint8Array) => (packet[9] === 50 ? undefined : packet);
    const lab = ipsecLab({}, { filter }).start('a').run(seconds(10));
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a')).toMatchObject([
      {
        system: 'ping',
        text: '3 packets transmitted, 0 received, 100% packet loss',
        missing: 'no echo reply from 10.9.0.1: bare ESP (IP protocol 50) went out, nothing came back',
      },
    ]);
  });

  test('a server that vanishes is missed after 30 seconds of silence and given up 165 seconds later', () => {
    let gone = false;
    const lab = ipsecLab({}, { filter: (packet, from) => (gone && from === 's' ? undefined : packet) });
    lab.start('a').run(seconds(4));
    gone = true;
    lab.run(seconds(190));
    expect(lab.statusOf('a')).toBe('up');
    lab.run(seconds(20));
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a')).toMatchObject([
      { system: 'strongswan', text: 'giving up after 5 retransmits' },
      { system: 'windows', code: '807' },
    ]);
  });

  test('a lost answer costs four seconds, and the server answers the same bytes again', () => {
    let toLose = 1;
    const lab = ipsecLab({}, { filter: (packet, from) => (from === 's' && toLose-- > 0 ? undefined : packet) });
    lab.start('a').run(seconds(8));
    expect(lab.statusOf('a')).toBe('up');
    const [lost, again] = lab.packets('s');
    expect(again!.subarray(28).join()).toBe(lost!.subarray(28).join());
    expect(lab.phasesOf('s').filter((phase) => phase.startsWith('IKE_SA_INIT'))).toHaveLength(1);
    expect(lab.phasesOf('a')).toContain('retransmit 1 of IKE_SA_INIT request with message ID 0');
  });

  test('a wire that doubles every packet changes nothing', () => {
    const lab = natLab({}, natBox());
    const box = natBox();
    const doubled = ipsecLab(
      {},
      { filter: (packet) => [box.filter(packet), box.filter(packet)].filter((each) => each !== undefined) },
    );
    for (const each of [lab, doubled]) each.start('a').run(seconds(4));
    expect(doubled.phasesOf('a')).toEqual(lab.phasesOf('a'));
    expect(doubled.phasesOf('s')).toEqual(lab.phasesOf('s'));
    expect(doubled.symptomsOf('s')).toMatchObject([{ system: 'linux', code: 'XfrmInStateSeqError' }]);
  });
});

describe('refusals', () => {
  test('a wrong key at the client', () => {
    const lab = ipsecLab({ a: ikeClient({ psk: 'open barley' }) })
      .start('a')
      .run(seconds(4));
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a')).toMatchObject([
      { system: 'strongswan', text: 'received AUTHENTICATION_FAILED notify error' },
      { system: 'windows', code: '13801' },
    ]);
    expect(lab.phasesOf('s')).toContain('laptop-a could not prove who it is');
  });

  test('a server that is not who it should be', () => {
    const lab = ipsecLab({ a: ikeClient({ serverIdentity: 'other.example' }) })
      .start('a')
      .run(seconds(4));
    expect(lab.phaseOf('a')).toBe('vpn.example could not prove who it is');
    expect(lab.symptomsOf('a')[1]).toMatchObject({ code: '13801' });
  });

  test('no common cipher', () => {
    const lab = ipsecLab({ a: ikeClient({ ikeTransforms: ['chacha20-poly1305'] }) })
      .start('a')
      .run(seconds(4));
    expect(lab.symptomsOf('a')).toMatchObject([
      { text: 'received NO_PROPOSAL_CHOSEN notify error' },
      { system: 'windows', code: '13868' },
    ]);
  });

  test('selectors that the server does not serve', () => {
    const use = { mode: 'transport' } as const;
    const server = ikeServer({ transport: { protocol: 17, servicePort: 1701 } });
    const lab = ipsecLab({ a: ikeClient({ use: { ...use, protocol: 6 } }), server })
      .start('a')
      .run(seconds(4));
    expect(lab.symptomsOf('a')).toMatchObject([
      { text: 'received TS_UNACCEPTABLE notify, no CHILD_SA built' },
      { system: 'windows', code: '13999' },
    ]);
  });

  test('a group the server likes better is used on the second try', () => {
    const server = ikeServer({ groups: [GROUP.ecp256] });
    const lab = ipsecLab({ server }).start('a').run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(notifies(lab.packets('s')[0]!)).toContain('INVALID_KE_PAYLOAD');
  });

  test('a server under pressure asks for a cookie first', () => {
    const lab = ipsecLab({ server: ikeServer({ cookies: true }) })
      .start('a')
      .run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(notifies(lab.packets('s')[0]!)).toContain('COOKIE');
    expect(notifies(lab.packets('a')[1]!)).toContain('COOKIE');
    expect(lab.packets('s')[0]!.length).toBeLessThan(100);
  });

  test.each(Object.values(GROUP))('group %i carries the whole exchange', (group) => {
    const lab = ipsecLab({ a: ikeClient({ groups: [group] }) })
      .start('a')
      .run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
  });
});

describe('renewing and ending', () => {
  const rekeying = { watches: { rekey: seconds(10), deadPeer: 0 } };
  const steady = { echo: { target: ADDRESS.inner, at: Array.from({ length: 40 }, (_, i) => seconds(i)) } };

  const spis = (lab: Lab, from: string) => [
    ...new Set(
      lab
        .packets(from)
        .filter((packet) => packet[9] === 50)
        .map((packet) => u16(packet, 20) * 65536 + u16(packet, 22)),
    ),
  ];

  test.each([
    ['the client', { a: ikeClient({ ...rekeying, ...steady }) }],
    ['the server', { a: ikeClient(steady), server: ikeServer(rekeying) }],
  ])('%s renews the CHILD_SA without losing a packet', (_who, parties) => {
    const lab = ipsecLab(parties).start('a').run(seconds(35));
    expect(spis(lab, 'a')).toHaveLength(4);
    expect(spis(lab, 's')).toHaveLength(4);
    expect(lab.symptoms).toEqual([]);
    expect(lab.statusOf('a')).toBe('up');
  });

  test('if both want to renew at once, both step back, and one of them does it', () => {
    const lab = ipsecLab({ a: ikeClient(rekeying), server: ikeServer(rekeying) })
      .start('a')
      .run(seconds(15));
    expect(lab.secrets.filter(({ kind }) => kind === 'esp-sa')).toHaveLength(4);
    expect(lab.phases.filter(({ phase }) => phase.startsWith('CHILD_SA renewed'))).toHaveLength(2);
  });

  test('the associations from before are gone then, at both ends', () => {
    const lab = ipsecLab({ a: ikeClient(rekeying) })
      .start('a')
      .run(seconds(5));
    const old = (from: string) => lab.packets(from).find((packet) => packet[9] === 50)!;
    lab.run(seconds(6)).inject('a', old('a')).inject('s', old('s')).run(seconds(1));
    expect(lab.symptomsOf('s')).toMatchObject([{ code: 'XfrmInNoStates' }]);
    expect(lab.symptomsOf('a')).toMatchObject([{ code: 'XfrmInNoStates' }]);
  });

  test('renewing over and over with traffic on loses nothing', () => {
    const lab = ipsecLab({ a: ikeClient({ ...rekeying, ...steady }), server: ikeServer(rekeying) })
      .start('a')
      .run(seconds(39));
    expect(lab.symptoms).toEqual([]);
    expect(lab.statusOf('a')).toBe('up');
    expect(spis(lab, 'a').length).toBeGreaterThan(2);
  });

  test('hanging up deletes the SA at both ends', () => {
    const lab = natLab({}).start('a').run(seconds(4)).stop('a').run(seconds(1));
    expect(lab.statusOf('a')).toBe('closed');
    expect(lab.phaseOf('s')).toBe('laptop-a hung up');
    expect(lab.statusOf('s')).toBe('idle');
    const count = lab.packets().length;
    lab.run(seconds(300));
    expect(lab.packets()).toHaveLength(count);
  });

  test('a server that closes tells its clients', () => {
    const lab = natLab({}).start('a').start('b').run(seconds(4)).stop('s').run(seconds(1));
    expect([lab.phaseOf('a'), lab.phaseOf('b')]).toEqual(['the server hung up', 'the server hung up']);
  });

  test('hanging up on a server that is gone ends all the same', () => {
    let gone = false;
    const lab = ipsecLab({}, { filter: (packet) => (gone ? undefined : packet) })
      .start('a')
      .run(seconds(4));
    gone = true;
    lab.stop('a').run(seconds(170));
    expect(lab.statusOf('a')).toBe('closed');
  });

  test('a client may dial again', () => {
    const lab = natLab({}).start('a').run(seconds(4)).stop('a').run(seconds(1)).start('a').run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.phasesOf('a').join()).not.toContain('10.9.0.3');
  });

  test('a second machine with the same name throws the first one out (INITIAL_CONTACT)', () => {
    const lab = natLab({ b: ikeClient({ identity: 'laptop-a' }) })
      .start('a')
      .run(seconds(4))
      .start('b')
      .run(seconds(40));
    expect(lab.statusOf('b')).toBe('up');
    expect(lab.phasesOf('a').join()).toContain('retransmit');
  });
});

test('the same seed gives the same bytes, another seed others', () => {
  const bytes = (seed: number) => {
    const box = natBox();
    const lab = ipsecLab({}, { filter: box.filter, seed }).start('a').start('b').run(seconds(4));
    return lab
      .packets()
      .map((packet) => packet.join())
      .join('\n');
  };
  expect(bytes(7)).toBe(bytes(7));
  expect(bytes(7)).not.toBe(bytes(8));
});

test('the connection is up within six trips, the echo included', () => {
  const lab = ipsecLab({}).start('a');
  expect(lab.runUntil('a', 'up', seconds(1))).toBe(true);
  expect(lab.now).toBe(milliseconds(60));
});

test('the packets have no faults that a dissector could see', () => {
  const lab = natLab({}).start('a').run(seconds(40)).stop('a').run(seconds(1));
  for (const packet of lab.packets()) {
    expect(ipv4.parse(packet).ok).toBe(true);
    expect(dissect(packet).layers.filter(({ kind }) => kind === 'malformed')).toEqual([]);
  }
});
