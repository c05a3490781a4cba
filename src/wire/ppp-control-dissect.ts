/** Shows LCP and the network control protocols: one dissector, made for each from its name and its options. @module */
import { readFields } from './field-spec.ts';
import type { Dissector, LayerReader, Next } from './layer-reader.ts';
import { protocolName, readerOf } from './ppp.ts';
import { findOption, HEADER_LEN, kindOf, type OptionTable } from './ppp-control.ts';
import { hex32, named } from './show.ts';

const CODE_NAMES: Readonly<Record<number, string>> = {
  1: 'Configuration Request',
  2: 'Configuration Ack',
  3: 'Configuration Nak',
  4: 'Configuration Reject',
  5: 'Termination Request',
  6: 'Termination Ack',
  7: 'Code Reject',
  8: 'Protocol Reject',
  9: 'Echo Request',
  10: 'Echo Reply',
  11: 'Discard Request',
  12: 'Identification',
  13: 'Time Remaining',
  14: 'Reset Request',
  15: 'Reset Ack',
};

const codeName = (value: number) => named(CODE_NAMES, value);

/** `prefix` begins the keys of option fields: "lcp" for "lcp.opt.type". */
export function controlDissector(name: string, prefix: string, table: OptionTable): Dissector {
  return (reader) => {
    reader.name = name;
    const outerEnd = reader.end;
    const start = reader.at;
    const code = reader.u8('Code', 'ppp.code', codeName);
    const identifier = reader.u8('Identifier', 'ppp.identifier');
    reader.summary = `${CODE_NAMES[code] ?? `Code ${code}`}, id ${identifier}`;
    const length = reader.u16('Length', 'ppp.length');
    if (length < HEADER_LEN) reader.fail(`length ${length} is less than the header's ${HEADER_LEN} bytes`);
    if (start + length > outerEnd) reader.short(`length says ${length} bytes, ${outerEnd - start} are there`);
    reader.end = Math.min(start + length, outerEnd);
    const rejected = readBody(reader, code, prefix, table);
    const at = reader.end;
    reader.end = outerEnd;
    const filling = padding(at, outerEnd);
    if (rejected && filling) return [rejected, filling];
    return rejected ?? filling;
  };
}

export function padding(offset: number, end: number): Next | undefined {
  return offset < end ? { protocol: 'padding', offset, end } : undefined;
}

/** Answers the packet that a Protocol-Reject quotes. */
function readBody(reader: LayerReader, code: number, prefix: string, table: OptionTable): Next | undefined {
  const kind = kindOf(code);
  switch (kind) {
    case 'configure-request':
    case 'configure-ack':
    case 'configure-nak':
    case 'configure-reject':
      if (reader.left > 0) readOptions(reader, prefix, table);
      return undefined;
    case 'protocol-reject':
      return rejectedPacket(reader);
    case 'echo-request':
    case 'echo-reply':
    case 'discard-request':
    case 'identification':
    case 'time-remaining':
      reader.u32('Magic Number', 'lcp.magic_number', hex32);
      break;
    default:
  }
  if (kind === 'identification') reader.text('Message', 'lcp.message', reader.left);
  else if (reader.left > 0)
    reader.raw('Data', reader.last.key === 'lcp.magic_number' ? 'lcp.data' : 'ppp.data', reader.left);
  return undefined;
}

function rejectedPacket(reader: LayerReader): Next {
  const protocol = reader.u16('Rejected Protocol', 'lcp.rej_proto', protocolName);
  reader.summary += `: ${protocolName(protocol)}`;
  return {
    protocol: readerOf(protocol),
    offset: reader.at,
    end: reader.end,
    quoted: true,
    context: { partial: 'the reject quotes no more of the packet' },
  };
}

function readOptions(reader: LayerReader, prefix: string, table: OptionTable): void {
  const names: string[] = [];
  reader.group('Options', `${prefix}.options`, () => {
    while (reader.left > 0) {
      const type = reader.bytes[reader.at]!;
      const length = reader.left > 1 ? reader.bytes[reader.at + 1]! : 0;
      if (length < 2 || length > reader.left) {
        reader.short(`option ${type} says ${length} bytes, ${reader.left} are left`);
        reader.raw('Broken option', `${prefix}.opt.bad`, reader.left);
        break;
      }
      names.push(readOption(reader, prefix, table, type, length));
    }
    return `${names.length} options`;
  });
  reader.summary += `: ${names.join(', ')}`;
}

/** Answers the option in a few words. */
function readOption(reader: LayerReader, prefix: string, table: OptionTable, type: number, length: number): string {
  const kind = findOption(table, type, length - 2);
  const spec = kind === undefined ? undefined : table[kind];
  const title = spec?.title ?? Object.values(table).find((each) => each.type === type)?.title ?? `Option ${type}`;
  const end = reader.at + length;
  let value = '';
  reader.group(title, `${prefix}.opt`, () => {
    reader.u8('Type', `${prefix}.opt.type`, () => `${title} (${type})`);
    reader.u8('Length', `${prefix}.opt.length`);
    if (spec && spec.fields.length > 0) {
      readFields(reader, spec.fields, end);
      if (reader.at > end - length + 2) value = reader.last.display;
    } else if (reader.at < end) reader.raw('Data', `${prefix}.opt.data`, end - reader.at);
    return value;
  });
  return value === '' ? title : `${title} ${value}`;
}
