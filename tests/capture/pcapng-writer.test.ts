import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openCapture } from '../../src/capture/open.ts';
import { SECRETS } from '../../src/capture/pcapng-format.ts';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { hex } from '../../src/lib/bytes.ts';
import { ascii } from './build.ts';

function readBack(file: Uint8Array) {
  const opened = openCapture(file);
  if (!opened.ok) throw new Error('not opened');
  const packets = [...opened.value];
  expect(opened.value.end).toEqual({ kind: 'complete', at: file.length });
  return { reader: opened.value, packets };
}

test('what is written is read back: interfaces, times, comments, directions, secrets, names', () => {
  const interfaces = fc.record(
    {
      linkType: fc.constantFrom(0, 1, 101, 113, 276),
      name: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
      description: fc.string().filter((text) => !text.includes('\0')),
      snapLength: fc.nat(),
    },
    { requiredKeys: ['linkType'] },
  );
  const packets = fc.record(
    {
      interface: fc.nat(),
      time: fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }),
      bytes: fc.uint8Array({ maxLength: 70 }),
      direction: fc.constantFrom('inbound' as const, 'outbound' as const),
      comments: fc.array(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
        { maxLength: 3 },
      ),
      originalLength: fc.nat(),
    },
    { requiredKeys: ['interface', 'time', 'bytes'] },
  );
  fc.assert(
    fc.property(fc.array(interfaces, { minLength: 1, maxLength: 4 }), fc.array(packets), (ports, sent) => {
      const writer = new PcapngWriter('test', ['about the file']);
      for (const port of ports) writer.addInterface(port);
      const placed = sent.map((packet) => ({ ...packet, interface: packet.interface % ports.length }));
      for (const packet of placed) writer.addPacket(packet);
      const { reader, packets: read } = readBack(writer.finish());
      expect(reader.comments).toEqual(['about the file']);
      expect(reader.interfaces).toEqual(ports.map((port) => ({ snapLength: 0, comments: [], ...port })));
      expect(read).toEqual(
        placed.map((packet, index) => ({
          originalLength: packet.bytes.length,
          comments: [],
          ...packet,
          number: index + 1,
          linkType: ports[packet.interface]!.linkType,
        })),
      );
    }),
  );
});

test('secrets and names are read back', () => {
  const writer = new PcapngWriter('test');
  const names = [
    { address: hex('c0a8010a'), names: ['laptop-a', 'a'] },
    { address: hex('20010db8000000000000000000000001'), names: ['v6'] },
  ];
  writer.addSecrets({ type: SECRETS.tlsKeyLog, data: ascii('CLIENT_RANDOM 00 11\n') });
  writer.addNames(names);
  const { reader } = readBack(writer.finish());
  expect(reader.secrets).toEqual([{ type: SECRETS.tlsKeyLog, data: ascii('CLIENT_RANDOM 00 11\n') }]);
  expect(reader.names).toEqual(names);
});

test('a comment longer than an option can be is cut, not written wrong', () => {
  const writer = new PcapngWriter('test');
  const on = writer.addInterface({ linkType: 1 });
  writer.addPacket({ interface: on, time: 0n, bytes: hex('01'), comments: ['x'.repeat(70_000)] });
  expect(readBack(writer.finish()).packets[0]?.comments[0]).toBe('x'.repeat(65_535));
});

test('a file of a quarter of a million packets is written and read', () => {
  const writer = new PcapngWriter('test');
  const on = writer.addInterface({ linkType: 1 });
  for (let i = 0; i < 250_000; i++) writer.addPacket({ interface: on, time: BigInt(i), bytes: hex('0102030405') });
  const { packets } = readBack(writer.finish());
  expect(packets.length).toBe(250_000);
  expect(packets.at(-1)?.time).toBe(249_999n);
});
