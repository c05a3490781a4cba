/**
 * The whole check, `npm test`: every step runs, whatever the ones before said, and the last line counts the tests.
 * A step that fails without a failed test of its own (types, lint, a missing tool) counts as one failure.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setUp } from './setup.mjs';

const started = Date.now();
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];

const { chromium, complaints } = prepared();
const env = { ...process.env, ...(chromium ? { CHROME_PATH: chromium } : {}) };

rmSync('reports', { recursive: true, force: true });
if (complaints.length > 0) fail(`setup: ${complaints.join('; ')}`);
step('types', ['tsc', '-b']);
step('lint', ['biome', 'ci', '--error-on-warnings']);
step('unused code', ['knip']);
step('command line build', ['node', 'scripts/build-cli.mjs']);
step('page build', ['vite', 'build', '--logLevel', 'warn']);
vitest('engine', 'unit and property tests');
vitest('outside', 'tests against Wireshark and the Linux kernel');
vitest('page', 'component tests');
step('browser tests', ['playwright', 'test'], () => browserCounts('reports/browser.json'));

if (total.passed === 0) fail('tests: none passed');
if (total.skipped > 0) fail(`tests: ${total.skipped} skipped, and none may be`, 0);
console.log(`\nall steps took ${seconds(started)} s`);
for (const failure of failures) console.log(`FAIL ${failure}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
const summary = `${total.passed} passed, ${total.failed} failed${skipped}`;
mkdirSync('reports', { recursive: true });
writeFileSync('reports/summary.txt', `${summary}\n`);
console.log(summary);
process.exitCode = failures.length > 0 ? 1 : 0;

function prepared() {
  try {
    return setUp();
  } catch (error) {
    return { chromium: undefined, complaints: [error.message] };
  }
}

function fail(what, count = 1) {
  failures.push(what);
  total.failed += count;
}

function vitest(project, name) {
  const report = `reports/${project}.json`;
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  step(name, ['vitest', 'run', '--project', project, ...reporters], () => unitCounts(report));
}

/** `counts` reads what the step's own report says of its tests. */
function step(name, [program, ...args], counts) {
  const from = Date.now();
  console.log(`\n── ${name}`);
  const path = program === 'node' ? process.execPath : `node_modules/.bin/${program}`;
  const { status, error } = spawnSync(path, args, { stdio: 'inherit', env });
  const found = counts?.() ?? { passed: 0, failed: 0, skipped: 0 };
  for (const key of Object.keys(total)) total[key] += found[key];
  if (status === 0 && found.failed === 0) return console.log(`ok   ${name}, ${seconds(from)} s`);
  const why = error ? error.message : found.failed > 0 ? `${found.failed} failed` : `exit status ${status}`;
  return fail(`${name}: ${why}`, found.failed > 0 ? 0 : 1);
}

function seconds(from) {
  return ((Date.now() - from) / 1000).toFixed(1);
}

function report(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function unitCounts(file) {
  const found = report(file);
  return {
    passed: found?.numPassedTests ?? 0,
    failed: found?.numFailedTests ?? 0,
    skipped: (found?.numPendingTests ?? 0) + (found?.numTodoTests ?? 0),
  };
}

function browserCounts(file) {
  const found = report(file)?.stats;
  // A test that passes only when tried again is broken.
  return {
    passed: found?.expected ?? 0,
    failed: (found?.unexpected ?? 0) + (found?.flaky ?? 0),
    skipped: found?.skipped ?? 0,
  };
}
