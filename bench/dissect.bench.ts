/** Packets dissected per second on a capture of real VPN traffic, beside tshark on the same file in the same run. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LINKTYPE_ETHERNET } from '../src/capture/link-type.ts';
import { openCapture } from '../src/capture/open.ts';
import { PcapngWriter } from '../src/capture/pcapng-writer.ts';
import { dissect } from '../src/wire/dissect.ts';

const RECORDINGS = join('tests', 'recordings');
const PACKETS = 60_000;
const ROUNDS = 3;

/** All recordings one after the other, again and again. */
function capture(): Uint8Array {
  const frames = readdirSync(RECORDINGS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => ['lan.pcap', 'wan.pcap'].map((file) => join(RECORDINGS, name, file)))
    .flatMap((path) => {
      const opened = openCapture(new Uint8Array(readFileSync(path)));
      return opened.ok ? [...opened.value].map(({ bytes }) => bytes) : [];
    });
  const writer = new PcapngWriter('passthrough-lab bench');
  const on = writer.addInterface({ linkType: LINKTYPE_ETHERNET });
  for (let i = 0; i < PACKETS; i++)
    writer.addPacket({ interface: on, time: BigInt(i) * 1_000_000n, bytes: frames[i % frames.length]! });
  return writer.finish();
}

/** Best of a few rounds, in packets per second: reading the file and taking every packet apart. */
function ours(file: Uint8Array): number {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const opened = openCapture(file);
    if (!opened.ok) throw new Error(opened.error.path);
    let layers = 0;
    for (const packet of opened.value) layers += dissect(packet.bytes, 'ethernet').layers.length;
    if (layers < PACKETS * 2) throw new Error(`only ${layers} layers`);
    best = Math.max(best, PACKETS / ((performance.now() - started) / 1000));
  }
  return best;
}

/** The same for tshark, its start included; undefined where there is no tshark. */
function theirs(path: string, ...options: readonly string[]): number | undefined {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const { status } = spawnSync('tshark', ['-n', '-r', path, ...options], { stdio: 'ignore' });
    if (status !== 0) return undefined;
    best = Math.max(best, PACKETS / ((performance.now() - started) / 1000));
  }
  return best;
}

const folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-bench-'));
try {
  const file = capture();
  const path = join(folder, 'bench.pcapng');
  writeFileSync(path, file);
  const mine = ours(file);
  const line = (name: string, rate: number | undefined) =>
    console.log(
      rate === undefined
        ? `${name.padEnd(14)} not there`
        : `${name.padEnd(14)} ${Math.round(rate).toLocaleString('en').padStart(9)} packets/s  ${(mine / rate).toFixed(1).padStart(5)} × slower than dissect`,
    );
  console.log(`${PACKETS} packets, ${(file.length / 1e6).toFixed(1)} MB, best of ${ROUNDS}`);
  console.log(`${'dissect'.padEnd(14)} ${Math.round(mine).toLocaleString('en').padStart(9)} packets/s`);
  line('tshark -V', theirs(path, '-V'));
  line('tshark', theirs(path));
} finally {
  rmSync(folder, { recursive: true });
}
