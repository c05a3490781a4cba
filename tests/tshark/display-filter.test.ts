/** Wireshark judges our display filters: of one file, the same packets are left. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCapture } from '../../src/capture/open.ts';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { displayFilter } from '../../src/wire/display-filter.ts';
import { dissect } from '../../src/wire/dissect.ts';
import type { Layer } from '../../src/wire/layer.ts';

const RECORDINGS = [
  'pptp-2clients-helper/lan',
  'l2tp-2clients/wan',
  'ike2-1client/wan',
  'wireguard-1client/lan',
  'openvpn-udp/lan',
  'raw-icmp-errors/wan',
];

let folder: string;
let file: string;
let packets: readonly (readonly Layer[])[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-'));
  file = join(folder, 'all.pcapng');
  const writer = new PcapngWriter('display filters');
  const on = writer.addInterface({ linkType: 1, name: 'all' });
  const all = RECORDINGS.flatMap((name) => {
    const opened = openCapture(readFileSync(join(import.meta.dirname, '..', 'recordings', `${name}.pcap`)));
    if (!opened.ok) throw new Error(opened.error.path);
    return [...opened.value].map(({ bytes }) => bytes);
  });
  for (const bytes of all) writer.addPacket({ interface: on, time: 0n, bytes });
  writeFileSync(file, writer.finish());
  packets = all.map((bytes) => dissect(bytes, 'ethernet').layers);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function leftByTshark(filter: string): readonly number[] {
  const options = ['-n', '-o', 'tcp.desegment_tcp_streams:FALSE', '-T', 'fields', '-e', 'frame.number'];
  const text = execFileSync('tshark', ['-r', file, '-Y', filter, ...options], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.split('\n').filter(Boolean).map(Number);
}

function leftByUs(filter: string): readonly number[] {
  const read = displayFilter(filter);
  if (!read.ok) throw new Error(`${filter}: expected ${read.error.expected}, received ${read.error.received}`);
  return packets.flatMap((layers, index) => (read.value.fits(layers) ? [index + 1] : []));
}

test.each([
  'gre',
  'pptp || l2tp',
  'isakmp or esp',
  'wg and udp',
  'openvpn',
  'not ip.src or not udp',
  '!(tcp || udp)',
  'tcp && !pptp || gre && ppp',
  'ip.addr == 192.168.1.10',
  'ip.addr != 192.168.1.10',
  '!(ip.addr == 192.168.1.10)',
  'ip.src == 192.168.1.0/24',
  'ip.dst == 0.0.0.0/0 && ip.src > 192.168.0.0',
  'ip.ttl < 64',
  'ip.ttl <= 63 and ip.ttl ge 63',
  'tcp.port == 1723 && tcp.flags.syn == 1',
  'tcp.srcport != 1723',
  'tcp.flags.syn',
  'udp.port in {500, 4500}',
  'udp.srcport in {1700..1702, 500}',
  'udp.port gt 1024 and not udp.port == 1701',
  'gre.key.call_id == 0x0007 or gre.key.call_id >= 1',
  'pptp.call_id',
  'l2tp.tunnel == 0',
  'isakmp.exchangetype == 34',
  'ip.proto == 47 or ip.proto == 50',
  'icmp.type == 3 && icmp.code == 4',
  'udp.length > 100',
  'eth.type == 0x800 && !(eth.addr == ff:ff:ff:ff:ff:ff)',
  'wg.type == 1',
])('%s', (filter) => {
  const left = leftByTshark(filter);
  expect(leftByUs(filter)).toEqual(left);
  expect(left.length, 'packets that fit').toBeGreaterThan(0);
});
