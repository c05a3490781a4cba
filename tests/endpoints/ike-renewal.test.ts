import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { u16 } from '../../src/lib/bytes.ts';
import { ADDRESS, ikeClient, ikeServer, ipsecLab, isEsp, natLab } from '../support/ipsec-lab.ts';
import type { Lab } from '../support/two-hosts.ts';

describe('renewing and ending', () => {
  const rekeying = { watches: { rekey: seconds(10), deadPeer: 0 } };
  const steady = { echo: { target: ADDRESS.inner, at: Array.from({ length: 40 }, (_, i) => seconds(i)) } };

  const spis = (lab: Lab, from: string) => [
    ...new Set(
      lab
        .packets(from)
        .filter(isEsp)
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
    const old = (from: string) => lab.packets(from).find(isEsp)!;
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
