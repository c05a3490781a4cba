import { describe, expect, test } from 'vitest';
import { describe as inWords } from '../../src/capture/error.ts';
import { openCapture } from '../../src/capture/open.ts';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ascii, pcapng } from './build.ts';

function read(...blocks: readonly Uint8Array[]) {
  const opened = openCapture(concat(...blocks));
  if (!opened.ok) throw new Error(inWords(opened.error));
  return { reader: opened.value, packets: [...opened.value] };
}

function ending(...blocks: readonly Uint8Array[]): string {
  const { reader } = read(...blocks);
  return reader.end?.kind === 'broken' ? inWords(reader.end.error) : 'complete';
}

const data = hex('0102030405');

describe.each([
  ['little-endian', true],
  ['big-endian', false],
])('pcapng, %s', (_, little) => {
  const { block, section, interface: on, enhanced, option, end, u16, u32, u64 } = pcapng(little);

  test('interfaces carry names, descriptions and comments', () => {
    const options = [option(2, ascii('eth0')), option(3, ascii('the LAN side')), option(1, ascii('note')), end];
    const { reader } = read(section(), on(1, 96, ...options), on(101, 0));
    expect(reader.interfaces).toEqual([
      { linkType: 1, snapLength: 96, name: 'eth0', description: 'the LAN side', comments: ['note'] },
      { linkType: 101, snapLength: 0, comments: [] },
    ]);
  });

  test.each([
    ['no option means microseconds', [], 1_700_000_000_123_456n, 1_700_000_000_123_456_000n],
    ['10^-3', [option(9, hex('03'))], 1_700_000_000_123n, 1_700_000_000_123_000_000n],
    ['10^-9', [option(9, hex('09'))], 1_700_000_000_123_456_789n, 1_700_000_000_123_456_789n],
    ['10^-12, finer than kept', [option(9, hex('0c'))], 1_700_000_123_456_789_999n, 1_700_000_123_456_789n],
    ['2^-10', [option(9, hex('8a'))], 1024n * 7n + 1n, 7_000_976_562n],
    ['2^-32', [option(9, hex('a0'))], (5n << 32n) | 0x8000_0000n, 5_500_000_000n],
    ['whole seconds', [option(9, hex('00'))], 7n, 7_000_000_000n],
    ['an offset', [option(14, u64(100n)), option(9, hex('06'))], 1n, 100_000_001_000n],
    ['a negative offset', [option(14, u64(-1n))], 2_000_000n, 1_000_000_000n],
    ['the finest that can be written', [option(9, hex('7f'))], 5n, 0n],
  ])('time resolution: %s', (__, options, ticks, nanoseconds) => {
    expect(read(section(), on(1, 0, ...options), enhanced(0, ticks, data)).packets[0]?.time).toBe(nanoseconds);
  });

  test('an enhanced packet brings comments and direction', () => {
    const packet = enhanced(
      0,
      5n,
      data,
      option(1, ascii('first')),
      option(2, u32(2)),
      option(1, ascii('caf\u00c3\u00a9')),
      end,
    );
    expect(read(section(), on(1, 0), packet).packets[0]).toEqual({
      number: 1,
      time: 5000n,
      interface: 0,
      linkType: 1,
      bytes: data,
      originalLength: 5,
      direction: 'outbound',
      comments: ['first', 'café'],
    });
  });

  test('a simple packet has no time and is cut at the snap length of the first interface', () => {
    const { packets } = read(section(), on(1, 3, end), on(101, 0), block(3, u32(5), hex('010203'), hex('00')));
    expect(packets[0]).toMatchObject({ time: undefined, interface: 0, bytes: hex('010203'), originalLength: 5 });
  });

  test('the obsolete packet block is read, drops count and all', () => {
    const old = block(2, u16(1), u16(9), u32(0), u32(7), u32(5), u32(60), data, hex('000000'), option(1, ascii('old')));
    const { packets } = read(section(), on(1, 0), on(101, 0), old);
    expect(packets[0]).toMatchObject({ time: 7000n, interface: 1, linkType: 101, bytes: data, originalLength: 60 });
    expect(packets[0]?.comments).toEqual(['old']);
  });

  test('an option that claims more than its block holds is left out, with all after it', () => {
    const overlong = concat(u16(1), u16(40), ascii('beyond..'));
    const { packets, reader } = read(
      section(),
      on(1, 0),
      enhanced(0, 0n, data, option(1, ascii('kept')), overlong),
      enhanced(0, 0n, data, option(1, ascii('of the next packet, and long'))),
    );
    expect(packets.map(({ comments }) => comments)).toEqual([['kept'], ['of the next packet, and long']]);
    expect(reader.end?.kind).toBe('complete');
  });

  test('names, secrets and counts are collected', () => {
    const records = [
      option(1, concat(hex('c0a8010a'), ascii('laptop-a\0a\0'))),
      option(2, concat(hex('20010db8000000000000000000000001'), ascii('six\0'))),
      option(3, ascii('an unknown kind')),
      end,
    ];
    const counts = [option(4, u64(1n << 40n)), option(5, u64(3n)), end];
    const { reader } = read(
      section(),
      on(1, 0),
      block(4, ...records),
      block(5, u32(0), u64(0n), ...counts),
      block(10, u32(0x544c534b), u32(3), ascii('key'), hex('00')),
      block(0x0bad, ascii('ignored!')),
    );
    expect(reader.names).toEqual([
      { address: hex('c0a8010a'), names: ['laptop-a', 'a'] },
      { address: hex('20010db8000000000000000000000001'), names: ['six'] },
    ]);
    expect(reader.statistics.get(0)).toEqual({ interface: 0, received: 1n << 40n, dropped: 3n });
    expect(reader.secrets).toEqual([{ type: 0x544c534b, data: ascii('key') }]);
    expect(reader.end?.kind).toBe('complete');
  });

  test('a second section in the other byte order numbers its interfaces anew', () => {
    const other = pcapng(!little);
    const { reader, packets } = read(
      section(),
      on(1, 0),
      enhanced(0, 1n, data),
      other.section(),
      other.interface(101, 0, other.option(9, hex('09'))),
      other.enhanced(0, 1n, data),
    );
    expect(packets.map((packet) => [packet.number, packet.interface, packet.linkType, packet.time])).toEqual([
      [1, 0, 1, 1000n],
      [2, 1, 101, 1n],
    ]);
    expect(reader.interfaces.length).toBe(2);
  });

  test('a file cut at any byte yields every packet before the cut and says where it ended', () => {
    const blocks = [section(), on(1, 0), enhanced(0, 1n, data), enhanced(0, 2n, data)];
    const file = concat(...blocks);
    const starts = blocks.map((__, index) => concat(...blocks.slice(0, index)).length);
    for (let length = starts[1]!; length < file.length; length++) {
      const { packets, reader } = read(file.slice(0, length));
      const reached = starts.filter((start) => start <= length).length - 1;
      expect(packets.length).toBe(Math.max(0, reached - 2));
      expect(reader.end?.at).toBe(starts[reached]);
      expect(reader.end?.kind).toBe(length === starts[reached] ? 'complete' : 'broken');
    }
  });

  test('what contradicts itself ends the file, with the part that does', () => {
    const start = [section(), on(1, 0)];
    expect(ending(...start, concat(u32(6), u32(0xffff_fff0), new Uint8Array(24)))).toMatch(
      /^damaged at byte 48, block length: expected a multiple of 4 from 12 to 16777216, received 4294967280$/,
    );
    expect(ending(...start, concat(u32(6), u32(8), new Uint8Array(24)))).toMatch(/block length: .* received 8$/);
    expect(ending(...start, concat(u32(6), u32(13), new Uint8Array(24)))).toMatch(/block length: .* received 13$/);
    expect(ending(...start, concat(u32(99), u32(16), u32(0), u32(20)))).toMatch(
      /at its end: expected 16 .* received 20$/,
    );
    expect(ending(...start, enhanced(1, 0n, data))).toMatch(/interface number: expected less than 1, received 1$/);
    expect(ending(section(), enhanced(0, 0n, data))).toMatch(/interface number: expected less than 0, received 0$/);
    expect(ending(section(), block(3, u32(0)))).toMatch(
      /simple packet: expected an interface before it, received none$/,
    );
    expect(ending(...start, block(6, new Uint8Array(16)))).toMatch(/at least 20 bytes for block type 6, received 16$/);
    expect(ending(...start, block(6, new Uint8Array(12), u32(5), u32(5), u32(0)))).toMatch(
      /captured length: expected at most the block's 4 bytes, received 5$/,
    );
    expect(ending(...start, block(10, u32(1), u32(9), u32(0)))).toMatch(/secrets length: .* received 9$/);
    expect(ending(...start, enhanced(0, 0n, data), block(5, u32(1), u64(0n)))).toMatch(
      /interface number after packet 1: expected less than 1, received 1$/,
    );
  });

  test('a packet longer than any link carries is damage even where the bytes are there', () => {
    expect(ending(section(), on(1, 0), enhanced(0, 0n, new Uint8Array(262_145)))).toMatch(
      /captured length: expected at most 262144 bytes, received 262145$/,
    );
  });
});

test('a section of another major version is not supported', () => {
  const { block, u16, u32, u64 } = pcapng(true);
  const opened = openCapture(block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(2), u16(0), u64(-1n)));
  expect(opened.ok ? 'opened' : inWords(opened.error)).toBe(
    'not supported at byte 0, section version: expected pcapng version 1, received version 2.0',
  );
});

test('a section whose byte-order magic is neither order is refused', () => {
  const opened = openCapture(hex('0a0d0d0a 1c000000 11223344 01000000 ffffffff ffffffff 1c000000'));
  expect(opened.ok ? 'opened' : inWords(opened.error)).toBe(
    'damaged at byte 0, byte-order magic: expected 1a2b3c4d or 4d3c2b1a, received 11223344',
  );
});

test('a file of nothing but interfaces is stopped long before memory is', () => {
  const { section, interface: on } = pcapng(true);
  const one = on(1, 0);
  const file = new Uint8Array(28 + one.length * 70_000);
  file.set(section());
  for (let i = 0; i < 70_000; i++) file.set(one, 28 + i * one.length);
  expect(ending(file)).toMatch(/block: expected at most 65536 interfaces in a file, received more$/);
});
