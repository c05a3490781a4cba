/** Wireshark reads every scenario at every router as we wrote it: nothing malformed, no checksum wrong, all opened by our keys. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { comment } from '../../src/cli/narrate.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import type { Scenario } from '../../src/scenarios/scenario.ts';
import { vary } from '../../src/scenarios/vary.ts';
import { exportPcapng, keyFiles } from '../../src/world/export-pcapng.ts';
import { run } from '../../src/world/run.ts';

const tshark = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-scenarios-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FIELDS = [
  'frame.number',
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

/** An export as its user gets it, of a scenario at one router and at all others where not a byte of it differs. */
interface Export {
  readonly profiles: string[];
  readonly file: Uint8Array;
  readonly keys: ReadonlyMap<string, string>;
}

function exportsOf({ title, experiment }: Scenario): readonly Export[] {
  const found = new Map<string, Export>();
  for (const { id } of PROFILES) {
    const played = run(vary(experiment, { profile: id }));
    const file = exportPcapng(played, { about: title, comment });
    const same = found.get(toHex(file));
    if (same) same.profiles.push(id);
    else found.set(toHex(file), { profiles: [id], file, keys: keyFiles(played.secrets) });
  }
  return [...found.values()];
}

/** Opens one export with a Wireshark whose profile folder holds nothing but the files of `--keys`. */
async function dissected(name: string, { file, keys }: Export): Promise<readonly Row[]> {
  const home = join(folder, name);
  const path = join(home, 'run.pcapng');
  mkdirSync(home);
  for (const [each, text] of keys) writeFileSync(join(home, each), text);
  writeFileSync(path, file);
  const shown = ['-T', 'fields', '-E', 'separator=|', ...FIELDS.flatMap((field) => ['-e', field])];
  const { stdout } = await tshark('tshark', ['-n', '-r', path, ...NO_GUESSES, ...CHECKING, ...OPENING, ...shown], {
    env: { ...process.env, WIRESHARK_CONFIG_DIR: home },
    maxBuffer: 1 << 28,
  });
  rmSync(home, { recursive: true });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => Object.fromEntries(line.split('|').map((value, index) => [FIELDS[index], value])) as Row);
}

interface Reading {
  readonly profiles: readonly string[];
  readonly rows: readonly Row[];
}

/** All exports of a scenario, two at a time: a machine with two cores has nothing to gain from more. */
async function readings(scenario: Scenario): Promise<readonly Reading[]> {
  const left = [...exportsOf(scenario).entries()];
  const done: Reading[] = [];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, each] = next;
      done[index] = { profiles: each.profiles, rows: await dissected(`${scenario.id}-${index}`, each) };
    }
  };
  await Promise.all([work(), work()]);
  return done;
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

/** A wrong checksum sealed in ESP, and nothing else wrong: that a packet is seen at several places is no fault of its. */
const isSealedChecksum = (row: Row) =>
  inTransportMode(row) &&
  !row['frame.protocols'].includes('malformed') &&
  row['_ws.expert.message'].split(',').every((message) => /^(Bad checksum|Wrong Sequence Number)/.test(message));

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

describe.each(SCENARIOS.map((scenario) => [scenario.id, scenario] as const))('%s', (id, scenario) => {
  const reading = once(() => readings(scenario));
  const own = async () => {
    const all = await reading();
    return all.find(({ profiles }) => profiles.includes(scenario.experiment.routers[0].profile))!.rows;
  };

  test('reads without a fault at every router', async () => {
    const faults = (await reading()).flatMap(({ profiles, rows }) =>
      rows.flatMap((row) => {
        const fault = SEALED_CHECKSUM.includes(id) && isSealedChecksum(row) ? undefined : faultOf(row);
        const place = `${profiles.join(', ')}: packet ${row['frame.number']} on ${row['frame.interface_name']}`;
        return fault === undefined ? [] : [`${place} (${row['frame.protocols']}): ${fault}`];
      }),
    );
    expect(faults).toEqual([]);
    const seen = (await reading()).flatMap(({ profiles }) => profiles);
    expect(seen.sort()).toEqual(PROFILES.map((profile) => profile.id).sort());
    for (const { rows } of await reading()) expect(rows[0]!['frame.number']).toBe('1');
  });

  const inside = INSIDE[id];
  if (inside !== undefined)
    test(`opens down to ${inside}`, async () => {
      const open = (await own()).filter((row) => row['frame.protocols'].includes(inside));
      const places = open.map((row) => row['frame.interface_name']);
      expect(places).toContain('router wan');
      expect(places).toContain('server');
    });

  if (SEALED_CHECKSUM.includes(id))
    test('shows the wrong checksum that no NAT can mend', async () => {
      const wrong = (await own()).filter((row) => inTransportMode(row) && sums(row).includes('0'));
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
