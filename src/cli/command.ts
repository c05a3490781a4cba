/** What a command of the command line is. @module */
import { asksForHelp, type Options, optionHelp, readArguments, type Values } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Exit statuses, after the manner of diff and grep. */
export const EXIT = {
  ok: 0,
  /** It ran, and the answer is not good: packets differ, the file is damaged further on. */
  found: 1,
  /** It could not run: bad usage, or a file that cannot be read. */
  trouble: 2,
} as const;

export interface Command<O extends Options> {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Placeholders of what must be given: ["LAN.pcap", "WAN.pcap"]. */
  readonly operands: readonly string[];
  readonly options: O;
  /** The body of the help text. */
  readonly about: string;
  /** Answers an exit status, or a complaint about how it was called. */
  readonly run: (call: Call<O>, terminal: Terminal) => Promise<number | { readonly complaint: string }>;
}

export interface Call<O extends Options> {
  readonly values: Values<O>;
  readonly operands: readonly string[];
}

export const PROGRAM = 'passthrough-lab';

export async function runCommand<O extends Options>(
  command: Command<O>,
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if (asksForHelp(args)) {
    await terminal.out(helpOf(command));
    return EXIT.ok;
  }
  const read = readArguments(args, command.options);
  if (!read.ok) return refuse(read.complaint);
  const missing = command.operands[read.operands.length];
  if (missing !== undefined) return refuse(`${missing} is missing`);
  const extra = read.operands[command.operands.length];
  if (extra !== undefined) return refuse(`${JSON.stringify(extra)} is one argument too many`);
  const outcome = await command.run(read, terminal);
  return typeof outcome === 'number' ? outcome : refuse(outcome.complaint);

  function refuse(complaint: string): number {
    terminal.complain(`${PROGRAM} ${command.name}: ${complaint}`);
    terminal.complain(`Try ${PROGRAM} ${command.name} --help`);
    return EXIT.trouble;
  }
}

function helpOf<O extends Options>(command: Command<O>): string {
  const usage = [PROGRAM, command.name, ...command.operands, '[options]'].join(' ');
  return `usage: ${usage}\n\n${command.about.trim()}\n\noptions:\n${optionHelp(command.options)}\n`;
}
