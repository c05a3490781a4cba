import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { fakeTerminal } from './fake-terminal.ts';

async function outcome(...args: readonly string[]) {
  const terminal = fakeTerminal();
  const status = await run(args, terminal);
  return { status, printed: terminal.printed(), complaints: terminal.complaints };
}

test.each([['--help'], ['-h'], ['help']])('%s lists the commands', async (word) => {
  const { status, printed, complaints } = await outcome(word);
  expect(status).toBe(0);
  expect(printed).toMatch(/^usage: passthrough-lab COMMAND/);
  expect(printed).toMatch(/^ {2}dissect +every packet/m);
  expect(complaints).toEqual([]);
});

test('--version says what this is, as package.json has it, and help says so', async () => {
  const { name, version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'));
  expect(await outcome('--version')).toEqual({ status: 0, printed: `${name} ${version}\n`, complaints: [] });
  expect((await outcome('--help')).printed).toContain('passthrough-lab --version');
});

test.each(['router', 'replay', 'dissect'])('%s --help shows its usage, whatever else is given', async (command) => {
  for (const args of [
    [command, '--help'],
    [command, 'x', '-h', 'y', 'z'],
    [command, '--wrong', '--profile', '--help'],
    ['help', command],
  ]) {
    const { status, printed } = await outcome(...args);
    expect(status).toBe(0);
    expect(printed).toMatch(new RegExp(`^usage: passthrough-lab ${command} `));
    expect(printed).toMatch(/--help/);
  }
});

test.each([
  [[], /^usage:/],
  [['frobnicate'], /^passthrough-lab: unknown command frobnicate$/],
  [['scenario'], /^passthrough-lab: unknown command scenario; did you mean scenarios\?$/],
  [['dissct', 'x'], /^passthrough-lab: unknown command dissct; did you mean dissect\?$/],
  [['help', 'dissct'], /^passthrough-lab: unknown command dissct; did you mean dissect\?$/],
  [['--verison'], /^passthrough-lab: unknown option --verison; did you mean --version\?$/],
  [['-v'], /^passthrough-lab: unknown option -v; did you mean --version\?$/],
  [['version'], /^passthrough-lab: unknown command version; did you mean --version\?$/],
  [['-x'], /^passthrough-lab: unknown option -x$/],
  [['dissect'], /^passthrough-lab dissect: FILE is missing$/],
  [['dissect', 'a', 'b'], /^passthrough-lab dissect: "b" is one argument too many$/],
  [['dissect', '--wrong', 'a'], /^passthrough-lab dissect: unknown option --wrong$/],
])('%j is bad usage: status 2, standard error only', async (args, complaint) => {
  const { status, printed, complaints } = await outcome(...args);
  expect(status).toBe(2);
  expect(printed).toBe('');
  expect(complaints[0]).toMatch(complaint);
});
