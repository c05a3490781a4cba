/** `passthrough-lab matrix`: what each router does to each VPN, switch by switch, found by running it. @module */
import { OUTCOMES } from '../../explain/outcomes.ts';
import { explain } from '../../explain/reasons.ts';
import { PROFILES } from '../../router/profiles/index.ts';
import { type Profile, SWITCHES, type Switches } from '../../router/profiles/profile.ts';
import { type Cell, matrix, workingSwitches } from '../../scenarios/matrix.ts';
import { SITUATIONS, type Situation } from '../../scenarios/matrix-situations.ts';
import type { Ending } from '../../scenarios/matrix-verdict.ts';
import { type Command, EXIT } from '../command.ts';
import { toJson } from '../json.ts';
import { choice, flag } from '../options.ts';
import { profiles } from '../router-options.ts';
import type { Terminal } from '../terminal.ts';

const options = {
  profile: { ...choice('ID', 'one router model', profiles, 'linux'), otherwise: undefined, shown: 'all of them' },
  json: flag('one JSON array with an object for each cell, one a line'),
};

const LEGEND = Object.entries(OUTCOMES)
  .map(([code, { says }]) => `  ${code.padEnd(6)} ${says}`)
  .join('\n');

export const matrixCommand: Command<typeof options> = {
  name: 'matrix',
  summary: 'what each router does to each VPN, switch by switch',
  operands: [],
  options,
  about: `
Runs every situation at every router model, with its switches in every position that makes a difference, and prints what
came of it. A column's letters are the switches that are on: P PPTP, L L2TP, I IPsec; a dot stands for one that is off.

${LEGEND}

Below each table stands why: the cell, the step of the run that decides it, and what was said there.

Exit status: 0.`,
  async run({ values }, terminal) {
    const started = performance.now();
    const chosen = values.profile ? [values.profile] : PROFILES;
    const count = await (values.json ? printJson : printTables)(chosen, terminal);
    const took = `${count} cells in ${((performance.now() - started) / 1000).toFixed(1)} s`;
    if (values.json) terminal.complain(took);
    else await terminal.out(`${took}\n`);
    return EXIT.ok;
  },
};

/** Prints each router as soon as it has been run, and answers how many cells there were. */
type Print = (chosen: readonly Profile[], terminal: Terminal) => Promise<number>;

const printTables: Print = async (chosen, terminal) => {
  let count = 0;
  for (const [profile, cells] of matrix(chosen, SITUATIONS)) {
    await terminal.out(`${profile.name} (${profile.id})\n${meanings(profile)}\n${table(cells)}\n${whys(cells)}\n`);
    count += cells.length;
  }
  return count;
};

const printJson: Print = async (chosen, terminal) => {
  let count = 0;
  for (const [, cells] of matrix(chosen, SITUATIONS)) {
    await terminal.out(`${count === 0 ? '[' : ','}\n${cells.map(toJson).join(',\n')}`);
    count += cells.length;
  }
  await terminal.out('\n]\n');
  return count;
};

function meanings(profile: Profile): string {
  const working = workingSwitches(profile);
  if (working.length === 0) return '  No switch of this router does anything.\n';
  return working
    .flatMap((name) =>
      [profile.switches[name].on.says, profile.switches[name].off.says].map((says) => `  ${name}: ${says}\n`),
    )
    .join('');
}

const label = (switches: Switches): string =>
  SWITCHES.map((name) => (switches[name] ? name.charAt(0).toUpperCase() : '·')).join('');

const WIDTH = Math.max(...SITUATIONS.map(({ title }) => title.length));
const COLUMN = 7;

function table(cells: readonly Cell[]): string {
  const columns = [...new Set(cells.map(({ switches }) => label(switches)))].sort(byNumberOn);
  const head = `${' '.repeat(WIDTH)}  ${columns.map((each) => each.padEnd(COLUMN)).join('')}`;
  const rows = SITUATIONS.map((situation) => {
    const codes = columns.map((column) => cellOf(cells, situation, column)?.verdict.code ?? '');
    return `${situation.title.padEnd(WIDTH)}  ${codes.map((code) => code.padEnd(COLUMN)).join('')}`;
  });
  return [head, ...rows].map((line) => `${line.trimEnd()}\n`).join('');
}

function byNumberOn(a: string, b: string): number {
  const on = (text: string) => text.replaceAll('·', '').length;
  return on(b) - on(a) || (a < b ? 1 : -1);
}

function cellOf(cells: readonly Cell[], situation: Situation, column: string): Cell | undefined {
  return cells.find((cell) => cell.situation === situation.id && label(cell.switches) === column);
}

/** One line for each different explanation of a row, with the columns it holds for. */
function whys(cells: readonly Cell[]): string {
  return SITUATIONS.map(({ id, title }) => {
    const columns = new Map<string, string[]>();
    for (const { situation, switches, verdict } of cells) {
      if (situation !== id) continue;
      const why = `${verdict.code.padEnd(COLUMN)}step ${String(verdict.step).padStart(3)}  ${wordsOf(verdict)}`;
      columns.set(why, [...(columns.get(why) ?? []), label(switches)]);
    }
    const lines = [...columns].map(([why, where]) => `    ${why}  [${where.sort(byNumberOn).join(' ')}]\n`);
    return `  ${title}\n${lines.join('')}`;
  }).join('');
}

function wordsOf({ reason, said }: Ending<unknown>): string {
  if (!reason) return said ?? '';
  const { short, engineer } = explain(reason);
  return `${short}: ${engineer}`;
}
