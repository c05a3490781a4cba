/** Words for what guards the bytes of a packet: they go with the bytes that are underlined. @module */

export const GUARDS = {
  checksum: 'Underlined: the bytes this checksum is made of.',
  ah: 'Underlined: what AH’s integrity value is made of. Both addresses are in it, and only the two ends have the key.',
  esp: 'Underlined: what ESP’s integrity value is made of. The IP header is not in it, so a NAT may change addresses.',
  sealed: 'Underlined: encrypted. The router sees that these bytes are there, and no more.',
} as const;
