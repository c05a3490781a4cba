import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FirstLayer } from '../../src/capture/link-type.ts';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ipv4InFrame } from '../../src/world/ipv4-in-frame.ts';

const datagram = hex('4500001c000100004011b76ec0a8010ac0000201 04d204d200080000');
const padding = new Uint8Array(18);

const frames: readonly (readonly [name: string, first: FirstLayer, header: string])[] = [
  ['Ethernet', 'ethernet', '020000000001 020000000002 0800'],
  ['one VLAN tag', 'ethernet', '020000000001 020000000002 8100 0064 0800'],
  ['QinQ', 'ethernet', '020000000001 020000000002 88a8 0064 8100 00c8 0800'],
  ['raw IP', 'raw-ip', ''],
  ['null, little-endian', 'null', '02000000'],
  ['null, big-endian', 'null', '00000002'],
  ['loop', 'loop', '00000002'],
  ['cooked', 'sll', '0000 0001 0006 0200000000020000 0800'],
  ['cooked, tagged', 'sll', '0000 0001 0006 0200000000020000 8100 0064 0800'],
  ['cooked version 2', 'sll2', '0800 0000 00000003 0001 00 06 0200000000020000'],
];

test.each(frames)('%s: the packet is found and its padding left out', (_, first, header) => {
  const found = ipv4InFrame(concat(hex(header), datagram, padding), first);
  expect(found).toMatchObject({ packet: datagram, cut: false });
});

test.each(frames)('%s: a packet that the capture cut is found and called cut', (_, first, header) => {
  expect(ipv4InFrame(concat(hex(header), datagram.subarray(0, 24)), first)).toMatchObject({
    packet: datagram.subarray(0, 24),
    cut: true,
  });
});

test('Ethernet says who sent the frame to whom', () => {
  expect(ipv4InFrame(concat(hex('ffffffffffff 020000000002 0800'), datagram), 'ethernet')).toMatchObject({
    from: 0x020000000002,
    to: 0xffffffffffff,
  });
});

test('cooked captures say what was sent by the capturing machine', () => {
  const cooked = (type: string) => concat(hex(`${type} 0001 0006 0200000000020000 0800`), datagram);
  expect([ipv4InFrame(cooked('0000'), 'sll')?.sentHere, ipv4InFrame(cooked('0004'), 'sll')?.sentHere]).toEqual([
    false,
    true,
  ]);
});

test.each<readonly [string, FirstLayer, string]>([
  ['ARP', 'ethernet', 'ffffffffffff 020000000002 0806 0001080006040001'],
  ['IPv6 in Ethernet', 'ethernet', '020000000001 020000000002 86dd 60000000 00000000'],
  ['raw IPv6', 'raw-ip', '6000000000000000000000000000000000000000 0000000000000000'],
  ['an 802.3 length', 'ethernet', '020000000001 020000000002 0026 4242030000'],
  ['nothing after the header', 'ethernet', '020000000001 020000000002 0800'],
  ['half a header', 'ethernet', '020000000001'],
  ['tags without end', 'ethernet', `020000000001 020000000002 ${'8100 0001 '.repeat(9)} 0800`],
])('%s holds no IPv4 packet', (_, first, frame) => {
  expect(ipv4InFrame(hex(frame), first)).toBeUndefined();
});

test('any bytes lead to a view into them or to nothing', () => {
  const layers = fc.constantFrom<FirstLayer>('ethernet', 'raw-ip', 'null', 'loop', 'sll', 'sll2');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), layers, (bytes, first) => {
      const found = ipv4InFrame(bytes, first);
      expect(found === undefined || found.packet.buffer === bytes.buffer).toBe(true);
      expect(found?.packet[0] ?? 0x45).toBeGreaterThanOrEqual(0x40);
    }),
  );
});
