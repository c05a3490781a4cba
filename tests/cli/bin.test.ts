/** The command line as a process: bin/passthrough-lab.js from a checkout. */
import { spawn } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PcapngWriter } from '../../src/capture/pcapng-writer.ts';
import { hex } from '../../src/lib/bytes.ts';

const root = join(import.meta.dirname, '..', '..');
let checkout: string;

/** A checkout of its own, without anything built. */
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'passthrough-lab-'));
  const settings = readdirSync(root).filter((name) => /^(tsconfig.*|package)\.json$/.test(name));
  for (const name of ['bin', 'scripts', 'src', 'vite.cli.config.ts', ...settings])
    cpSync(join(root, name), join(checkout, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
});

afterAll(() => {
  rmSync(checkout, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(checkout, 'bin', 'passthrough-lab.js'), ...args]);
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status) => resolve({ status, out, err }));
  });
  return { child, ended };
}

test('started four times at once where nothing is built, it builds itself and answers each time', async () => {
  const all = await Promise.all([1, 2, 3, 4].map(() => start('--help').ended));
  for (const { status, out, err } of all) {
    expect(err).toBe('');
    expect(status).toBe(0);
    expect(out).toMatch(/^usage: passthrough-lab/);
  }
  expect(readdirSync(join(checkout, 'dist-cli'))).toEqual(['passthrough-lab.js']);
}, 60_000);

test('a source newer than what was built is built in', async () => {
  const file = join(checkout, 'src', 'cli', 'main.ts');
  writeFileSync(file, "process.stdout.write('rebuilt');\n");
  const soon = new Date(Date.now() + 5000);
  utimesSync(file, soon, soon);
  expect((await start().ended).out).toBe('rebuilt');
  cpSync(join(root, 'src', 'cli', 'main.ts'), file);
  const later = new Date(Date.now() + 10_000);
  utimesSync(file, later, later);
  expect((await start('--help').ended).out).toMatch(/^usage:/);
}, 60_000);

test('the version is that of the package, also when only that has changed', async () => {
  const path = join(checkout, 'package.json');
  const settings = readFileSync(path, 'utf8');
  writeFileSync(path, settings.replace(/"version": ".*"/, '"version": "7.8.9"'));
  const latest = new Date(Date.now() + 20_000);
  utimesSync(path, latest, latest);
  expect((await start('--version').ended).out).toBe('passthrough-lab 7.8.9\n');
  writeFileSync(path, settings);
}, 60_000);

test('a build that fails says what to do, with status 2', async () => {
  const broken = join(checkout, 'broken');
  mkdirSync(broken);
  for (const name of ['bin', 'scripts']) cpSync(join(root, name), join(broken, name), { recursive: true });
  const child = spawn(process.execPath, [join(broken, 'bin', 'passthrough-lab.js')]);
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const status = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  expect(status).toBe(2);
  expect(err).toMatch(/^passthrough-lab: cannot build the command line: .*\nRun "npm ci" in .*broken first\.\n$/ms);
}, 60_000);

test('bad usage ends with status 2 and a word on standard error only', async () => {
  const { status, out, err } = await start('dissect').ended;
  expect([status, out]).toEqual([2, '']);
  expect(err).toMatch(/^passthrough-lab dissect: FILE is missing\n/);
}, 60_000);

test('a file is written with the folders it lies in, and standard input is read', async () => {
  const path = join(checkout, 'out', 'of', 'https.pcapng');
  const written = await start('run', 'https', '--pcapng', path).ended;
  expect([written.status, written.err]).toEqual([0, `${path}: written\n`]);
  const { child, ended } = start('dissect', '-');
  child.stdin.end(readFileSync(path));
  const piped = await ended;
  expect([piped.status, piped.err]).toEqual([0, '']);
  expect(piped.out).toBe((await start('dissect', path).ended).out);
}, 60_000);

test('folders and files that cannot be made end at once, with what is there', async () => {
  const file = join(checkout, 'package.json');
  for (const [option, path, trouble] of [
    ['--keys', file, 'expected a folder, received a file'],
    ['--keys', join(file, 'x'), 'lies in a file, not in a folder'],
    ['--pcapng', join(file, 'x'), 'lies in a file, not in a folder'],
    ['--pcapng', checkout, 'expected a file, received a folder'],
    ['--pcapng', '/proc/nobody/x/y.pcapng', 'no such file or folder'],
  ] as const) {
    const { status, out, err } = await start('run', 'https', option, path).ended;
    expect([status, out, err]).toEqual([2, '', `${path}: ${trouble}\n`]);
  }
}, 60_000);

test('a recording is replayed from files as it was made', async () => {
  const side = (name: string) => join(root, 'tests', 'recordings', 'raw-unsolicited', `${name}.pcap`);
  const { status, out, err } = await start('replay', side('lan'), side('wan')).ended;
  expect([status, err]).toEqual([0, '']);
  expect(out).toMatch(/\n26 of 26 packets as recorded\n$/);
}, 60_000);

test('a router answers each line before it gets the next', async () => {
  const { child, ended } = start('router', '--jsonl');
  const answers = child.stdout[Symbol.asyncIterator]();
  for (const [line, answer] of [
    ['{"show":"conntrack"}', '{"conntrack":[]}'],
    ['nonsense', '{"error":"line: expected a JSON object, received \\"nonsense\\""}'],
    ['{"flush":"conntrack"}', '{"flushed":"conntrack","changes":[]}'],
  ]) {
    child.stdin.write(`${line}\n`);
    expect((await answers.next()).value).toBe(`${answer}\n`);
  }
  child.stdin.end('{"show":"conntrack"}');
  expect((await answers.next()).value).toBe('{"conntrack":[]}\n');
  expect((await ended).status).toBe(0);
}, 60_000);

test('a reader that stops early, as head does, ends it quietly', async () => {
  const writer = new PcapngWriter('test');
  const on = writer.addInterface({ linkType: 1 });
  for (let i = 0; i < 20_000; i++) writer.addPacket({ interface: on, time: 0n, bytes: hex('00010203') });
  const path = join(checkout, 'many.pcapng');
  writeFileSync(path, writer.finish());
  const { child, ended } = start('dissect', path);
  child.stdout.once('data', () => child.stdout.destroy());
  const { status, err } = await ended;
  expect([status, err]).toEqual([0, '']);
}, 60_000);

test('a complaint that nobody reads leaves the status as it is', async () => {
  const { child, ended } = start('run', 'nothing-of-the-kind');
  child.stderr.destroy();
  expect((await ended).status).toBe(2);
}, 60_000);

test('output that cannot be written is said in a sentence, with status 2', async () => {
  const readOnly = openSync(join(checkout, 'package.json'), 'r');
  const child = spawn(process.execPath, [join(checkout, 'bin', 'passthrough-lab.js'), 'scenarios'], {
    stdio: ['ignore', readOnly, 'pipe'],
  });
  closeSync(readOnly);
  let err = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const status = await new Promise((resolve) => {
    child.on('close', resolve);
  });
  expect(status).toBe(2);
  expect(err).toMatch(/^passthrough-lab: standard output: .+\n$/);
}, 60_000);
