/** Shows the chunks of an SCTP packet, RFC 9260 §3.3, and the parameters and causes inside some of them. @module */
import { u16 } from '../lib/bytes.ts';
import { type FieldSpec, number, readFields } from './field-spec.ts';
import type { Flag, LayerReader } from './layer-reader.ts';
import { hex8, hex16, hex32, named } from './show.ts';

interface ChunkSpec {
  readonly name: string;
  readonly fields?: readonly FieldSpec[];
  readonly flags?: readonly Flag[];
  /** What fills the rest: user data, a list of parameters or causes, gap blocks, or just bytes. */
  readonly rest?: 'parameters' | 'causes' | 'gaps' | { readonly name: string; readonly key: string };
}

const init = (key: string) => [
  number('tag', 4, 'Initiate tag', `${key}_initiate_tag`, hex32),
  number('credit', 4, 'Advertised receiver window credit (a_rwnd)', `${key}_credit`),
  number('out', 2, 'Number of outbound streams', `${key}_nr_out_streams`),
  number('in', 2, 'Number of inbound streams', `${key}_nr_in_streams`),
  number('tsn', 4, 'Initial TSN', `${key}_initial_tsn`),
];

const T_BIT: readonly Flag[] = [{ name: 'T-Bit', key: 'sctp.abort_t_bit', mask: 1 }];

const CHUNKS: Readonly<Record<number, ChunkSpec>> = {
  0: {
    name: 'DATA',
    flags: [
      { name: 'I-Bit', key: 'sctp.data_i_bit', mask: 8 },
      { name: 'U-Bit', key: 'sctp.data_u_bit', mask: 4 },
      { name: 'B-Bit', key: 'sctp.data_b_bit', mask: 2 },
      { name: 'E-Bit', key: 'sctp.data_e_bit', mask: 1 },
    ],
    fields: [
      number('tsn', 4, 'Transmission sequence number', 'sctp.data_tsn_raw'),
      number('stream', 2, 'Stream identifier', 'sctp.data_sid', hex16),
      number('sequence', 2, 'Stream sequence number', 'sctp.data_ssn'),
      number('protocol', 4, 'Payload protocol identifier', 'sctp.data_payload_proto_id'),
    ],
    rest: { name: 'User data', key: 'sctp.data' },
  },
  1: { name: 'INIT', fields: init('sctp.init'), rest: 'parameters' },
  2: { name: 'INIT_ACK', fields: init('sctp.initack'), rest: 'parameters' },
  3: {
    name: 'SACK',
    fields: [
      number('tsn', 4, 'Cumulative TSN ACK', 'sctp.sack_cumulative_tsn_ack_raw'),
      number('credit', 4, 'Advertised receiver window credit (a_rwnd)', 'sctp.sack_a_rwnd'),
      number('gaps', 2, 'Number of gap acknowledgement blocks', 'sctp.sack_number_of_gap_blocks'),
      number('duplicates', 2, 'Number of duplicated TSNs', 'sctp.sack_number_of_duplicated_tsns'),
    ],
    rest: 'gaps',
  },
  4: { name: 'HEARTBEAT', rest: 'parameters' },
  5: { name: 'HEARTBEAT_ACK', rest: 'parameters' },
  6: { name: 'ABORT', flags: T_BIT, rest: 'causes' },
  7: { name: 'SHUTDOWN', fields: [number('tsn', 4, 'Cumulative TSN Ack', 'sctp.shutdown_cumulative_tsn_ack')] },
  8: { name: 'SHUTDOWN_ACK' },
  9: { name: 'ERROR', rest: 'causes' },
  10: { name: 'COOKIE_ECHO', rest: { name: 'Cookie', key: 'sctp.cookie' } },
  11: { name: 'COOKIE_ACK' },
  12: { name: 'ECNE' },
  13: { name: 'CWR' },
  14: { name: 'SHUTDOWN_COMPLETE', flags: T_BIT },
  15: { name: 'AUTH' },
  64: { name: 'I_DATA' },
  128: { name: 'ASCONF_ACK' },
  130: { name: 'RE_CONFIG' },
  132: { name: 'PAD' },
  192: { name: 'FORWARD_TSN' },
  193: { name: 'ASCONF' },
};

const chunkName = (type: number) => CHUNKS[type]?.name ?? `Chunk ${type}`;

