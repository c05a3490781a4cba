import { describe, expect, test } from 'vitest';
import { openCapture } from '../../src/capture/open.ts';
import { decodeUtf8 } from '../../src/capture/utf8.ts';
import { didYouMean } from '../../src/cli/near.ts';
import { run } from '../../src/cli/run.ts';
import { SCENARIOS } from '../../src/scenarios/index.ts';
import { fakeTerminal } from './fake-terminal.ts';

async function outcome(...args: readonly string[]) {
  const terminal = fakeTerminal();
  const status = await run(args, terminal);
  return { status, printed: terminal.printed(), complaints: terminal.complaints, written: terminal.written };
}

describe('scenarios', () => {
  test('lists every scenario once, by name and title', async () => {
    const { status, printed } = await outcome('scenarios');
    expect(status).toBe(0);
    for (const { id, title } of SCENARIOS)
      expect(printed.split('\n').filter((line) => line.includes(`  ${id} `) && line.endsWith(title))).toHaveLength(1);
  });

  test('--json gives story, experiment and claims of each', async () => {
    const { printed } = await outcome('scenarios', '--json');
    const read = JSON.parse(printed) as { id: string; claims: string[]; experiment: { seed: number } }[];
    expect(read.map(({ id }) => id)).toEqual(SCENARIOS.map(({ id }) => id));
    expect(read[0]?.claims).toContain('the user of a reads 806');
    expect(read[0]?.experiment.seed).toBe(1);
  });
});

describe('run', () => {
  test('tells a line for every occurrence, in columns, and how each laptop ended', async () => {
    const { status, printed, complaints } = await outcome('run', 'pptp-two-laptops-same-call-id');
    expect([status, complaints]).toEqual([0, []]);
    expect(printed).toMatch(/^PPTP: two laptops, one server, the same Call ID\nTwo laptops/);
    expect(printed).toMatch(/^ {3}0\.000000 {2}a {7}sent {8}192\.168\.1\.10/m);
    expect(printed).toMatch(/ router {2}dropped {5}.* {2}GRE · LCP .*\[no ports\]$/m);
    expect(printed).toMatch(/ a {7}symptom {5}windows 806: /);
    expect(printed).toMatch(/\nLaptop A is failed: failed\nLaptop B is failed: failed\n$/);
  });

  test('with a switch or a router of another kind, another story', async () => {
    const on = await outcome('run', 'pptp-two-laptops-same-call-id', '--profile', 'linux', '--pptp', 'on');
    expect(on.printed).toMatch(/\nLaptop A is up: up\nLaptop B is up: up\n$/);
  });

  test('another seed, other chance; the same seed, the same bytes', async () => {
    const [one, again, other] = await Promise.all(
      ['5', '5', '6'].map((seed) => outcome('run', 'natt-two-laptops', '--seed', seed)),
    );
    expect(one?.printed).toBe(again?.printed);
    expect(one?.printed).not.toBe(other?.printed);
  });

  test('--json is one object that can be read back', async () => {
    const { printed } = await outcome('run', 'ah-one-laptop', '--json');
    const read = JSON.parse(printed) as { scenario: string; nodes: { addresses: string[] }[]; occurrences: unknown[] };
    expect([read.scenario, read.nodes[0]?.addresses]).toEqual(['ah-one-laptop', ['192.168.1.10']]);
    expect(read.occurrences.length).toBeGreaterThan(10);
  });

  test('--pcapng writes an interface for each place, with comments and keys', async () => {
    const { status, written } = await outcome('run', 'sstp', '--pcapng', 'out/sstp.pcapng');
    expect([status, [...written.keys()]]).toEqual([0, ['out/sstp.pcapng']]);
    const opened = openCapture(written.get('out/sstp.pcapng')!);
    if (!opened.ok) throw new Error('not a capture');
    const packets = [...opened.value];
    expect(opened.value.interfaces.map(({ name }) => name)).toEqual(['a', 'b', 'router wan', 'server']);
    expect(new Set(packets.map((packet) => packet.interface)).size).toBe(4);
    expect(packets.some(({ comments }) => comments.some((each) => each.includes('router, forwarded: ')))).toBe(true);
    expect(decodeUtf8(opened.value.secrets[0]!.data)).toMatch(/^SERVER_HANDSHAKE|^CLIENT_/m);
  });

  test('--keys writes Wireshark’s own files', async () => {
    const { written, complaints } = await outcome('run', 'natt-one-laptop', '--keys', 'profile/');
    expect(complaints).toEqual(['profile/esp_sa: written', 'profile/ikev2_decryption_table: written']);
    expect([...written.keys()]).toEqual(['profile/esp_sa', 'profile/ikev2_decryption_table']);
    expect(decodeUtf8(written.get('profile/esp_sa')!)).toMatch(/^"IPv4","\*","\*","0x[0-9a-f]{8}",/);
  });

  test('where there are no keys, --keys says so, and writes nothing', async () => {
    const { status, written, complaints } = await outcome('run', 'pptp-one-laptop', '--keys', 'profile');
    expect([status, written.size]).toEqual([0, 0]);
    expect(complaints).toEqual(['profile: no keys to write: nothing in this run has keys that Wireshark reads']);
  });

  test('with --pcapng - the packets are all that is printed', async () => {
    const { status, printed, written, complaints } = await outcome('run', 'https', '--pcapng', '-');
    expect([status, printed, complaints]).toEqual([0, '', []]);
    expect(openCapture(written.get('-')!).ok).toBe(true);
    const both = await outcome('run', 'https', '--pcapng', '-', '--json');
    expect([both.status, both.printed, both.written.size]).toEqual([2, '', 0]);
    expect(both.complaints[0]).toBe('passthrough-lab run: standard output takes --json or --pcapng -, not both');
  });

  test.each([
    ['--pcapng', '/forbidden/x.pcapng', 'https'],
    ['--keys', '/forbidden', 'https'],
    ['--keys', '/forbidden', 'pptp-one-laptop'],
  ])(
    '%s %s for %s, which cannot be written, is said and nothing else, with status 2',
    async (option, path, scenario) => {
      const { status, printed, complaints } = await outcome('run', scenario, option, path);
      expect([status, printed, complaints]).toEqual([2, '', [`${path}: not allowed`]]);
    },
  );

  test.each([
    ['pptp-one-labtop', /^passthrough-lab run: no scenario "pptp-one-labtop"; did you mean pptp-one-laptop or /],
    ['HTTPS', /; did you mean https\?$/],
    ['roaming', /; did you mean wireguard-roaming\?$/],
    ['quantum', /^passthrough-lab run: no scenario "quantum"; "scenarios" lists them$/],
  ])('%s is no scenario', async (name, complaint) => {
    const { status, printed, complaints } = await outcome('run', name);
    expect([status, printed]).toEqual([2, '']);
    expect(complaints[0]).toMatch(complaint);
  });

  test.each(['run', 'scenarios'])('%s --help shows its usage', async (command) => {
    const { status, printed } = await outcome(command, '--help');
    expect([status, printed.split('\n')[0]]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^usage: passthrough-lab ${command} `)),
    ]);
  });
});

test('near names: a part counts most, then the fewest letters to change', () => {
  expect(didYouMean('esp', ['esp-one', 'rdp', 'wireguard'])).toBe('; did you mean esp-one or rdp?');
  expect(didYouMean('', ['wireguard'])).toBe('');
});
