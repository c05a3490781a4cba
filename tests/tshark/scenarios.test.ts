/** Wireshark reads every scenario as we wrote it: nothing malformed, no checksum wrong, everything opened by our keys. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { comment } from '../../src/cli/narrate.ts';
import { concat } from '../../src/lib/bytes.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { vary } from '../../src/scenarios/vary.ts';
import type { Experiment } from '../../src/world/experiment.ts';
import { exportPcapng, keyFiles } from '../../src/world/export-pcapng.ts';
import { type Run, run } from '../../src/world/run.ts';

const tshark = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FIELDS = [
  'frame.number',
  'frame.time_relative',
  'ip.dst',
  'frame.interface_name',
  'frame.protocols',
  '_ws.expert.severity',
  '_ws.expert.message',
  'ip.checksum.status',
  'udp.checksum.status',
  'tcp.checksum.status',
  'icmp.checksum.status',
  'isakmp.exchangetype',
  'isakmp.auth.method',
  'esp.spi',
  'esp.icv_bad',
  'wg.type',
  'udp.length',
] as const;
type Row = Readonly<Record<(typeof FIELDS)[number], string>>;

const ON = (settings: readonly string[]) => settings.flatMap((setting) => ['-o', `${setting}:TRUE`]);
const CHECKING = ON(['ip.check_checksum', 'udp.check_checksum', 'tcp.check_checksum']);
const OPENING = ON(['esp.enable_encryption_decode', 'esp.enable_authentication_check']);

/** A router may draw a port for IKE that Wireshark takes for another protocol's, as 496 for Cisco's Auto-RP. */
const NO_GUESSES = ['--disable-protocol', 'auto_rp'];

const HOUR = 3_600_000_000;

/** Later by some hours, so that several runs can follow each other in one file. */
function later(played: Run, hours: number): Run {
  return { ...played, occurrences: played.occurrences.map((each) => ({ ...each, time: each.time + hours * HOUR })) };
}

/** Several runs as sections of one file, for one call of tshark; each with a seed of its own, so that no port meets again. */
async function dissected(name: string, experiments: readonly Experiment[]): Promise<readonly Row[]> {
  const runs = experiments.map((experiment, index) => later(run({ ...experiment, seed: index + 1 }), index));
  const path = join(folder, `${name}.pcapng`);
  writeFileSync(path, concat(...runs.map((played) => exportPcapng(played, { about: name, comment }))));
  const keys = [...keyFiles(runs.flatMap(({ secrets }) => secrets))]
    .filter(([table]) => table === 'esp_sa' || table === 'ikev2_decryption_table')
    .flatMap(([table, text]) =>
      text
        .trim()
        .split('\n')
        .flatMap((line) => ['-o', `uat:${table}:${line}`]),
    );
  const shown = ['-T', 'fields', '-E', 'separator=|', ...FIELDS.flatMap((field) => ['-e', field])];
  const { stdout } = await tshark(
    'tshark',
    ['-n', '-r', path, ...NO_GUESSES, ...CHECKING, ...OPENING, ...keys, ...shown],
    {
      maxBuffer: 1 << 28,
    },
  );
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => Object.fromEntries(line.split('|').map((value, index) => [FIELDS[index], value])) as Row);
}

const ERROR = 0x800000;
const severities = (row: Row) => row['_ws.expert.severity'].split(',').map(Number);
const sums = (row: Row) =>
  (['ip', 'udp', 'tcp', 'icmp'] as const).flatMap((each) => row[`${each}.checksum.status`].split(','));

/** ESP that a stranger made up: no key opens it. */
const MADE_UP = '0xdeadbeef';
/** WireGuard's data packet around nothing at all, with the UDP header. */
const KEEPALIVE_LENGTH = '40';

/**
 * Wireshark knows a WireGuard session by the addresses on which its handshake was answered, and that was outside the
 * NAT: what comes back to a laptop it leaves closed where the same file shows both sides.
 */
