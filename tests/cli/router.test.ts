import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encode as encodeUdp } from '../../src/wire/udp.ts';
import { fakeTerminal } from './fake-terminal.ts';

async function talk(args: readonly string[], lines: readonly (string | undefined)[]) {
  const terminal = fakeTerminal({}, lines);
  const status = await run(['router', ...args], terminal);
  return { status, answers: terminal.printed().split('\n').slice(0, -1), complaints: terminal.complaints };
}

function line(on: string, from: string, to: string): string {
  const pair = { source: ipv4(from), destination: ipv4(to) };
  const payload = encodeUdp({ sourcePort: 4000, destinationPort: 9, payload: Uint8Array.of(1) }, pair);
  return JSON.stringify({ in: on, packet: toHex(encodeIpv4({ ...pair, protocol: 17, payload })) });
}

test('each line gets its answer, in order, refused ones too', async () => {
  const lines = ['{"show":"conntrack"}', 'garbage', undefined, '{"flush":"conntrack"}'];
  const { status, answers } = await talk(['--jsonl'], lines);
  expect(status).toBe(0);
  expect(answers).toEqual([
    '{"conntrack":[]}',
    '{"error":"line: expected a JSON object, received \\"garbage\\""}',
    '{"error":"line: expected at most a million characters, received \\"more\\""}',
    '{"flushed":"conntrack","changes":[]}',
  ]);
});

test('the options set the router up', async () => {
  const lines = [line('lan', '10.9.0.5', '198.51.100.7'), line('wan', '192.0.2.9', '192.0.2.1')];
  const args = ['--jsonl', '--lan', '10.0.0.1/8', '--wan=192.0.2.1/24', '--pptp', 'on', '--seed', '7'];
  const open = await talk(args, lines);
  expect(open.answers[0]).toContain('"to":{"address":"192.0.2.1","key":4000}');
  expect(open.answers[1]).toContain('"verdict":"answered"');
  const closed = await talk([...args, '--firewall', 'on'], lines);
  expect(closed.answers[1]).toContain('"blocked-by-rule"');
});

test('hosts at both ends of a network, and networks of one or two hosts, are taken', async () => {
  for (const prefix of ['192.168.1.1/24', '192.168.1.254/24', '10.0.0.2/31', '10.0.0.3/32'])
    expect(await talk(['--jsonl', '--lan', prefix], [])).toMatchObject({ status: 0 });
});

const ids = PROFILES.map((each) => each.id);

test.each([
  [[], 'passthrough-lab router: say --jsonl, which is how this router is spoken to'],
  [
    ['--jsonl', '--profile', 'magic'],
    `passthrough-lab router: --profile: expected ${ids.slice(0, -1).join(', ')} or ${ids.at(-1)}, received "magic"`,
  ],
  [['--jsonl', '--pptp', 'maybe'], 'passthrough-lab router: --pptp: expected on or off, received "maybe"'],
  [
    ['--jsonl', '--lan', '192.168.1.1'],
    'passthrough-lab router: --lan: expected the address of a host with its network, as 192.168.1.1/24, received "192.168.1.1"',
  ],
  ...['192.168.1.0/24', '192.168.1.255/24', '10.0.0.0/8'].map((prefix): [string[], string] => [
    ['--jsonl', '--lan', prefix],
    `passthrough-lab router: --lan: expected the address of a host with its network, as 192.168.1.1/24, received "${prefix}"`,
  ]),
  [
    ['--jsonl', '--lan', '10.0.0.1/24', '--wan', '10.0.0.1/8'],
    'passthrough-lab router: --wan: expected another address than that of the LAN side, received "10.0.0.1/8"',
  ],
  [
    ['--jsonl', '--seed', '-1'],
    'passthrough-lab router: --seed: expected a whole number from 0 to 4294967295, received "-1"',
  ],
  [['--jsonl', 'x'], 'passthrough-lab router: "x" is one argument too many'],
])('%j is bad usage', async (args, complaint) => {
  const { status, answers, complaints } = await talk(args, ['{"show":"conntrack"}']);
  expect([status, answers, complaints[0]]).toEqual([2, [], complaint]);
});
