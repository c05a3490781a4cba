/** What the numbers of IKEv1 are called: RFC 2407, 2408, 2409, 3706 and 3947, and the IANA "IPSEC DOI" registries. @module */
import type { AttributeName } from './ike-chain.ts';
import { GROUPS } from './ikev2-names.ts';

type Names = Readonly<Record<number, string>>;

export const EXCHANGES: Names = {
  1: 'Base',
  2: 'Identity Protection (Main Mode)',
  3: 'Authentication Only',
  4: 'Aggressive',
  5: 'Informational',
  6: 'Transaction (Config Mode)',
  32: 'Quick Mode',
  33: 'New Group Mode',
};

export const PAYLOADS: Names = {
  0: 'NONE / No Next Payload',
  1: 'Security Association',
  2: 'Proposal',
  3: 'Transform',
  4: 'Key Exchange',
  5: 'Identification',
  6: 'Certificate',
  7: 'Certificate Request',
  8: 'Hash',
  9: 'Signature',
  10: 'Nonce',
  11: 'Notification',
  12: 'Delete',
  13: 'Vendor ID',
  14: 'Attributes',
  20: 'NAT-D (RFC 3947)',
  21: 'NAT-OA (RFC 3947)',
  130: 'NAT-D (draft-ietf-ipsec-nat-t-ike-01 to 03)',
  131: 'NAT-OA (draft-ietf-ipsec-nat-t-ike-01 to 03)',
  132: 'Cisco-Fragmentation',
};

export const DOIS: Names = { 0: 'ISAKMP', 1: 'IPSEC', 2: 'GDOI' };

export const PROTOCOLS: Names = { 0: 'RESERVED', 1: 'ISAKMP', 2: 'IPSEC_AH', 3: 'IPSEC_ESP', 4: 'IPCOMP' };

/** Transform IDs by protocol. */
export const TRANSFORMS: Readonly<Record<number, Names>> = {
  1: { 1: 'KEY_IKE' },
  2: { 2: 'AH_MD5', 3: 'AH_SHA', 5: 'AH_SHA2_256', 6: 'AH_SHA2_384', 7: 'AH_SHA2_512' },
  3: {
    2: 'ESP_DES',
    3: 'ESP_3DES',
    6: 'ESP_CAST',
    7: 'ESP_BLOWFISH',
    11: 'ESP_NULL',
    12: 'ESP_AES_CBC',
    13: 'ESP_AES_CTR',
    18: 'ESP_AES_GCM_8',
    19: 'ESP_AES_GCM_12',
    20: 'ESP_AES_GCM_16',
  },
  4: { 1: 'IPCOMP_OUI', 2: 'IPCOMP_DEFLATE', 3: 'IPCOMP_LZS' },
};

const LIFE_TYPES: Names = { 1: 'Seconds', 2: 'Kilobytes' };

/** Attributes of a phase 1 transform, RFC 2409 appendix A. */
export const IKE_ATTRIBUTES: Readonly<Record<number, AttributeName>> = {
  1: {
    name: 'Encryption-Algorithm',
    key: 'encryption_algorithm',
    values: {
      1: 'DES-CBC',
      2: 'IDEA-CBC',
      3: 'BLOWFISH-CBC',
      5: '3DES-CBC',
      6: 'CAST-CBC',
      7: 'AES-CBC',
      8: 'CAMELLIA-CBC',
    },
  },
  2: {
    name: 'Hash-Algorithm',
    key: 'hash_algorithm',
    values: { 1: 'MD5', 2: 'SHA', 3: 'TIGER', 4: 'SHA2-256', 5: 'SHA2-384', 6: 'SHA2-512' },
  },
  3: {
    name: 'Authentication-Method',
    key: 'authentication_method',
    values: {
      1: 'Pre-shared key',
      2: 'DSS signatures',
      3: 'RSA signatures',
      4: 'Encryption with RSA',
      5: 'Revised encryption with RSA',
      64221: 'HybridInitRSA',
      64222: 'HybridRespRSA',
      65001: 'XAUTHInitPreShared',
      65002: 'XAUTHRespPreShared',
      65005: 'XAUTHInitRSA',
      65006: 'XAUTHRespRSA',
    },
  },
  4: { name: 'Group-Description', key: 'group_description', values: GROUPS },
  5: { name: 'Group-Type', key: 'group_type', values: { 1: 'MODP', 2: 'ECP', 3: 'EC2N' } },
  6: { name: 'Group-Prime', key: 'group_prime' },
  11: { name: 'Life-Type', key: 'life_type', values: LIFE_TYPES },
  12: { name: 'Life-Duration', key: 'life_duration' },
  13: { name: 'PRF', key: 'prf' },
  14: { name: 'Key-Length', key: 'key_length' },
  15: { name: 'Field-Size', key: 'field_size' },
  16: { name: 'Group-Order', key: 'group_order' },
};

