/** CCP, RFC 1962, with the MPPC and MPPE option of RFC 2118 and RFC 3078 §2. @module */
import { number, rest } from './field-spec.ts';
import type { Flag } from './layer-reader.ts';
import { encodePacket, type OptionOf, type Packet as PacketOf, parsePacket } from './ppp-control.ts';
import { controlDissector } from './ppp-control-dissect.ts';
import type { Parsed } from './result.ts';
import { hex32 } from './show.ts';

/** Bits of the MPPE option. */
export const STATELESS = 0x01000000;
export const MPPE_56 = 0x00000080;
export const MPPE_128 = 0x00000040;
export const MPPE_40 = 0x00000020;
export const MPPE_OBSOLETE = 0x00000010;
export const MPPC = 0x00000001;

const FLAGS: readonly Flag[] = [
  { name: 'Stateless mode', key: 'ccp.opt.supported_bits.h', mask: STATELESS },
  { name: '56-bit encryption', key: 'ccp.opt.supported_bits.m', mask: MPPE_56 },
  { name: '128-bit encryption', key: 'ccp.opt.supported_bits.s', mask: MPPE_128 },
  { name: '40-bit encryption', key: 'ccp.opt.supported_bits.l', mask: MPPE_40 },
  { name: 'Obsolete', key: 'ccp.opt.supported_bits.d', mask: MPPE_OBSOLETE },
  { name: 'MPPC compression', key: 'ccp.opt.supported_bits.c', mask: MPPC },
];

const OPTIONS = {
  oui: { type: 0, title: 'OUI', fields: [rest('data', 'Data', 'ccp.opt.data')] },
  'predictor-1': { type: 1, title: 'Predictor type 1', fields: [] },
  'predictor-2': { type: 2, title: 'Predictor type 2', fields: [] },
  stac: {
    type: 17,
    title: 'Stac Electronics LZS',
    fields: [
      number('historyCount', 2, 'History Count', 'ccp.opt.history_count'),
      number('checkMode', 1, 'Check Mode', 'ccp.opt.cm'),
    ],
  },
  mppe: {
    type: 18,
    title: 'Microsoft PPE/PPC',
    fields: [number('bits', 4, 'Supported Bits', 'ccp.opt.supported_bits', hex32, FLAGS)],
  },
  bsd: { type: 21, title: 'BSD Compress', fields: [number('dictionary', 1, 'Vers/Dict', 'ccp.opt.vd')] },
  deflate: {
    type: 26,
    title: 'Deflate',
    fields: [number('window', 1, 'Window', 'ccp.opt.window'), number('check', 1, 'Chk', 'ccp.opt.chk')],
  },
} as const;

export type Option = OptionOf<typeof OPTIONS>;
export type Packet = PacketOf<Option>;

export const parse = (bytes: Uint8Array): Parsed<Packet> => parsePacket(bytes, OPTIONS);
export const encode = (packet: Packet): Uint8Array => encodePacket(packet, OPTIONS);
export const dissect = controlDissector('PPP Compression Control Protocol', 'ccp', OPTIONS);
