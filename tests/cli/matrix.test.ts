import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { SITUATIONS } from '../../src/scenarios/matrix-situations.ts';
import { fakeTerminal } from './fake-terminal.ts';

async function matrix(...args: readonly string[]) {
  const terminal = fakeTerminal();
  const status = await run(['matrix', ...args], terminal);
  return { status, printed: terminal.printed(), complaints: terminal.complaints };
}

test('a table of one router: a row for each situation, a column for each position, and why below', async () => {
  const { status, printed, complaints } = await matrix('--profile', 'tomato');
  expect([status, complaints]).toEqual([0, []]);
  expect(printed).toMatch(/^Tomato \(tomato\)\n {2}pptp: On: .*\n {2}pptp: Off: /);
  expect(printed).toMatch(/^ +PLI +·LI$/m);
  expect(printed).toMatch(/^PPTP, 2 laptops, same Call ID +OK≠ +1st$/m);
  expect(printed).toMatch(/^ {4}1st +step +\d+ {2}already taken: .* {2}\[·LI\]$/m);
  for (const { title } of SITUATIONS) expect(printed).toContain(`\n${title} `);
  expect(printed).toMatch(/\n56 cells in \d+\.\d s\n$/);
});

test('--json: one object for each cell, with verdict, step and reason, and each laptop’s fate', async () => {
  const { status, printed, complaints } = await matrix('--profile', 'openwrt', '--json');
  expect(status).toBe(0);
  expect(complaints).toEqual([expect.stringMatching(/^28 cells in \d+\.\d s$/)]);
  const cells = JSON.parse(printed) as Record<string, never>[];
  expect(cells).toHaveLength(SITUATIONS.length);
  expect(cells.find(({ situation }) => situation === 'esp-two')).toMatchObject({
    profile: 'openwrt',
    switches: { pptp: true, l2tp: true, ipsec: true },
    verdict: {
      code: '1st',
      reason: { code: 'tuple-clash', protocol: 50 },
      laptops: [
        { node: 'a', code: 'OK' },
        { node: 'b', code: 'X-out' },
      ],
    },
  });
});

test('all routers in turn give the cells that each gives alone', async () => {
  const terminal = fakeTerminal();
  const pieces: string[] = [];
  await run(['matrix', '--json'], { ...terminal, out: async (output) => void pieces.push(String(output)) });
  const cells = JSON.parse(pieces.join('')) as { profile: string }[];
  expect([...new Set(cells.map(({ profile }) => profile))]).toEqual(PROFILES.map(({ id }) => id));
  expect(pieces).toHaveLength(PROFILES.length + 1);
  const alone = JSON.parse((await matrix('--profile', 'dd-wrt', '--json')).printed) as unknown;
  expect(cells.filter(({ profile }) => profile === 'dd-wrt')).toEqual(alone);
});

test('a router that is not there is bad usage', async () => {
  const { status, complaints } = await matrix('--profile', 'toaster');
  expect(status).toBe(2);
  expect(complaints[0]).toMatch(/^passthrough-lab matrix: --profile: expected textbook, linux, /);
});
