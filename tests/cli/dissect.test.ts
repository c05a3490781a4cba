import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { run } from '../../src/cli/run.ts';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ascii } from '../capture/build.ts';
import { fakeTerminal } from './fake-terminal.ts';

/** Linux cooked and then an unsupported kind, so that the file holds both. */
function file(...linkTypes: readonly number[]): Uint8Array {
  const writer = new PcapngWriter('test');
  linkTypes.forEach((linkType, index) => {
    const on = writer.addInterface({ linkType, name: `if${index}` });
    writer.addPacket({
      interface: on,
      time: 1_700_000_000_123_456_789n,
      bytes: hex('00'),
      originalLength: 60,
      comments: ['look\nhere'],
      direction: 'inbound',
    });
  });
  return writer.finish();
}

describe('dissect', () => {
  test('prints a tree for each packet under its time, length, interface and comments', async () => {
    const terminal = fakeTerminal({ 'a.pcapng': file(1) });
    expect(await run(['dissect', 'a.pcapng'], terminal)).toBe(0);
    const [headline, comment, layer, ...rest] = terminal.printed().split('\n');
    expect(headline).toBe('Packet 1  2023-11-14 22:13:20.123456789  1 of 60 bytes  if0  inbound');
    expect(comment).toBe('  # look here');
    expect(layer).toMatch(/^ {2}\S/);
    expect(rest.at(-1)).toBe('');
  });

  test('with --json prints one array, one packet a line, times with all their digits', async () => {
    const terminal = fakeTerminal({ 'a.pcapng': file(1, 1) });
    expect(await run(['dissect', '--json', 'a.pcapng'], terminal)).toBe(0);
    const packets: unknown = JSON.parse(terminal.printed());
    expect(packets).toMatchObject([
      { number: 1, time: '1700000000.123456789', length: 1, originalLength: 60, interface: 'if0' },
      { number: 2, comments: ['look\nhere'], direction: 'inbound', layers: [{}] },
    ]);
    expect(terminal.printed().split('\n').length).toBe(5);
  });

  test('with --json a capture without packets is an empty array', async () => {
    const terminal = fakeTerminal({ 'a.pcapng': new PcapngWriter('test').finish() });
    expect(await run(['dissect', '--json', 'a.pcapng'], terminal)).toBe(0);
    expect(JSON.parse(terminal.printed())).toEqual([]);
  });

  test('packets of an unsupported link type are named once on standard error, and the rest is shown', async () => {
    const terminal = fakeTerminal({ 'a.pcapng': file(1, 105, 105) });
    expect(await run(['dissect', 'a.pcapng'], terminal)).toBe(1);
    expect(terminal.printed()).toMatch(/^Packet 3 /m);
    expect(terminal.complaints).toHaveLength(1);
    expect(terminal.complaints[0]).toMatch(
      /^a\.pcapng: expected .*, received packets of link type 105 \(IEEE 802\.11\)$/,
    );
  });

  test('a file cut short is shown up to the cut, and standard error says where that is', async () => {
    const terminal = fakeTerminal({ 'a.pcapng': concat(file(1), hex('06000000 40000000 00000000')) });
    expect(await run(['dissect', 'a.pcapng'], terminal)).toBe(1);
    expect(terminal.printed()).toMatch(/^Packet 1 /);
    expect(terminal.complaints).toEqual([
      'a.pcapng: cut short at byte 144, block after packet 1: expected 64 bytes, received 12',
    ]);
  });

  test('a file that cannot be read is trouble, on standard error only', async () => {
    const terminal = fakeTerminal({ text: ascii('hello, world') });
    expect(await run(['dissect', 'none.pcap'], terminal)).toBe(2);
    expect(await run(['dissect', 'text'], terminal)).toBe(2);
    expect(terminal.printed()).toBe('');
    expect(terminal.complaints[0]).toBe('none.pcap: no such file');
    expect(terminal.complaints[1]).toMatch(/^text: not a capture file at byte 0, magic number: .* received 68656c6c$/);
  });

  const recording = () => ({
    'a.pcap': new Uint8Array(readFileSync('tests/recordings/pptp-2clients-helper/lan.pcap')),
  });

  test('with --filter shows only the packets that the display filter fits', async () => {
    const terminal = fakeTerminal(recording());
    expect(await run(['dissect', 'a.pcap', '--filter', 'pptp.control_message_type == 7', '--json'], terminal)).toBe(0);
    const packets = JSON.parse(terminal.printed()) as { layers: { summary: string }[] }[];
    expect(packets.map(({ layers }) => layers.at(-1)!.summary)).toEqual([
      expect.stringContaining('Outgoing-Call-Request'),
      expect.stringContaining('Outgoing-Call-Request'),
    ]);
  });

  test('says where a filter cannot be read, and which protocol it does not know', async () => {
    const terminal = fakeTerminal(recording());
    expect(await run(['dissect', 'a.pcap', '--filter', 'tcp.port =='], terminal)).toBe(2);
    expect(await run(['dissect', 'a.pcap', '--filter', 'gre || foo'], terminal)).toBe(2);
    expect(terminal.printed()).toBe('');
    expect(terminal.complaints.join('\n')).toContain('--filter: expected a value, received the end, at character 12');
    expect(terminal.complaints.join('\n')).toContain('--filter: expected a protocol, received "foo"');
  });

  test('of a packet that the capture cut, says how much the capture keeps: the packet itself is whole', async () => {
    const writer = new PcapngWriter('test');
    const on = writer.addInterface({ linkType: 101, name: 'lan' });
    const bytes = hex('4500003c000100004011b76ec0a8010ac0000201 04d204d20028');
    writer.addPacket({ interface: on, time: 0n, bytes, originalLength: 60 });
    const terminal = fakeTerminal({ 'a.pcapng': writer.finish() });
    expect(await run(['dissect', 'a.pcapng'], terminal)).toBe(0);
    expect(terminal.printed()).toContain('the capture keeps 26 of 60 bytes');
    expect(terminal.printed()).not.toContain('malformed');
  });
});
