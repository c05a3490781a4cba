import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { u16 } from '../../src/lib/bytes.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import {
  ADDRESS,
  ikeClient,
  ikeServer,
  ipsecLab,
  isUdp,
  natBox,
  natLab,
  ports,
  shown,
  trains,
} from '../support/ipsec-lab.ts';

const never = (): never => {
  throw new Error('no datagram');
};

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
    for (const packet of lab.packets().slice(0, 2)) expect(shown(packet)).not.toContain('NAT_DETECTION');
    expect(shown(natLab({}).start('a').packets()[0]!)).toContain('NAT_DETECTION');
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
