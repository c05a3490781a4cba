/**
 * Writes pcapng: one section, little-endian, times in nanoseconds.
 *
 * Calls are written in their order; an interface before its packets, secrets before the packets they open.
 * @module
 */
import { concat } from '../lib/bytes.ts';
import type { CapturedPacket, NameRecord, Secrets } from './packet.ts';
import { BLOCK, BLOCK_OVERHEAD, BYTE_ORDER_MAGIC, NAME_RECORD, OPTION, padded } from './pcapng-format.ts';
import { encodeUtf8 } from './utf8.ts';

export interface InterfaceToWrite {
  readonly linkType: number;
  readonly name?: string;
  readonly description?: string;
  /** Most bytes kept of a packet; left out, there is no limit. */
  readonly snapLength?: number;
}

export interface PacketToWrite {
  /** What `addInterface` answered. */
  readonly interface: number;
  /** Nanoseconds since 1970; 0 … 2^64 − 1. */
  readonly time: bigint;
  readonly bytes: Uint8Array;
  /** Left out, the packet is whole. */
  readonly originalLength?: number;
  readonly direction?: CapturedPacket['direction'];
  readonly comments?: readonly string[];
}

/** An option's code and value. */
type Option = readonly [code: number, value: Uint8Array];

export class PcapngWriter {
  private readonly blocks: Uint8Array[] = [];
  private length = 0;
  private interfaces = 0;

  /** `application`: who wrote the file, as Wireshark shows it. `comments`: about the file as a whole. */
  constructor(application: string, comments: readonly string[] = []) {
    // Section length -1: not said, so that blocks can follow as they come.
    const head = words(BYTE_ORDER_MAGIC, 1, 0xffffffff, 0xffffffff);
    this.add(BLOCK.section, head, [[OPTION.sectionApplication, encodeUtf8(application)], ...commentOptions(comments)]);
  }

  addInterface({ linkType, name, description, snapLength = 0 }: InterfaceToWrite): number {
    const options: Option[] = [];
    if (name !== undefined) options.push([OPTION.interfaceName, encodeUtf8(name)]);
    if (description !== undefined) options.push([OPTION.interfaceDescription, encodeUtf8(description)]);
    options.push([OPTION.interfaceTimeResolution, Uint8Array.of(9)]);
    this.add(BLOCK.interface, words(linkType, snapLength), options);
    return this.interfaces++;
  }

  addPacket(packet: PacketToWrite): void {
    const { time, bytes, originalLength = bytes.length, direction, comments = [] } = packet;
    const head = words(packet.interface, Number(time >> 32n), Number(time & 0xffffffffn), bytes.length, originalLength);
    const flags: Option[] = direction ? [[OPTION.packetFlags, words(direction === 'inbound' ? 1 : 2)]] : [];
    this.add(BLOCK.enhancedPacket, concat(head, pad(bytes)), [...commentOptions(comments), ...flags]);
  }

  /** Key log lines and the like, by which Wireshark opens what follows. */
  addSecrets({ type, data }: Secrets): void {
    this.add(BLOCK.secrets, concat(words(type, data.length), pad(data)), []);
  }

  addNames(records: readonly NameRecord[]): void {
    const entries = records.map(({ address, names }): Option => {
      const kind = address.length === 4 ? NAME_RECORD.ipv4 : NAME_RECORD.ipv6;
      return [kind, concat(address, ...names.map((name) => encodeUtf8(`${name}\0`)))];
    });
    // The list of records has the form of an option list, its end mark included.
    this.add(BLOCK.names, concat(optionList(entries), words(NAME_RECORD.end)), []);
  }

  finish(): Uint8Array {
    const file = new Uint8Array(this.length);
    let at = 0;
    for (const block of this.blocks) {
      file.set(block, at);
      at += block.length;
    }
    return file;
  }

  private add(type: number, head: Uint8Array, options: readonly Option[]): void {
    const list = optionList(options);
    const end = options.length > 0 ? words(OPTION.end) : new Uint8Array(0);
    const length = BLOCK_OVERHEAD + head.length + list.length + end.length;
    this.blocks.push(concat(words(type, length), head, list, end, words(length)));
    this.length += length;
  }
}

/** 32-bit values, least significant byte first. Two 16-bit fields in a row, the second 0, are one such value. */
function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint32(index * 4, value, true);
  });
  return bytes;
}

function pad(bytes: Uint8Array): Uint8Array {
  return bytes.length % 4 === 0 ? bytes : concat(bytes, new Uint8Array(padded(bytes.length) - bytes.length));
}

/** An option's length has 16 bits: longer text is cut there. */
function optionList(options: readonly Option[]): Uint8Array {
  return concat(
    ...options.map(([code, whole]) => {
      const value = whole.subarray(0, 0xffff);
      return concat(words((value.length << 16) | code), pad(value));
    }),
  );
}

function commentOptions(comments: readonly string[]): readonly Option[] {
  return comments.map((comment) => [OPTION.comment, encodeUtf8(comment)]);
}
