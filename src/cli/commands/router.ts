/** `passthrough-lab router --jsonl`: a router that other programs can talk to. @module */
import { formatPrefix } from '../../wire/address.ts';
import { type Command, EXIT } from '../command.ts';
import { flag } from '../options.ts';
import { clash, configFrom, LAN, routerOptions, seedOption, WAN } from '../router-options.ts';
import { RouterSession } from '../router-session.ts';

const options = {
  jsonl: flag('speak JSON lines: the only way so far, and asked for by name'),
  ...routerOptions({ lan: formatPrefix(LAN), wan: formatPrefix(WAN) }),
  seed: seedOption,
};

export const routerCommand: Command<typeof options> = {
  name: 'router',
  summary: 'a router that answers JSON lines: packets in, packets out',
  operands: [],
  options,
  about: `
Reads one JSON object a line from standard input and answers each at once with one line on standard output.

  {"t": 0.5, "in": "lan", "packet": "4500…"}   a packet arrives (hex of an IPv4 packet, no Ethernet)
  {"t": 1, "set": {"pptp": true}}              the PPTP passthrough switch; for linux, the PPTP helper
  {"t": 1, "set": {"wan": "203.0.113.9/24"}}   another address on an interface
  {"t": 2, "show": "conntrack"}                the connection table
  {"t": 3, "flush": "conntrack"}               forget it

"t" is in seconds and never goes back; left out, it is that of the line before. A packet is answered with
{"out": [{"on", "packet", "own"}], "verdict", "reasons", "stages", "changes"}; "own" marks what the router itself made.
A line that is not understood gets {"error": "…"} and changes nothing.`,
  async run({ values }, terminal) {
    if (!values.jsonl) return { complaint: 'say --jsonl, which is how this router is spoken to' };
    const { lan = LAN, wan = WAN, seed } = values;
    const complaint = clash(lan, wan);
    if (complaint !== undefined) return { complaint };
    const session = new RouterSession(configFrom(values, { lan, wan, seed }), (pptp) =>
      configFrom({ ...values, pptp }, { lan, wan, seed }),
    );
    for await (const line of terminal.lines()) await terminal.out(`${session.answer(line)}\n`);
    return EXIT.ok;
  },
};
