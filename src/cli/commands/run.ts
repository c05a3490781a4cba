/** `passthrough-lab run SCENARIO`: plays a scenario, tells it line by line, and writes it for Wireshark. @module */
import { join } from 'node:path';
import { encodeUtf8 } from '../../capture/utf8.ts';
import { SCENARIOS, scenarioOf } from '../../scenarios/index.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { vary } from '../../scenarios/vary.ts';
import { formatIpv4 } from '../../wire/address.ts';
import { exportPcapng, keyFiles } from '../../world/export-pcapng.ts';
import { type Run, run } from '../../world/run.ts';
import type { Occurrence } from '../../world/trace.ts';
import { type Command, EXIT } from '../command.ts';
import { toJson } from '../json.ts';
import { comment, tell } from '../narrate.ts';
import { didYouMean } from '../near.ts';
import { choice, flag, type Option, type Values } from '../options.ts';
import { position, profiles, seedOption } from '../router-options.ts';
import type { Terminal } from '../terminal.ts';

const STANDARD_OUTPUT = '-';
const THE_SCENARIOS = "the scenario's";

function path(placeholder: string, help: string): Option<string | undefined> {
  return { placeholder, help, expected: 'a path', parse: (text) => text || undefined, otherwise: undefined };
}

const options = {
  profile: {
    ...choice('ID', 'model of the home router', profiles, 'linux'),
    otherwise: undefined,
    shown: THE_SCENARIOS,
  },
  pptp: position('PPTP passthrough switch', THE_SCENARIOS),
  l2tp: position('L2TP passthrough switch', THE_SCENARIOS),
  ipsec: position('IPsec passthrough switch', THE_SCENARIOS),
  seed: { ...seedOption, help: 'decides all that is drawn by chance', otherwise: undefined, shown: THE_SCENARIOS },
  pcapng: path('FILE', 'write all packets, with explanations and keys, for Wireshark; "-" is standard output'),
  keys: path('DIR', "write keys in the formats of Wireshark's own files, esp_sa and ikev2_decryption_table"),
  json: flag('one JSON object instead of text, an occurrence a line'),
};

export const runScenarioCommand: Command<typeof options> = {
  name: 'run',
  summary: 'plays a scenario and tells what happens',
  operands: ['SCENARIO'],
  options,
  about: `
Plays a built-in scenario ("scenarios" lists them) and prints a line for everything that happens: when, where, what, and
at a router why. Times are seconds. The same scenario, options and seed give the same bytes every time.

The file of --pcapng has an interface for each place where one could have listened: each client, each server, and the
WAN side of each router. What the next router did with a packet is the packet's comment. TLS and WireGuard open by
themselves; for ESP and IKEv2 put the files of --keys into your Wireshark profile's folder. With "-" for FILE nothing is
told, and the packets can be piped:

  passthrough-lab run natt-two-laptops --pcapng - | wireshark -k -i -

Exit status: 0; 2 if there is no such scenario or a file cannot be written.`,
  async run({ values, operands }, terminal) {
    const id = operands[0]!;
    const scenario = scenarioOf(id);
    if (!scenario) return { complaint: `no scenario ${JSON.stringify(id)}${suggestion(id)}` };
    const piped = values.pcapng === STANDARD_OUTPUT;
    if (piped && values.json) return { complaint: 'standard output takes --json or --pcapng -, not both' };
    const played = run(vary(scenario.experiment, variation(values)));
    const written = [await writePackets(scenario, played, values, terminal), await writeKeys(played, values, terminal)];
    if (written.includes(false)) return EXIT.trouble;
    if (!piped) await (values.json ? printJson : printText)(scenario, played, terminal);
    return EXIT.ok;
  },
};

function suggestion(typed: string): string {
  const names = SCENARIOS.map(({ id }) => id);
  return didYouMean(typed, names) || '; "scenarios" lists them';
}

function variation({ profile, pptp, l2tp, ipsec, seed }: Values<typeof options>) {
  const positions = { pptp, l2tp, ipsec };
  const switches = Object.fromEntries(Object.entries(positions).filter(([, on]) => on !== undefined));
  return { switches, ...(profile ? { profile: profile.id } : {}), ...(seed === undefined ? {} : { seed }) };
}

async function printText({ title, story }: Scenario, played: Run, terminal: Terminal): Promise<void> {
  await terminal.out(`${title}\n${story}\n\n`);
  const width = Math.max(...played.nodes.map(({ id }) => id.length));
  for (const occurrence of played.occurrences) {
    const { what, rest } = tell(occurrence);
    const time = (occurrence.time / 1_000_000).toFixed(6).padStart(11);
    await terminal.out(`${time}  ${occurrence.node.padEnd(width)}  ${what.padEnd(10)}  ${rest}\n`);
  }
  await terminal.out(`\n${played.nodes.flatMap((node) => ending(node, played.occurrences)).join('')}`);
}

/** How a client's story ended, in a line. */
function ending({ id, kind, name }: Run['nodes'][number], occurrences: readonly Occurrence[]): readonly string[] {
  if (kind !== 'client') return [];
  const last = occurrences.findLast((each) => each.kind === 'phase' && each.node === id);
  return [`${name} is ${last?.kind === 'phase' ? `${last.status}: ${last.phase}` : 'as it was'}\n`];
}

async function printJson(scenario: Scenario, played: Run, terminal: Terminal): Promise<void> {
  const nodes = played.nodes.map((node) => ({ ...node, addresses: node.addresses.map(formatIpv4) }));
  await terminal.out(`{"scenario":${toJson(scenario.id)},"nodes":${toJson(nodes)},"occurrences":[`);
  let before = '\n';
  for (const occurrence of played.occurrences) {
    await terminal.out(before + toJson(occurrence));
    before = ',\n';
  }
  await terminal.out(`\n],"end":${played.end}}\n`);
}

type Asked = Values<typeof options>;

/** Answers whether the packets could be written, if they were asked for. */
async function writePackets({ title }: Scenario, played: Run, { pcapng }: Asked, terminal: Terminal): Promise<boolean> {
  if (pcapng === undefined) return true;
  const bytes = exportPcapng(played, { about: title, comment });
  if (pcapng === STANDARD_OUTPUT) {
    await terminal.out(bytes);
    return true;
  }
  return said(pcapng, await terminal.write(pcapng, bytes), terminal);
}

/** The same for keys. A folder that cannot be one is refused even where there is nothing to put into it. */
async function writeKeys({ secrets }: Run, { keys }: Asked, terminal: Terminal): Promise<boolean> {
  if (keys === undefined) return true;
  const trouble = await terminal.makeFolder(keys);
  if (trouble !== undefined) return said(keys, trouble, terminal);
  const files = [...keyFiles(secrets)];
  if (files.length === 0)
    terminal.complain(`${keys}: no keys to write: nothing in this run has keys that Wireshark reads`);
  let written = true;
  for (const [name, text] of files) {
    const path = join(keys, name);
    written = said(path, await terminal.write(path, encodeUtf8(text)), terminal) && written;
  }
  return written;
}

/** Says what became of a file; answers whether it was written. */
function said(path: string, trouble: string | undefined, terminal: Terminal): boolean {
  terminal.complain(`${path}: ${trouble ?? 'written'}`);
  return trouble === undefined;
}
