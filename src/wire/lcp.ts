/** LCP, the Link Control Protocol: RFC 1661 §5 and §6; ACCM from RFC 1662, callback RFC 1570, multilink RFC 1990. @module */
import { number, rest } from './field-spec.ts';
import { encodePacket, type OptionOf, type Packet as PacketOf, parsePacket } from './ppp-control.ts';
import { controlDissector } from './ppp-control-dissect.ts';
import type { Parsed } from './result.ts';
import { hex16, hex32, named } from './show.ts';

const AUTHENTICATION: Readonly<Record<number, string>> = {
  49187: 'Password Authentication Protocol',
  49699: 'Challenge Handshake Authentication Protocol',
  49703: 'Extensible Authentication Protocol',
};
export const CHAP_MD5 = 5;
export const MS_CHAP = 0x80;
export const MS_CHAP_V2 = 0x81;
const ALGORITHMS: Readonly<Record<number, string>> = {
  [CHAP_MD5]: 'CHAP with MD5',
  [MS_CHAP]: 'MS-CHAP',
  [MS_CHAP_V2]: 'MS-CHAP-2',
};

const algorithm = (value: number) => named(ALGORITHMS, value);
const authentication = (value: number) => `${AUTHENTICATION[value] ?? 'Unknown'} (${hex16(value)})`;
const protocol = number('protocol', 2, 'Authentication Protocol', 'lcp.opt.auth_protocol', authentication);

const OPTIONS = {
  mru: { type: 1, title: 'Maximum Receive Unit', fields: [number('value', 2, 'Maximum Receive Unit', 'lcp.opt.mru')] },
  accm: {
    type: 2,
    title: 'Async Control Character Map',
    fields: [number('map', 4, 'Async Control Character Map', 'lcp.opt.asyncmap', hex32)],
  },
  /** PAP and EAP, which need no algorithm. */
  authentication: { type: 3, title: 'Authentication Protocol', fields: [protocol] },
  'authentication-chap': {
    type: 3,
    title: 'Authentication Protocol',
    fields: [protocol, number('algorithm', 1, 'Algorithm', 'lcp.opt.algorithm', algorithm)],
  },
  quality: {
    type: 4,
    title: 'Quality Protocol',
    fields: [
      number('protocol', 2, 'Quality Protocol', 'lcp.opt.quality_protocol', hex16),
      rest('data', 'Data', 'lcp.opt.data'),
    ],
  },
  magic: {
    type: 5,
    title: 'Magic Number',
    fields: [number('value', 4, 'Magic Number', 'lcp.opt.magic_number', hex32)],
  },
  /** Protocol field compression. */
  pfc: { type: 7, title: 'Protocol Field Compression', fields: [] },
  /** Address and control field compression. */
  acfc: { type: 8, title: 'Address and Control Field Compression', fields: [] },
  callback: {
    type: 13,
    title: 'Callback',
    fields: [number('operation', 1, 'Operation', 'lcp.opt.operation'), rest('message', 'Message', 'lcp.opt.message')],
  },
  mrru: { type: 17, title: 'Multilink MRRU', fields: [number('value', 2, 'MRRU', 'lcp.opt.mrru')] },
  'short-sequence': { type: 18, title: 'Multilink Short Sequence Number Header', fields: [] },
  'endpoint-discriminator': {
    type: 19,
    title: 'Multilink Endpoint Discriminator',
    fields: [
      number('class', 1, 'Class', 'lcp.opt.ep_disc_class'),
      rest('address', 'Address', 'lcp.opt.ep_disc_address'),
    ],
  },
} as const;

export type Option = OptionOf<typeof OPTIONS>;
export type Packet = PacketOf<Option>;

export const parse = (bytes: Uint8Array): Parsed<Packet> => parsePacket(bytes, OPTIONS);
export const encode = (packet: Packet): Uint8Array => encodePacket(packet, OPTIONS);
export const dissect = controlDissector('PPP Link Control Protocol', 'lcp', OPTIONS);
