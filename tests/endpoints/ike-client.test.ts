import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GROUP } from '../../src/endpoints/crypto/key-exchange.ts';
import { milliseconds, seconds } from '../../src/endpoints/endpoint.ts';
import { u16 } from '../../src/lib/bytes.ts';
import { dissect } from '../../src/wire/dissect.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import {
  ADDRESS,
  ikeClient,
  ikeServer,
  ipsecLab,
  isEsp,
  isUdp,
  natBox,
  natLab,
  ports,
  shown,
  trains,
} from '../support/ipsec-lab.ts';

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
          .filter(isEsp)
          .map((p) => u16(p, 20) * 65536 + u16(p, 22)),
      );
    expect(spis('a').size).toBe(1);
    expect(spis('s').size).toBe(1);
    expect([...spis('a')]).not.toEqual([...spis('s')]);
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
    const filter = (packet: Uint8Array) => (isEsp(packet) ? undefined : packet);
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
    const server = ikeServer({ transport: { protocol: 17, servicePorts: [1701] } });
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
    expect(shown(lab.packets('s')[0]!)).toContain('INVALID_KE_PAYLOAD');
  });

  test('a server under pressure asks for a cookie first', () => {
    const lab = ipsecLab({ server: ikeServer({ cookies: true }) })
      .start('a')
      .run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
    expect(shown(lab.packets('s')[0]!)).toContain('COOKIE');
    expect(shown(lab.packets('a')[1]!)).toContain('COOKIE');
    expect(lab.packets('s')[0]!.length).toBeLessThan(100);
  });

  test.each(Object.values(GROUP))('group %i carries the whole exchange', (group) => {
    const lab = ipsecLab({ a: ikeClient({ groups: [group] }) })
      .start('a')
      .run(seconds(4));
    expect(lab.statusOf('a')).toBe('up');
  });
});

test('whatever arrives at its ports, a client stays up and says nothing', () => {
  const lab = natLab({}).start('a').run(seconds(5));
  const before = lab.packets('a').length;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.constantFrom(500, 4500), (bytes, port) => {
      const ends = { source: ADDRESS.server, destination: ADDRESS.wan };
      const payload = udp.encode({ sourcePort: port, destinationPort: port, payload: bytes }, ends);
      lab.inject('s', ipv4.encode({ ...ends, protocol: 17, payload })).run(milliseconds(30));
    }),
  );
  expect(lab.packets('a')).toHaveLength(before);
  expect(lab.statusOf('a')).toBe('up');
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
