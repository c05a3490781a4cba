/** From command-line arguments to an exit status. @module */
import { EXIT, PROGRAM, runCommand } from './command.ts';
import { dissectCommand } from './commands/dissect.ts';
import type { Terminal } from './terminal.ts';

const entries = [
  {
    name: dissectCommand.name,
    summary: dissectCommand.summary,
    run: (args: readonly string[], terminal: Terminal) => runCommand(dissectCommand, args, terminal),
  },
];

export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    terminal.complain(overview().trimEnd());
    return EXIT.trouble;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    await terminal.out(overview());
    return EXIT.ok;
  }
  const entry = entries.find((each) => each.name === name);
  if (entry) return entry.run(rest, terminal);
  terminal.complain(`${PROGRAM}: unknown ${name.startsWith('-') ? 'option' : 'command'} ${name}`);
  terminal.complain(`Try ${PROGRAM} --help`);
  return EXIT.trouble;
}

function overview(): string {
  const width = Math.max(...entries.map((entry) => entry.name.length));
  const list = entries.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}\n`).join('');
  return `usage: ${PROGRAM} COMMAND …\n\ncommands:\n${list}\n${PROGRAM} COMMAND --help tells more.\n`;
}
