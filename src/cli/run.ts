/** From command-line arguments to an exit status. @module */
import { name as packageName, version } from '../../package.json';
import { type Command, EXIT, PROGRAM, runCommand } from './command.ts';
import { dissectCommand } from './commands/dissect.ts';
import { gearCommand } from './commands/gear.ts';
import { matrixCommand } from './commands/matrix.ts';
import { replayCommand } from './commands/replay.ts';
import { routerCommand } from './commands/router.ts';
import { runScenarioCommand } from './commands/run.ts';
import { scenariosCommand } from './commands/scenarios.ts';
import { didYouMean } from './near.ts';
import type { Options } from './options.ts';
import type { Terminal } from './terminal.ts';

/** A command with its options' types closed in. */
function entry<O extends Options>(command: Command<O>) {
  const { name, summary } = command;
  return { name, summary, run: (args: readonly string[], terminal: Terminal) => runCommand(command, args, terminal) };
}

const entries = [
  entry(scenariosCommand),
  entry(runScenarioCommand),
  entry(matrixCommand),
  entry(gearCommand),
  entry(routerCommand),
  entry(replayCommand),
  entry(dissectCommand),
];

export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [first, ...others] = args;
  // "help run" is "run --help".
  const [name, ...rest] = first === 'help' && others.length > 0 ? [...others, '--help'] : args;
  if (name === undefined) {
    terminal.complain(overview().trimEnd());
    return EXIT.trouble;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await terminal.out(overview());
    return EXIT.ok;
  }
  if (name === '--version') {
    await terminal.out(`${packageName} ${version}\n`);
    return EXIT.ok;
  }
  const found = entries.find((each) => each.name === name);
  if (found) return found.run(rest, terminal);
  const kind = name.startsWith('-') ? 'option' : 'command';
  const known = [...entries.map((each) => each.name), '--help', '--version'];
  terminal.complain(`${PROGRAM}: unknown ${kind} ${name}${didYouMean(name, known)}`);
  terminal.complain(`Try ${PROGRAM} --help`);
  return EXIT.trouble;
}

function overview(): string {
  const width = Math.max(...entries.map(({ name }) => name.length));
  const list = entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('');
  return `usage: ${PROGRAM} COMMAND …\n\ncommands:\n${list}\n${PROGRAM} COMMAND --help tells more, ${PROGRAM} --version which version this is.\n`;
}
