/**
 * Finds what the tests need beyond npm packages and, as root on Debian, installs what is missing; elsewhere it ends
 * with an error that names it. With a command, runs that command with CHROME_PATH set.
 *
 *     node scripts/setup.mjs [--for page|outside] [command …]
 *
 * page: Chromium. outside: the judges that we did not write, Wireshark's tools and the running kernel. Both by default.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Programs by name and the Debian package each comes in. */
const NEEDS = [
  { for: 'page', program: 'Chromium', package: 'chromium', find: findChromium },
  ...['tshark', 'capinfos', 'editcap', 'mergecap'].map((name) => tool(name, 'tshark')),
  tool('ip', 'iproute2'),
  tool('nft', 'nftables'),
  tool('iptables-restore', 'iptables'),
  tool('conntrack', 'conntrack'),
  tool('python3', 'python3'),
];

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const CHROMIUM_PLACES = [
  '/usr/lib/chromium/chromium',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function tool(program, package_) {
  return { for: 'outside', program, package: package_, find: () => onPath(program) };
}

function runnable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Programs of the system are looked for even where a plain user's PATH leaves them out. */
function onPath(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(runnable);
}

function findChromium() {
  const given = process.env.CHROME_PATH;
  if (given && !runnable(given)) throw new Error(`CHROME_PATH is ${given}, which is no program that can be run`);
  return given || CHROMIUM_NAMES.map(onPath).find(Boolean) || CHROMIUM_PLACES.find(runnable);
}

function aptInstall(packages) {
  const quiet = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const apt = (...args) => {
    console.error(`+ apt-get ${args.join(' ')}`);
    return spawnSync('apt-get', args, quiet).status === 0;
  };
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages);
  // A fresh machine has no package lists, an old one stale ones.
  return install() || (apt('update') && install());
}

const isRoot = process.getuid?.() === 0;

/** The kernel as a judge needs Linux, root and leave to make network namespaces. */
function kernelComplaint() {
  if (process.platform !== 'linux')
    return `the tests against the Linux kernel need Linux, and this is ${process.platform}`;
  if (!isRoot) return 'the tests against the Linux kernel need root, for network namespaces: run as root or with sudo';
  if (spawnSync('unshare', ['--net', 'true']).status !== 0)
    return 'the tests against the Linux kernel need network namespaces, which this system does not allow (unshare --net)';
  return undefined;
}

/** Answers { chromium, complaints }: a sentence for each thing that is missing and could not be installed. */
export function setUp(purposes = ['page', 'outside']) {
  const needs = NEEDS.filter((need) => purposes.includes(need.for));
  const missing = () => needs.filter((need) => !need.find());
  if (missing().length > 0 && isRoot && existsSync('/usr/bin/apt-get'))
    aptInstall([...new Set(missing().map((need) => need.package))]);
  const complaints = missing().map(
    (need) => `${need.program} is missing: install it (Debian: apt-get install ${need.package})`,
  );
  const kernel = purposes.includes('outside') ? kernelComplaint() : undefined;
  if (kernel) complaints.push(kernel);
  return { chromium: purposes.includes('page') ? findChromium() : undefined, complaints };
}

function main(args) {
  const only = args[0] === '--for' ? args.splice(0, 2)[1] : undefined;
  if (only !== undefined && only !== 'page' && only !== 'outside')
    throw new Error(`--for ${only}: expected page or outside`);
  const { chromium, complaints } = setUp(only ? [only] : undefined);
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  const [command, ...rest] = args;
  if (command === undefined) {
    console.log(`everything is there${chromium ? `, Chromium at ${chromium}` : ''}`);
    return 0;
  }
  const env = { ...process.env, ...(chromium ? { CHROME_PATH: chromium } : {}) };
  const { status, error } = spawnSync(command, rest, { stdio: 'inherit', env });
  if (error) throw error;
  return status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = main(process.argv.slice(2));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
