/** `passthrough-lab replay LAN WAN`: does our router do what a recorded one did? @module */
import { cutText } from '../../explain/cut.ts';
import { u16 } from '../../lib/bytes.ts';
import { formatPrefix, parseIpv4 } from '../../wire/address.ts';
import { oneLine } from '../../world/one-line.ts';
import { type RecordedPacket, type Recording, recordingOf } from '../../world/recording.ts';
import { type Replay, replay } from '../../world/replay.ts';
import type { Occurrence } from '../../world/trace.ts';
import { complainOfEnd, openFile } from '../capture-file.ts';
import { type Command, EXIT } from '../command.ts';
import { toJson } from '../json.ts';
import { flag, type Option } from '../options.ts';
import { clash, configFrom, routerOptions } from '../router-options.ts';
import type { Terminal } from '../terminal.ts';

function list(
  placeholder: string,
  help: string,
  expected: string,
  parse: (text: string) => number | undefined,
): Option<readonly number[]> {
  return {
    placeholder,
    help,
    expected,
    parse: (text) => {
      const value = parse(text);
      return value === undefined ? undefined : [value];
    },
    otherwise: [],
    add: (before, value) => [...before, ...value],
  };
}

const secondsOf = (text: string) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined);

const options = {
  ...routerOptions({ lan: 'worked out from the packets', wan: 'worked out from the packets' }),
  flush: list('SECONDS', 'the recorded router forgot its table this long after the first packet', 'seconds', secondsOf),
  'nobody-at': list('ADDRESS', 'nobody answered ARP there: what is sent there is lost', 'an IPv4 address', parseIpv4),
  json: flag('one JSON object instead of text'),
};

export const replayCommand: Command<typeof options> = {
  name: 'replay',
  summary: 'does our router do what a recorded one did?',
  operands: ['LAN.pcap', 'WAN.pcap'],
  options,
  about: `
Takes two captures made at once on both sides of a router. What hosts sent to it, outbound from LAN.pcap and inbound
from WAN.pcap, goes through our router; each packet that comes out is compared with what the captures show, byte for
byte. What the recorded router drew by chance (ports, identifiers) is taken from the captures.

A packet of which a capture kept only the beginning (tcpdump -s 96) goes by its headers, if they are whole; what is
missing is compared with nothing. One whose way depends on what is missing, such as a fragment, is left out and named.

--flush and --nobody-at may be given several times.
Exit status: 0 if all packets are as recorded; 1 if any differs or was left out; 2 if the files cannot be replayed.`,
  async run({ values, operands }, terminal) {
    const [lanPath, wanPath] = operands as readonly [string, string];
    const complaint = wanPath === lanPath ? `WAN.pcap: ${theSame(lanPath)}` : clash(values.lan, values.wan);
    if (complaint !== undefined) return { complaint };
    const lanFile = await openFile(lanPath, terminal);
    const wanFile = await openFile(wanPath, terminal);
    if (!lanFile || !wanFile) return EXIT.trouble;
    const known = { ...(values.lan ? { lan: values.lan } : {}), ...(values.wan ? { wan: values.wan } : {}) };
    const recorded = recordingOf(lanFile, wanFile, known);
    const broken = [complainOfEnd(lanPath, lanFile, terminal), complainOfEnd(wanPath, wanFile, terminal)];
    if (!recorded.ok) {
      const { path, expected, received } = recorded.error;
      terminal.complain(`${path}: expected ${expected}, received ${received}`);
      return EXIT.trouble;
    }
    const recording = recorded.value;
    const { lan, wan, translates: nat } = recording;
    const result = replay(recording, configFrom(values, { lan, wan, nat, seed: 1 }), {
      interventions: values.flush.map((at) => ({ at, do: 'flush' })),
      nobodyAt: values['nobody-at'],
    });
    const cut = cutText(result.cut);
    if (cut) terminal.complain(cut);
    await (values.json ? printJson : printText)(recording, result, terminal);
    const allSeen = result.cut.leftOut === 0 && !broken.includes(true);
    return result.agreed === result.total && allSeen ? EXIT.ok : EXIT.found;
  },
};

const theSame = (path: string) =>
  `expected another capture than that of the LAN side, received ${JSON.stringify(path)}`;

type Routed = Extract<Occurrence, { kind: 'routed' }>;

/** The received packets in their order, each with what became of it. */
function* eachPacket(recording: Recording, { trace }: Replay) {
  const routed = trace.occurrences.filter((each): each is Routed => each.kind === 'routed');
  for (const [index, { on, number, time }] of recording.received.entries()) {
    const { frame, outcome, recorded } = routed[index]!;
    const { bytes: packet, wholeLength } = frame;
    const cut = wholeLength === undefined ? {} : { wholeLength };
    yield { on, number, time, packet, ...cut, outcome, ...recorded! };
  }
}

async function printText(recording: Recording, result: Replay, terminal: Terminal): Promise<void> {
  const { lan, wan, translates } = recording;
  const how = translates ? '' : ', no translation';
  await terminal.out(`router: ${formatPrefix(lan)} on the LAN, ${formatPrefix(wan)} on the WAN${how}\n`);
  for (const { packet, wholeLength, outcome, agrees, difference, ...place } of eachPacket(recording, result)) {
    const line = `${oneLine(packet, wholeLength)}  [${outcome.verdict}]`;
    await terminal.out(`${placeOf(place)}  ${agrees ? 'ok     ' : 'DIFFERS'}  ${line}\n`);
    if (agrees) continue;
    await terminal.out(`    ${difference}\n    here: ${outcome.reasons.map((reason) => toJson(reason)).join(' ')}\n`);
  }
  for (const { packet, ...place } of recording.leftOut) {
    const length = u16(packet, 2);
    const kept = `[the capture kept ${packet.length} of ${length} bytes]`;
    await terminal.out(`${placeOf(place)}  LEFT OUT ${oneLine(packet, length)}  ${kept}\n`);
  }
  await terminal.out(`${result.agreed} of ${result.total} packets as recorded\n`);
}

/** "lan #12       1.044000" */
function placeOf({ on, number, time }: Pick<RecordedPacket, 'on' | 'number' | 'time'>): string {
  return `${on} #${String(number).padEnd(5)} ${time.toFixed(6).padStart(12)}`;
}

async function printJson(recording: Recording, result: Replay, terminal: Terminal): Promise<void> {
  const { lan, wan, translates } = recording;
  const router = { lan: formatPrefix(lan), wan: formatPrefix(wan), translates };
  await terminal.out(`{"router":${toJson(router)},"packets":[`);
  let before = '\n';
  for (const { outcome, ...packet } of eachPacket(recording, result)) {
    await terminal.out(before + toJson({ ...packet, ...outcome }));
    before = ',\n';
  }
  const leftOut = recording.leftOut.map(({ packet, ...place }) => ({ ...place, packet, wholeLength: u16(packet, 2) }));
  await terminal.out(`\n],"leftOut":${toJson(leftOut)},"agreed":${result.agreed},"total":${result.total}}\n`);
}