/** Attributes of a phase 2 transform, RFC 2407 §4.5; encapsulation modes 3 and 4 by RFC 3947 §5.1. */
export const IPSEC_ATTRIBUTES: Readonly<Record<number, AttributeName>> = {
  1: { name: 'SA-Life-Type', key: 'life_type', values: LIFE_TYPES },
  2: { name: 'SA-Life-Duration', key: 'life_duration' },
  3: { name: 'Group-Description', key: 'group_description', values: GROUPS },
  4: {
    name: 'Encapsulation-Mode',
    key: 'encap_mode',
    values: {
      1: 'Tunnel',
      2: 'Transport',
      3: 'UDP-Encapsulated-Tunnel',
      4: 'UDP-Encapsulated-Transport',
      61443: 'UDP-Encapsulated-Tunnel (draft)',
      61444: 'UDP-Encapsulated-Transport (draft)',
    },
  },
  5: {
    name: 'Authentication-Algorithm',
    key: 'auth_algorithm',
    values: {
      1: 'HMAC-MD5',
      2: 'HMAC-SHA',
      3: 'DES-MAC',
      4: 'KPDK',
      5: 'HMAC-SHA2-256',
      6: 'HMAC-SHA2-384',
      7: 'HMAC-SHA2-512',
      9: 'AES-XCBC-MAC',
    },
  },
  6: { name: 'Key-Length', key: 'key_length' },
  7: { name: 'Key-Rounds', key: 'key_rounds' },
  10: { name: 'ECN Tunnel', key: 'ecn_tunnel', values: { 1: 'Allowed', 2: 'Forbidden' } },
  11: { name: 'Extended (64-bit) Sequence Number', key: 'ext_seq_nbr', values: { 1: '64-bit Sequence Number' } },
};

export const NOTIFIES: Names = {
  1: 'INVALID-PAYLOAD-TYPE',
  2: 'DOI-NOT-SUPPORTED',
  3: 'SITUATION-NOT-SUPPORTED',
  4: 'INVALID-COOKIE',
  5: 'INVALID-MAJOR-VERSION',
  6: 'INVALID-MINOR-VERSION',
  7: 'INVALID-EXCHANGE-TYPE',
  8: 'INVALID-FLAGS',
  9: 'INVALID-MESSAGE-ID',
  10: 'INVALID-PROTOCOL-ID',
  11: 'INVALID-SPI',
  12: 'INVALID-TRANSFORM-ID',
  13: 'ATTRIBUTES-NOT-SUPPORTED',
  14: 'NO-PROPOSAL-CHOSEN',
  15: 'BAD-PROPOSAL-SYNTAX',
  16: 'PAYLOAD-MALFORMED',
  17: 'INVALID-KEY-INFORMATION',
  18: 'INVALID-ID-INFORMATION',
  19: 'INVALID-CERT-ENCODING',
  20: 'INVALID-CERTIFICATE',
  21: 'CERT-TYPE-UNSUPPORTED',
  22: 'INVALID-CERT-AUTHORITY',
  23: 'INVALID-HASH-INFORMATION',
  24: 'AUTHENTICATION-FAILED',
  25: 'INVALID-SIGNATURE',
  26: 'ADDRESS-NOTIFICATION',
  27: 'NOTIFY-SA-LIFETIME',
  28: 'CERTIFICATE-UNAVAILABLE',
  29: 'UNSUPPORTED-EXCHANGE-TYPE',
  30: 'UNEQUAL-PAYLOAD-LENGTHS',
  16384: 'CONNECTED',
  24576: 'RESPONDER-LIFETIME',
  24577: 'REPLAY-STATUS',
  24578: 'INITIAL-CONTACT',
  36136: 'R-U-THERE',
  36137: 'R-U-THERE-ACK',
  40501: 'UNITY-LOAD-BALANCE',
};

export const CERT_ENCODINGS: Names = {
  1: 'PKCS #7 wrapped X.509 certificate',
  2: 'PGP Certificate',
  3: 'DNS Signed Key',
  4: 'X.509 Certificate - Signature',
  5: 'X.509 Certificate - Key Exchange',
  6: 'Kerberos Tokens',
  7: 'Certificate Revocation List (CRL)',
  8: 'Authority Revocation List (ARL)',
  9: 'SPKI Certificate',
  10: 'X.509 Certificate - Attribute',
};
