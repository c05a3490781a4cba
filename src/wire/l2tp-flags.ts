/** The first 16 bits of L2TP over UDP, alike in RFC 2661 §3.1 and RFC 3931 §3.2.1: what the message is and has. @module */
import type { Flag, LayerReader } from './layer-reader.ts';
import { hex16 } from './show.ts';

export const CONTROL = 0x8000;
export const HAS_LENGTH = 0x4000;
export const HAS_SEQUENCE = 0x0800;
export const HAS_OFFSET = 0x0200;
export const PRIORITY = 0x0100;
export const VERSION = 0x000f;
/** Always set in control messages. */
export const CONTROL_BITS = CONTROL | HAS_LENGTH | HAS_SEQUENCE;

const FLAGS: readonly Flag[] = [
  { name: 'Type', key: 'l2tp.type', mask: CONTROL },
  { name: 'Length Bit', key: 'l2tp.length_bit', mask: HAS_LENGTH },
  { name: 'Sequence Bit', key: 'l2tp.seq_bit', mask: HAS_SEQUENCE },
];
/** Version 2 alone has these. */
const MORE_FLAGS: readonly Flag[] = [
  { name: 'Offset bit', key: 'l2tp.offset_bit', mask: HAS_OFFSET },
  { name: 'Priority', key: 'l2tp.priority', mask: PRIORITY },
];

export function readFlags(reader: LayerReader, version: 2 | 3): number {
  const flags = reader.u16('Flags', 'l2tp.flags', hex16);
  const field = reader.last;
  reader.flags(field, flags, version === 2 ? [...FLAGS, ...MORE_FLAGS] : FLAGS);
  const control = (flags & CONTROL) !== 0;
  reader.amend(field.children![0]!, { display: control ? 'Control Message (1)' : 'Data Message (0)' });
  reader.bits('Version', 'l2tp.version', field.offset, 2, VERSION, flags);
  if ((flags & VERSION) !== version) reader.fail(`version ${flags & VERSION} is not ${version}`);
  if (control && (flags & CONTROL_BITS) !== CONTROL_BITS)
    reader.malformed('a control message without length or sequence bit');
  return flags;
}
