/** IPV6CP, RFC 5072: only the interface identifier. @module */
import { rest } from './field-spec.ts';
import { encodePacket, type OptionOf, type Packet as PacketOf, parsePacket } from './ppp-control.ts';
import { controlDissector } from './ppp-control-dissect.ts';
import type { Parsed } from './result.ts';

const OPTIONS = {
  'interface-identifier': {
    type: 1,
    title: 'Interface Identifier',
    fields: [rest('value', 'Interface Identifier', 'ipv6cp.interface_identifier')],
  },
} as const;

export type Option = OptionOf<typeof OPTIONS>;
export type Packet = PacketOf<Option>;

export const parse = (bytes: Uint8Array): Parsed<Packet> => parsePacket(bytes, OPTIONS);
export const encode = (packet: Packet): Uint8Array => encodePacket(packet, OPTIONS);
export const dissect = controlDissector('PPP IPv6 Control Protocol', 'ipv6cp', OPTIONS);
