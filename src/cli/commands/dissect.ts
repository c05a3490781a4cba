/** `passthrough-lab dissect FILE`: every packet of a capture as a tree. @module */
import { firstLayer, nameOfUnsupported, SUPPORTED } from '../../capture/link-type.ts';
import type { CapturedPacket, CaptureReader } from '../../capture/packet.ts';
import { type DisplayFilter, displayFilter } from '../../wire/display-filter.ts';
import { type Dissection, dissect } from '../../wire/dissect.ts';
import { complainOfEnd, openFile } from '../capture-file.ts';
import { type Command, EXIT } from '../command.ts';
import { toJson } from '../json.ts';
import { flag, type Option } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { treeOf } from '../tree.ts';

const filter: Option<string | undefined> = {
  placeholder: 'FILTER',
  help: 'only the packets that this display filter fits',
  expected: 'a display filter',
  parse: (text) => text,
  otherwise: undefined,
};

const options = { filter, json: flag('one JSON array with an object for each packet, one a line') };

export const dissectCommand: Command<typeof options> = {
  name: 'dissect',
  summary: 'every packet of a capture as a tree',
  operands: ['FILE'],
  options,
  about: `
Reads FILE (pcap or pcapng; "-" is standard input) and shows each packet from the outermost layer in: fields, checksums right or wrong, and
where bytes are encrypted or broken, why. A file cut short is shown up to the cut.

FILTER is written as in Wireshark: "gre && ip.addr == 192.168.1.10", "tcp.port in {1723, 443} and not tcp.flags.syn".

Exit status: 0; 1 if the file breaks off or holds packets of a link type that is not supported; 2 if it cannot be read.`,
  async run({ values, operands }, terminal) {
    const path = operands[0]!;
    const read = fitsOf(values.filter);
    if ('complaint' in read) return read;
    const reader = await openFile(path, terminal);
    if (!reader) return EXIT.trouble;
    const unsupported = await (values.json ? printJson : printTrees)(reader, read.fits, terminal);
    for (const linkType of unsupported)
      terminal.complain(`${path}: expected ${SUPPORTED}, received packets of ${nameOfUnsupported(linkType)}`);
    const broken = complainOfEnd(path, reader, terminal);
    return broken || unsupported.size > 0 ? EXIT.found : EXIT.ok;
  },
};

type Fits = DisplayFilter['fits'];

function fitsOf(text: string | undefined): { readonly fits: Fits } | { readonly complaint: string } {
  if (text === undefined) return { fits: () => true };
  const read = displayFilter(text);
  if (read.ok) return read.value;
  const { at, expected, received } = read.error;
  return { complaint: `--filter: expected ${expected}, received ${received}, at character ${at + 1}` };
}

/** Undefined for a link type that is not supported. */
function dissected({ bytes, linkType, originalLength }: CapturedPacket): Dissection | undefined {
  const first = firstLayer(linkType);
  return first && dissect(bytes, first, originalLength);
}

/** Answers the link types that could not be shown. */
type Print = (reader: CaptureReader, fits: Fits, terminal: Terminal) => Promise<ReadonlySet<number>>;

const printTrees: Print = async (reader, fits, terminal) => {
  const unsupported = new Set<number>();
  for (const packet of reader) {
    const dissection = dissected(packet);
    if (!dissection) unsupported.add(packet.linkType);
    if (!fits(dissection?.layers ?? [])) continue;
    const tree = dissection ? treeOf(dissection) : `  ${nameOfUnsupported(packet.linkType)}: not supported\n`;
    await terminal.out(`${headline(packet, reader)}\n${tree}\n`);
  }
  return unsupported;
};

const printJson: Print = async (reader, fits, terminal) => {
  const unsupported = new Set<number>();
  let before = '[\n';
  for (const packet of reader) {
    const layers = dissected(packet)?.layers;
    if (!layers) unsupported.add(packet.linkType);
    if (!fits(layers ?? [])) continue;
    const { number, time, bytes, originalLength, direction, comments, linkType } = packet;
    const on = reader.interfaces[packet.interface]?.name;
    const said = { ...(on ? { interface: on } : {}), ...(direction ? { direction } : {}), comments };
    const when = time === undefined ? {} : { time: seconds(time) };
    const whole = { number, ...when, length: bytes.length, originalLength, linkType, ...said, layers: layers ?? [] };
    await terminal.out(before + toJson(whole));
    before = ',\n';
  }
  await terminal.out(before === '[\n' ? '[]\n' : '\n]\n');
  return unsupported;
};

function headline(packet: CapturedPacket, reader: CaptureReader): string {
  const { number, time, bytes, originalLength, direction, comments } = packet;
  const parts = [
    `Packet ${number}`,
    time === undefined ? 'no time' : date(time),
    bytes.length === originalLength ? `${bytes.length} bytes` : `${bytes.length} of ${originalLength} bytes`,
    reader.interfaces[packet.interface]?.name,
    direction,
  ];
  const line = parts.filter((part) => part !== undefined).join('  ');
  return [line, ...comments.map((comment) => `  # ${comment.replace(/\s+/g, ' ')}`)].join('\n');
}

/** Decimal text, for a double has not the digits. */
function seconds(time: bigint): string {
  const sign = time < 0n ? '-' : '';
  const size = time < 0n ? -time : time;
  return `${sign}${size / 1_000_000_000n}.${String(size % 1_000_000_000n).padStart(9, '0')}`;
}

/** "2026-11-22 09:08:07.123456789", in UTC; far beyond the calendar, plain seconds. */
function date(time: bigint): string {
  const fraction = ((time % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const whole = new Date(Number((time - fraction) / 1_000_000n));
  if (Number.isNaN(whole.getTime())) return seconds(time);
  return `${whole.toISOString().slice(0, -5).replace('T', ' ')}.${String(fraction).padStart(9, '0')}`;
}
