/** Wireshark's own tools as judges of what is read and what is written. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCapture } from '../../src/capture/open.ts';
import { SECRETS } from '../../src/capture/pcapng-format.ts';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { concat, hex } from '../../src/lib/bytes.ts';
import { ascii } from '../capture/build.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 });
}

function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A line for each packet, as tshark sees it. */
function asTshark(path: string, ...fields: readonly string[]): readonly string[] {
  const wanted = fields.flatMap((field) => ['-e', field]);
  const text = run('tshark', '-n', '-r', path, '-T', 'fields', '-E', 'separator=|', ...wanted);
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

const BASIC = ['frame.time_epoch', 'frame.cap_len', 'frame.len'] as const;

/** The same line from our reader. */
function asRead(path: string): readonly string[] {
  const opened = openCapture(new Uint8Array(readFileSync(path)));
  if (!opened.ok) throw new Error(opened.error.path);
  return [...opened.value].map(({ time = 0n, bytes, originalLength }) => {
    const fraction = String(time % 1_000_000_000n).padStart(9, '0');
    return `${time / 1_000_000_000n}.${fraction}|${bytes.length}|${originalLength}`;
  });
}

const ethernet = hex('02000000000a 02000000000b 0800');
const datagram = hex('4500001c000100004011b76ec0a8010ac0000201 04d204d200080000');

/** Two interfaces, comments, directions, names and keys: everything the writer can write. */
function everything(): Uint8Array {
  const writer = new PcapngWriter('passthrough-lab', ['two sides of one router']);
  const lan = writer.addInterface({ linkType: 1, name: 'lan', description: 'inside' });
  const wan = writer.addInterface({ linkType: 101, name: 'wan', description: 'outside – “WAN”', snapLength: 20 });
  writer.addNames([{ address: hex('c0a8010a'), names: ['laptop-a'] }]);
  writer.addSecrets({ type: SECRETS.tlsKeyLog, data: ascii('CLIENT_RANDOM 00 11\n') });
  const bytes = concat(ethernet, datagram);
  writer.addPacket({ interface: lan, time: 1_700_000_000_123_456_789n, bytes, comments: ['sent', 'naïve ✓'] });
  writer.addPacket({
    interface: wan,
    time: 1_700_000_000_123_456_790n,
    bytes: datagram.subarray(0, 20),
    originalLength: 28,
    direction: 'outbound',
  });
  return writer.finish();
}

describe('what is written', () => {
  test('tshark reads with every time, length, interface, comment and direction as given', () => {
    const path = save('everything.pcapng', everything());
    const names = [
      'frame.interface_name',
      'frame.interface_description',
      'frame.comment',
      'frame.packet_flags_direction',
    ];
    expect(asTshark(path, ...BASIC, ...names, 'ip.src')).toEqual([
      '1700000000.123456789|42|42|lan|inside|sent,naïve ✓||192.168.1.10',
      '1700000000.123456790|20|28|wan|outside – “WAN”||0x00000002|192.168.1.10',
    ]);
  });

  test('capinfos counts the same interfaces, packets, names and keys, and finds nothing to complain of', () => {
    const report = run('capinfos', '-M', save('everything.pcapng', everything()));
    expect(report).toMatch(/File type:\s+pcapng/);
    expect(report).toMatch(/Number of interfaces in file:\s*2/);
    expect(report).toMatch(/Number of packets:\s+2\b/);
    expect(report).toMatch(/Capture application:\s+passthrough-lab/);
    expect(report).toMatch(/Capture comment:\s+two sides of one router/);
    expect(report).toMatch(/Number of decryption secrets in file:\s*1/);
    expect(report).toMatch(/Number of resolved IPv4 addresses in file:\s*1/);
    expect(report).toMatch(/File timestamp precision:\s+nanoseconds/);
  });

  test('tshark resolves addresses by the names written', () => {
    const path = save('everything.pcapng', everything());
    const text = run('tshark', '-Nn', '-r', path, '-c', '1', '-T', 'fields', '-e', 'ip.src_host');
    expect(text.trim()).toBe('laptop-a');
  });
});

/** Any packets, as pcapng of our own; editcap turns it into whatever is asked. */
const traffic = fc.array(
  fc.record({
    // classic pcap ends in 2106
    time: fc.bigInt({ min: 0n, max: 4_294_967_295_999_999_999n }),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 90 }),
    cut: fc.nat(2000),
  }),
  { minLength: 1, maxLength: 20 },
);

function written(packets: readonly { readonly time: bigint; readonly bytes: Uint8Array; readonly cut: number }[]) {
  const writer = new PcapngWriter('passthrough-lab');
  const on = writer.addInterface({ linkType: 1 });
  for (const { time, bytes, cut } of packets)
    writer.addPacket({ interface: on, time, bytes, originalLength: bytes.length + cut });
  return writer.finish();
}

test.each(['pcapng', 'pcap', 'nsecpcap'])(
  'any packets, written here and rewritten by editcap as %s, are read as tshark reads them',
  (format) => {
    fc.assert(
      fc.property(traffic, (packets) => {
        const mine = save('any.pcapng', written(packets));
        const theirs = join(folder, `any.${format}`);
        run('editcap', '-F', format, mine, theirs);
        expect(asRead(mine)).toEqual(asTshark(mine, ...BASIC));
        expect(asRead(theirs)).toEqual(asTshark(theirs, ...BASIC));
        expect(asRead(theirs).length).toBe(packets.length);
      }),
      { numRuns: 5 },
    );
  },
);

test('a file that mergecap made of two has both interfaces and all packets, in order', () => {
  const packet = (time: bigint) => ({ time, bytes: concat(ethernet, datagram), cut: 0 });
  const a = save('a.pcapng', written([packet(1_000_000_001n), packet(3_000_000_003n)]));
  const b = save('b.pcapng', written([packet(2_000_000_002n)]));
  const merged = join(folder, 'merged.pcapng');
  run('mergecap', '-I', 'none', '-w', merged, a, b);
  const opened = openCapture(new Uint8Array(readFileSync(merged)));
  if (!opened.ok) throw new Error(opened.error.path);
  expect([...opened.value].map(({ interface: on, time }) => [on, time])).toEqual([
    [0, 1_000_000_001n],
    [1, 2_000_000_002n],
    [0, 3_000_000_003n],
  ]);
});

test('a file cut short gives as many packets as tshark finds before the cut', () => {
  const packet = { time: 1_000_000_000n, bytes: concat(ethernet, datagram), cut: 0 };
  const whole = written([packet, packet, packet]);
  const classic = join(folder, 'whole.pcap');
  run('editcap', '-F', 'pcap', save('whole.pcapng', whole), classic);
  for (const bytes of [whole, new Uint8Array(readFileSync(classic))])
    for (const missing of [1, 5, 30, 59, 60, 70]) {
      const path = save('cut', bytes.slice(0, bytes.length - missing));
      let seen: readonly string[];
      try {
        seen = asTshark(path, ...BASIC);
      } catch (error) {
        // tshark prints what it has read and then fails over the cut.
        seen = String((error as { stdout: string }).stdout)
          .split('\n')
          .filter((line) => line !== '');
      }
      expect(asRead(path)).toEqual(seen);
    }
});
