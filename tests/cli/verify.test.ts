/** `npm test`'s own arithmetic, with every tool replaced by one that says what the test wants. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
let folder: string;

/** Does as its orders say: the report orders/NAME.json, then the exit status orders/NAME.status. */
const TOOL = `#!/bin/sh
name=$(basename "$0")
report=browser
for arg in "$@"; do
  case "$arg" in engine|outside|page) name=$arg report=$arg ;; esac
done
mkdir -p reports
[ -f "orders/$name.json" ] && cp "orders/$name.json" "reports/$report.json"
[ -f "orders/$name.status" ] && exit "$(cat "orders/$name.status")"
exit 0
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'passthrough-lab-'));
  for (const name of ['scripts', 'node_modules/.bin']) mkdirSync(join(folder, name), { recursive: true });
  copyFileSync(join(root, 'scripts', 'verify.mjs'), join(folder, 'scripts', 'verify.mjs'));
  const setup = 'export const setUp = () => ({ chromium: undefined, complaints: JSON.parse(process.env.MISSING) });';
  writeFileSync(join(folder, 'scripts', 'setup.mjs'), setup);
  writeFileSync(join(folder, 'scripts', 'build-cli.mjs'), '');
  for (const name of ['tsc', 'biome', 'knip', 'vite', 'vitest', 'playwright']) {
    const path = join(folder, 'node_modules', '.bin', name);
    writeFileSync(path, TOOL);
    chmodSync(path, 0o755);
  }
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Order {
  readonly report?: object;
  readonly status?: number;
}

function verify(orders: Readonly<Record<string, Order>>, missing: readonly string[] = []) {
  const place = join(folder, 'orders');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  for (const [name, { report, status }] of Object.entries(orders)) {
    if (report) writeFileSync(join(place, `${name}.json`), JSON.stringify(report));
    if (status) writeFileSync(join(place, `${name}.status`), String(status));
  }
  const env = { ...process.env, MISSING: JSON.stringify(missing) };
  const { status, stdout } = spawnSync(process.execPath, ['scripts/verify.mjs'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  const lines = stdout.trimEnd().split('\n');
  return { status, last: lines.at(-1), failures: lines.filter((line) => line.startsWith('FAIL ')) };
}

const unit = (numPassedTests: number, numFailedTests = 0, numPendingTests = 0) => ({
  report: { numPassedTests, numFailedTests, numPendingTests, numTodoTests: 0 },
  ...(numFailedTests > 0 ? { status: 1 } : {}),
});
const browser = (expected: number, unexpected = 0, skipped = 0, flaky = 0) => ({
  report: { stats: { expected, unexpected, skipped, flaky } },
});
const good = { engine: unit(10), outside: unit(5), page: unit(2), playwright: browser(3) };

describe('npm test', { timeout: 60_000 }, () => {
  test('when all is well the last line is the sum of all tests, and the status 0', () => {
    expect(verify(good)).toEqual({ status: 0, last: '20 passed, 0 failed', failures: [] });
  });

  test('failed tests are counted once each', () => {
    expect(verify({ ...good, engine: unit(8, 2), playwright: { ...browser(2, 1), status: 1 } })).toEqual({
      status: 1,
      last: '17 passed, 3 failed',
      failures: ['FAIL unit and property tests: 2 failed', 'FAIL browser tests: 1 failed'],
    });
  });

  test('a step without tests that fails is one failure, and so is one that fails before it counts', () => {
    expect(verify({ ...good, tsc: { status: 2 }, page: { status: 1 } })).toEqual({
      status: 1,
      last: '18 passed, 2 failed',
      failures: ['FAIL types: exit status 2', 'FAIL component tests: exit status 1'],
    });
  });

  test('a skipped test fails the run, though all that ran passed', () => {
    expect(verify({ ...good, outside: unit(4, 0, 1) })).toEqual({
      status: 1,
      last: '19 passed, 0 failed, 1 skipped',
      failures: ['FAIL tests: 1 skipped, and none may be'],
    });
  });

  test('a browser test that passes only when tried again has failed', () => {
    expect(verify({ ...good, playwright: browser(2, 0, 0, 1) })).toMatchObject({
      status: 1,
      last: '19 passed, 1 failed',
    });
  });

  test('what is missing on the machine is said and fails the run, after everything else has been tried', () => {
    expect(verify(good, ['tshark is missing', 'root is missing'])).toEqual({
      status: 1,
      last: '20 passed, 1 failed',
      failures: ['FAIL setup: tshark is missing; root is missing'],
    });
  });

  test('no tests at all is a failure', () => {
    expect(verify({})).toEqual({ status: 1, last: '0 passed, 1 failed', failures: ['FAIL tests: none passed'] });
  });
});
