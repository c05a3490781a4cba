/** What dissection answers: layers, each a tree of fields that know their bytes. @module */

/** How a checksum or integrity field compares with what the bytes say. `unverifiable`: a key or a piece is missing. */
export type Check = 'right' | 'wrong' | 'absent' | 'unverifiable';

export interface Field {
  /** In Wireshark's usual words: "Source Port". */
  readonly name: string;
  /** Stable name for code, tests and filters, as Wireshark's display filter where it has one: "udp.srcport". */
  readonly key: string;
  /** Where its bytes are, counted from the start of the dissected packet. */
  readonly offset: number;
  readonly length: number;
  /** For fields smaller than their bytes: which bits of them, as a mask over `length` bytes. */
  readonly mask?: number;
  readonly value: number | bigint | string | Uint8Array;
  /** The value as a person reads it. */
  readonly display: string;
  readonly check?: Check;
  readonly children?: readonly Field[];
}

export interface Layer {
  /** `opaque`: whole, but not readable further (encrypted, unknown). `malformed`: broken or cut. Both say why. */
  readonly kind: 'decoded' | 'opaque' | 'malformed';
  /** Short stable id: "ipv4", "udp", "gre", "pptp", … */
  readonly protocol: string;
  /** As written for people: "Internet Protocol Version 4". */
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  /** One line, as in Wireshark's Info column. */
  readonly summary: string;
  readonly fields: readonly Field[];
  /** Set on opaque and malformed layers, and on decoded ones of which only the beginning is there. */
  readonly why?: string;
  /** A packet quoted inside this layer (ICMP errors): it was not sent, it is talked about. */
  readonly quoted?: readonly Layer[];
}

/** Depth first, groups before their children. */
export function eachField(fields: readonly Field[], visit: (field: Field, depth: number) => void, depth = 0): void {
  for (const field of fields) {
    visit(field, depth);
    if (field.children) eachField(field.children, visit, depth + 1);
  }
}
