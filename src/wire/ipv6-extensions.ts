/**
 * IPv6 extension headers, RFC 8200 §4. Each begins with the number of the next one; all but the fragment header then
 * say their length in units of 8 bytes, the first not counted. ESP and AH are not read here: they are layers.
 * @module
 */
import { u16 } from '../lib/bytes.ts';
import { nameOf } from './ip-protocol.ts';
import type { LayerReader } from './layer-reader.ts';
import { hex32, named } from './show.ts';

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const DESTINATION = 60;

export interface Extensions {
  /** What comes after them. */
  readonly protocol: number;
  /** In bytes; 0 with `more` unset where there is no fragment header, or one that says nothing. */
  readonly fragmentOffset: number;
  readonly more: boolean;
  /** A routing header has hops left, so the destination shown is not the last: checksums cannot be verified. */
  readonly rerouted: boolean;
}

/** Longer chains than this serve no one but an attacker. */
const MAX_HEADERS = 16;

/** Reads the chain that starts with header number `first`; stops behind a fragment header that is not the first piece. */
export function readExtensions(reader: LayerReader, first: number): Extensions {
  let protocol = first;
  let fragmentOffset = 0;
  let more = false;
  let rerouted = false;
  for (let count = 0; fragmentOffset === 0; count++) {
    if (protocol !== HOP_BY_HOP && protocol !== ROUTING && protocol !== FRAGMENT && protocol !== DESTINATION) break;
    if (count === MAX_HEADERS) reader.fail(`more than ${MAX_HEADERS} extension headers`);
    const current = protocol;
    const title = nameOf(current);
    reader.group(title, KEYS[current]!, () => {
      protocol = reader.u8('Next Header', `${KEYS[current]}.nxt`, (value) => `${nameOf(value)} (${value})`);
      if (current === FRAGMENT) ({ fragmentOffset, more } = fragment(reader));
      else if (current === ROUTING) rerouted ||= routing(reader);
      else options(reader, KEYS[current]!);
      return undefined;
    });
  }
  return { protocol, fragmentOffset, more, rerouted };
}

const KEYS: Readonly<Record<number, string>> = {
  [HOP_BY_HOP]: 'ipv6.hopopts',
  [ROUTING]: 'ipv6.routing',
  [FRAGMENT]: 'ipv6.fraghdr',
  [DESTINATION]: 'ipv6.dstopts',
};

function fragment(reader: LayerReader): { readonly fragmentOffset: number; readonly more: boolean } {
  reader.u8('Reserved octet', 'ipv6.fraghdr.reserved_octet');
  const at = reader.need(2, 'Offset');
  const word = u16(reader.bytes, at);
  const fragmentOffset = word & 0xfff8;
  reader.add({
    name: 'Offset',
    key: 'ipv6.fraghdr.offset',
    offset: at,
    length: 2,
    mask: 0xfff8,
    value: word >>> 3,
    display: `${word >>> 3} (${fragmentOffset} bytes)`,
  });
  reader.bits('Reserved bits', 'ipv6.fraghdr.reserved_bits', at, 2, 0x0006, word);
  const more = reader.bits('More Fragments', 'ipv6.fraghdr.more', at, 2, 0x0001, word) === 1;
  reader.u32('Identification', 'ipv6.fraghdr.ident', hex32);
  return { fragmentOffset, more };
}

/** Answers whether hops are left. */
function routing(reader: LayerReader): boolean {
  const length = 8 + 8 * reader.u8('Length', 'ipv6.routing.len', units);
  reader.u8('Type', 'ipv6.routing.type');
  const left = reader.u8('Segments Left', 'ipv6.routing.segleft');
  reader.raw('Data', 'ipv6.routing.data', length - 4);
  return left > 0;
}

const units = (value: number) => `${value} (${8 + 8 * value} bytes)`;

const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'Pad1',
  1: 'PadN',
  5: 'Router Alert',
  194: 'Jumbo Payload',
};

function options(reader: LayerReader, prefix: string): void {
  const length = 8 + 8 * reader.u8('Length', `${prefix}.len`, units);
  const end = reader.at + length - 2;
  if (end > reader.end) reader.need(length - 2, 'Options');
  while (reader.at < end) {
    const type = reader.bytes[reader.at]!;
    if (type === 0) {
      reader.raw('Pad1', 'ipv6.opt.pad1', 1, '');
      continue;
    }
    const size = reader.at + 1 < end ? 2 + reader.bytes[reader.at + 1]! : 0;
    if (size < 2 || reader.at + size > end) {
      reader.malformed(`option ${named(OPTION_NAMES, type)} does not fit into its header`);
      reader.raw('Broken option', 'ipv6.opt.bad', end - reader.at);
      break;
    }
    reader.group(OPTION_NAMES[type] ?? 'Option', 'ipv6.opt', () => {
      reader.u8('Type', 'ipv6.opt.type', (value) => named(OPTION_NAMES, value));
      reader.u8('Length', 'ipv6.opt.length');
      if (size > 2) reader.raw('Data', 'ipv6.opt.data', size - 2);
      return undefined;
    });
  }
}
