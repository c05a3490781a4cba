/** The data of an identification payload, RFC 2407 §4.6.2 and RFC 7296 §3.5: what it says depends on its type. @module */
import type { LayerReader } from './layer-reader.ts';
import { rest } from './record.ts';

/** Identification types. The subnet and range forms belong to IKEv1 alone; IKEv2 has traffic selectors instead. */
export const ID_TYPES: Readonly<Record<number, string>> = {
  1: 'ID_IPV4_ADDR',
  2: 'ID_FQDN',
  3: 'ID_RFC822_ADDR',
  4: 'ID_IPV4_ADDR_SUBNET',
  5: 'ID_IPV6_ADDR',
  6: 'ID_IPV6_ADDR_SUBNET',
  7: 'ID_IPV4_ADDR_RANGE',
  8: 'ID_IPV6_ADDR_RANGE',
  9: 'ID_DER_ASN1_DN',
  10: 'ID_DER_ASN1_GN',
  11: 'ID_KEY_ID',
};

/** Reads the data up to the reader's end and answers it as it stands. */
export function readIdentity(reader: LayerReader, type: number): Uint8Array {
  const data = rest(reader);
  if (type === 1 && data.length === 4) reader.ipv4('ID_IPV4_ADDR', 'isakmp.id.data.ipv4_addr');
  else if (type === 2) reader.text('ID_FQDN', 'isakmp.id.data.fqdn', data.length);
  else if (type === 3) reader.text('ID_RFC822_ADDR', 'isakmp.id.data.user_fqdn', data.length);
  else if (type === 4 && data.length === 8) {
    reader.ipv4('ID_IPV4_ADDR', 'isakmp.id.data.ipv4_addr');
    reader.ipv4('ID_IPV4_SUBNET', 'isakmp.id.data.ipv4_subnet');
  } else if (type === 7 && data.length === 8) {
    reader.ipv4('ID_IPV4_ADDR_RANGE start', 'isakmp.id.data.ipv4_range_start');
    reader.ipv4('ID_IPV4_ADDR_RANGE end', 'isakmp.id.data.ipv4_range_end');
  } else reader.raw('Identification Data', 'isakmp.id.data', data.length);
  return data;
}