const LAPTOP = /^192\.168\.1\./;

function faultOf(row: Row): string | undefined {
  const protocols = row['frame.protocols'];
  if (protocols.includes('malformed')) return 'malformed';
  if (severities(row).some((severity) => severity >= ERROR)) return row['_ws.expert.message'];
  if (sums(row).includes('0')) return 'a wrong checksum';
  if (/:esp(:data)?$/.test(protocols) && row['esp.spi'] !== MADE_UP) return 'ESP stays closed';
  if (row['esp.icv_bad'].includes('1')) return 'a wrong ICV in ESP';
  if (row['isakmp.exchangetype'] === '35' && row['isakmp.auth.method'] === '') return 'IKE_AUTH stays closed';
  if (
    row['wg.type'] === '4' &&
    !LAPTOP.test(row['ip.dst']) &&
    !protocols.includes('wg:ip') &&
    row['udp.length'].split(',')[0] !== KEEPALIVE_LENGTH
  )
    return 'WireGuard stays closed';
  return undefined;
}

/**
 * The scenarios whose very point is a wrong checksum: in transport mode the UDP header is sealed in ESP, so no NAT can
 * mend the checksum in it (RFC 3948 §3.1.2). Wireshark opens the ESP and finds it as it arrived.
 */
const SEALED_CHECKSUM = ['transport-mode-checksums', 'transport-mode-mended', 'l2tp-ipsec-two-laptops'];
const inTransportMode = (row: Row) => row['frame.protocols'].includes(':esp:udp');

const PROFILES = ['textbook', 'linux', 'libalias'];

/** What must be found inside, at the router and at the server, once it is open. */
const INSIDE: Readonly<Record<string, string>> = {
  sstp: 'tls:http:sstp:ppp:ip:icmp',
  https: 'tls:http',
  'identity-aware-access': 'tls:http',
  'wireguard-roaming': 'wg:ip:icmp',
  'esp-two-servers': 'ip:esp:ip:icmp',
  'esp-takeover': 'ip:esp:ip:icmp',
  'natt-two-laptops': 'udpencap:esp:ip:icmp',
  'l2tp-ipsec-two-laptops': 'esp:udp:l2tp:ppp:ip:icmp',
};

describe.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))('%s', (id, { experiment }) => {
  const own = experiment.routers[0].profile;
  const profiles = [own, ...PROFILES.filter((profile) => profile !== own).slice(0, 2)];
  const reading = once(() =>
    dissected(
      id,
      profiles.map((profile) => vary(experiment, { profile })),
    ),
  );

  test(`reads without a fault at ${profiles.join(', ')}`, async () => {
    const faults = (await reading()).flatMap((row) => {
      const fault = SEALED_CHECKSUM.includes(id) && inTransportMode(row) ? undefined : faultOf(row);
      const place = `packet ${row['frame.number']} on ${row['frame.interface_name']}`;
      return fault === undefined ? [] : [`${place} (${row['frame.protocols']}): ${fault}`];
    });
    expect(faults).toEqual([]);
    const hours = new Set((await reading()).map((row) => Math.floor(Number(row['frame.time_relative']) / 3600)));
    expect([...hours]).toEqual([0, 1, 2]);
  });

  const inside = INSIDE[id];
  if (inside !== undefined)
    test(`opens down to ${inside}`, async () => {
      const open = (await reading()).filter((row) => row['frame.protocols'].includes(inside));
      const places = open.map((row) => row['frame.interface_name']);
      expect(places).toContain('router wan');
      expect(places).toContain('server');
    });

  if (SEALED_CHECKSUM.includes(id))
    test('shows the wrong checksum that no NAT can mend', async () => {
      const wrong = (await reading()).filter((row) => inTransportMode(row) && sums(row).includes('0'));
      expect(wrong.length).toBeGreaterThan(0);
    });
});

/** The same promise for both tests of a scenario: reading is what takes its time. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}
