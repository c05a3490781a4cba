/** What tshark reads in a capture, field by field with byte positions: its PDML output, taken apart. */
import { execFileSync } from 'node:child_process';

export interface TsharkField {
  readonly name: string;
  /** Counted from the start of the frame. */
  readonly offset: number;
  readonly length: number;
  /** As shown, unescaped. */
  readonly show: string;
  /** The field's bytes as hex; for a few bits of a byte, those bits. */
  readonly value: string;
}

export interface TsharkPacket {
  readonly number: number;
  /** In order of appearance, quoted packets included: "eth", "ip", "tcp", "pptp". */
  readonly protocols: readonly string[];
  readonly fields: readonly TsharkField[];
}

/** Each packet for itself: no reassembly, no relative numbers; every checksum verified. */
const PREFERENCES = [
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'ip.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udplite.check_checksum:TRUE',
  'udplite.ignore_checksum_coverage:FALSE',
  'sctp.checksum:CRC 32c',
  'sctp.reassembly:FALSE',
].flatMap((preference) => ['-o', preference]);

const INSTALL_HINT = 'tshark is needed: install Wireshark’s command line tools ("apt-get install tshark" on Debian)';

function run(options: readonly string[]): string {
  try {
    return execFileSync('tshark', options, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 2 ** 30,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new Error(INSTALL_HINT);
    throw error;
  }
}

export function readPdml(file: string, more: readonly string[] = []): readonly TsharkPacket[] {
  const text = run(['-n', '-r', file, ...PREFERENCES, ...more, '-T', 'pdml']);
  return text.split('</packet>').slice(0, -1).map(packet);
}

/** Every field name that this tshark knows. */
export function knownFields(): ReadonlySet<string> {
  const lines = run(['-G', 'fields']).split('\n');
  return new Set(lines.filter((line) => line.startsWith('F\t')).map((line) => line.split('\t')[2]!));
}

function packet(text: string): TsharkPacket {
  const protocols: string[] = [];
  const fields: TsharkField[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    const name = /<(proto|field) name="([^"]*)"/.exec(line);
    if (!name) continue;
    if (name[1] === 'proto') protocols.push(name[2]!);
    const show = attribute(line, 'show');
    const field = {
      name: name[2]!,
      offset: Number(attribute(line, 'pos')),
      length: Number(attribute(line, 'size')),
      show,
      value: attribute(line, 'value'),
    };
    if (field.name === 'num') number = Number(show);
    fields.push(field);
  }
  return { number, protocols, fields };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };

function attribute(line: string, name: string): string {
  const raw = new RegExp(` ${name}="([^"]*)"`).exec(line)?.[1] ?? '';
  return raw.includes('&') ? raw.replace(/&(#?\w+);/g, (whole, entity: string) => ENTITIES[entity] ?? whole) : raw;
}
