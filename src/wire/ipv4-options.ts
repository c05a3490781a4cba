/**
 * IPv4 options, RFC 791 §3.1: one byte (end, no operation), or type, length, data.
 *
 * Shown in full: record route, the two source routes, timestamp, router alert (RFC 2113). Others as bytes.
 * @module
 */
import type { LayerReader } from './layer-reader.ts';
import { named } from './show.ts';

const NAMES: Readonly<Record<number, string>> = {
  0: 'End of Options List',
  1: 'No Operation',
  7: 'Record Route',
  68: 'Time Stamp',
  130: 'Security',
  131: 'Loose Source Route',
  134: 'Commercial Security',
  136: 'Stream ID',
  137: 'Strict Source Route',
  148: 'Router Alert',
};

const optionName = (value: number) => named(NAMES, value);

/** Reads options from `reader.at` up to `end`. What breaks the list marks the layer malformed and ends the reading. */
export function readOptions(reader: LayerReader, end: number): void {
  reader.group('Options', 'ip.options', () => {
    while (reader.at < end) {
      const type = reader.bytes[reader.at]!;
      if (type === 0) {
        reader.u8('IP Option - End of Options List', 'ip.opt.type', optionName);
        // Nothing but more zeros should follow.
        if (reader.at < end && reader.bytes[reader.at] !== 0) reader.raw('Padding', 'ip.opt.padding', end - reader.at);
        continue;
      }
      if (type === 1) {
        reader.u8('IP Option - No Operation', 'ip.opt.type', optionName);
        continue;
      }
      const length = reader.at + 1 < end ? reader.bytes[reader.at + 1]! : 0;
      if (length < 2 || reader.at + length > end) {
        reader.malformed(`option ${optionName(type)} says ${length} bytes, ${end - reader.at} are left`);
        reader.raw('Broken option', 'ip.opt.bad', end - reader.at);
        break;
      }
      readOption(reader, type, length);
    }
    return `${end - reader.start - 20} bytes`;
  });
}

function readOption(reader: LayerReader, type: number, length: number): void {
  const end = reader.at + length;
  reader.group(`IP Option - ${NAMES[type] ?? 'Unknown'}`, 'ip.opt', () => {
    reader.u8('Type', 'ip.opt.type', optionName);
    reader.u8('Length', 'ip.opt.len');
    if ((type === 7 || type === 131 || type === 137) && length >= 3) {
      // The pointer counts from 1: what lies before it has been passed already.
      const next = reader.at - 2 + reader.u8('Pointer', 'ip.opt.ptr') - 1;
      while (reader.at + 4 <= end) {
        if (reader.at < next) reader.ipv4('Recorded Route', 'ip.rec_rt');
        else if (type === 7) reader.ipv4('Empty Route', 'ip.empty_rt');
        else reader.ipv4('Source Route', 'ip.src_rt');
      }
    } else if (type === 68 && length >= 4) {
      reader.u8('Pointer', 'ip.opt.ptr');
      const at = reader.need(1, 'Overflow');
      const flags = reader.bytes[at]!;
      reader.bits('Overflow', 'ip.opt.overflow', at, 1, 0xf0, flags);
      reader.bits('Flag', 'ip.opt.flag', at, 1, 0x0f, flags);
      const withAddress = (flags & 15) !== 0;
      while (reader.at + (withAddress ? 8 : 4) <= end) {
        if (withAddress) reader.ipv4('Address', 'ip.opt.addr');
        reader.u32('Time stamp', 'ip.opt.time_stamp');
      }
    } else if (type === 148 && length === 4) reader.u16('Router Alert', 'ip.opt.ra');
    if (reader.at < end) reader.raw('Data', 'ip.opt.data', end - reader.at);
    return undefined;
  });
}
