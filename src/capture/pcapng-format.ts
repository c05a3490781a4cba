/**
 * pcapng's numbers (draft-ietf-opsawg-pcapng), for reader and writer alike.
 *
 *     block    |0 type |4 total length |8 body …, padded to 4 |-4 total length again
 *     option   |0 code |2 length |4 value …, padded to 4
 *
 * @module
 */

export const BLOCK = {
  /** Reads the same in both byte orders. */
  section: 0x0a0d0d0a,
  interface: 1,
  /** Obsolete, still met in old files. */
  packet: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  enhancedPacket: 6,
  secrets: 10,
} as const;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

export const OPTION = {
  end: 0,
  comment: 1,
  sectionApplication: 4,
  interfaceName: 2,
  interfaceDescription: 3,
  interfaceTimeResolution: 9,
  interfaceTimeOffset: 14,
  packetFlags: 2,
  statisticsReceived: 4,
  statisticsDropped: 5,
} as const;

/** Kinds of keys in a Decryption Secrets Block: what Wireshark takes. */
export const SECRETS = { tlsKeyLog: 0x544c_534b, wireguardKeyLog: 0x5747_4b4c } as const;

export const NAME_RECORD = { end: 0, ipv4: 1, ipv6: 2 } as const;

/** Total length of a block with an empty body. */
export const BLOCK_OVERHEAD = 12;

export function padded(length: number): number {
  return (length + 3) & ~3;
}