/** Reads chunks up to the end of the layer. */
export function readChunks(reader: LayerReader): void {
  const packetEnd = reader.end;
  while (reader.left > 0) {
    const type = reader.bytes[reader.at]!;
    if (reader.at + 4 > packetEnd) reader.need(4, 'Chunk header');
    const length = u16(reader.bytes, reader.at + 2);
    if (length < 4) reader.fail(`chunk length ${length} is less than the chunk header's 4 bytes`);
    if (length > reader.left) reader.short(`chunk length says ${length} bytes, ${reader.left} are left`);
    const end = Math.min(reader.at + length, packetEnd);
    const paddedEnd = Math.min(reader.at + ((length + 3) & ~3), packetEnd);
    reader.summary += ` ${chunkName(type)}`;
    reader.group(`${chunkName(type)} chunk`, 'sctp.chunk', () => {
      reader.end = end;
      readChunk(reader, type);
      reader.end = packetEnd;
      if (paddedEnd > end) reader.raw('Chunk padding', 'sctp.chunk_padding', paddedEnd - end);
      return undefined;
    });
  }
}

function readChunk(reader: LayerReader, type: number): void {
  const spec = CHUNKS[type];
  reader.u8('Chunk type', 'sctp.chunk_type', (value) => `${chunkName(value)} (${value})`);
  const flags = reader.u8('Chunk flags', 'sctp.chunk_flags', hex8);
  if (spec?.flags) reader.flags(reader.last, flags, spec.flags);
  reader.u16('Chunk length', 'sctp.chunk_length');
  if (spec?.fields) readFields(reader, spec.fields, reader.end);
  const rest = spec?.rest ?? { name: 'Chunk value', key: 'sctp.chunk_value' };
  if (rest === 'parameters') readList(reader, PARAMETERS, 'parameter');
  else if (rest === 'causes') readList(reader, CAUSES, 'cause');
  else if (rest === 'gaps') readGaps(reader);
  else if (reader.left > 0) reader.raw(rest.name, rest.key, reader.left);
}

function readGaps(reader: LayerReader): void {
  const gaps = u16(reader.bytes, reader.at - 4);
  for (let i = 0; i < gaps; i++) {
    reader.u16('Gap block start', 'sctp.sack_gap_block_start');
    reader.u16('Gap block end', 'sctp.sack_gap_block_end');
  }
  while (reader.left >= 4) reader.u32('Duplicate TSN', 'sctp.sack_duplicate_tsn');
  if (reader.left > 0) reader.raw('Chunk value', 'sctp.chunk_value', reader.left);
}

const PARAMETERS: Readonly<Record<number, string>> = {
  1: 'Heartbeat info',
  5: 'IPv4 address',
  6: 'IPv6 address',
  7: 'State cookie',
  8: 'Unrecognized parameters',
  9: 'Cookie preservative',
  11: 'Hostname',
  12: 'Supported address types',
  32768: 'ECN',
  32770: 'Random',
  32771: 'Authentication Chunk list',
  32772: 'Requested HMAC Algorithm',
  32776: 'Supported Extensions',
  49152: 'Forward TSN supported',
};

const CAUSES: Readonly<Record<number, string>> = {
  1: 'Invalid stream identifier',
  2: 'Missing mandatory parameter',
  3: 'Stale cookie error',
  4: 'Out of resource',
  5: 'Unresolvable address',
  6: 'Unrecognized chunk type',
  7: 'Invalid mandatory parameter',
  8: 'Unrecognized parameters',
  9: 'No user data',
  10: 'Cookie received while shutting down',
  11: 'Restart of an association with new addresses',
  12: 'User initiated ABORT',
  13: 'Protocol violation',
};

/** Parameters and causes look alike: type, length (header included), value, filled up to a multiple of 4. */
function readList(reader: LayerReader, names: Readonly<Record<number, string>>, what: 'parameter' | 'cause'): void {
  const typeKey = what === 'cause' ? 'sctp.cause_code' : 'sctp.parameter_type';
  while (reader.left > 0) {
    if (reader.left < 4) reader.need(4, `Header of a ${what}`);
    const type = u16(reader.bytes, reader.at);
    const length = u16(reader.bytes, reader.at + 2);
    reader.group(`${names[type] ?? 'Unknown'} ${what}`, `sctp.${what}`, () => {
      reader.u16('Type', typeKey, (value) => named(names, value));
      reader.u16('Length', `sctp.${what}_length`);
      if (length < 4) reader.fail(`length ${length} of a ${what} is less than its header's 4 bytes`);
      if (length === 8 && type === 5 && what === 'parameter') reader.ipv4('IP address', 'sctp.parameter_ipv4_address');
      else if (length > 4) reader.raw('Value', valueKey(what, type), length - 4);
      const padding = Math.min(-length & 3, reader.left);
      if (padding > 0) reader.raw('Padding', `sctp.${what}_padding`, padding);
      return undefined;
    });
  }
}

function valueKey(what: 'parameter' | 'cause', type: number): string {
  if (what === 'cause') return 'sctp.cause_information';
  if (type === 1) return 'sctp.parameter_heartbeat_information';
  return type === 7 ? 'sctp.parameter_state_cookie' : 'sctp.parameter_value';
}
