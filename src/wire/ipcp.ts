/** IPCP, RFC 1332, with the name server options of RFC 1877. @module */
import { address, number, rest } from './field-spec.ts';
import { encodePacket, type OptionOf, type Packet as PacketOf, parsePacket } from './ppp-control.ts';
import { controlDissector } from './ppp-control-dissect.ts';
import type { Parsed } from './result.ts';
import { hex16 } from './show.ts';

const OPTIONS = {
  /** The old form, replaced by `address`. */
  addresses: {
    type: 1,
    title: 'IP Addresses (deprecated)',
    fields: [
      address('source', 'Source IP Address', 'ipcp.opt.src_address'),
      address('destination', 'Destination IP Address', 'ipcp.opt.dst_address'),
    ],
  },
  compression: {
    type: 2,
    title: 'IP Compression Protocol',
    fields: [
      number('protocol', 2, 'IP Compression Protocol', 'ipcp.opt.compress_proto', hex16),
      rest('data', 'Data', 'ipcp.data'),
    ],
  },
  address: { type: 3, title: 'IP Address', fields: [address('value', 'IP Address', 'ipcp.opt.ip_address')] },
  'primary-dns': {
    type: 129,
    title: 'Primary DNS Server IP Address',
    fields: [address('value', 'Primary DNS Address', 'ipcp.opt.pri_dns_address')],
  },
  'primary-nbns': {
    type: 130,
    title: 'Primary NBNS Server IP Address',
    fields: [address('value', 'Primary NBNS Address', 'ipcp.opt.pri_nbns_address')],
  },
  'secondary-dns': {
    type: 131,
    title: 'Secondary DNS Server IP Address',
    fields: [address('value', 'Secondary DNS Address', 'ipcp.opt.sec_dns_address')],
  },
  'secondary-nbns': {
    type: 132,
    title: 'Secondary NBNS Server IP Address',
    fields: [address('value', 'Secondary NBNS Address', 'ipcp.opt.sec_nbns_address')],
  },
} as const;

export type Option = OptionOf<typeof OPTIONS>;
export type Packet = PacketOf<Option>;

export const parse = (bytes: Uint8Array): Parsed<Packet> => parsePacket(bytes, OPTIONS);
export const encode = (packet: Packet): Uint8Array => encodePacket(packet, OPTIONS);
export const dissect = controlDissector('PPP IP Control Protocol', 'ipcp', OPTIONS);
