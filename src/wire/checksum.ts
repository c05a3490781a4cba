/** The Internet checksum (RFC 1071), its incremental update (RFC 1624) and CRC32c (RFC 3720 B.4). @module */

/** One's-complement sum of 16-bit words, not folded: add several, then fold. An odd last byte counts as its high half. */
export function sum16(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let total = start;
  let at = from;
  // Eight bytes a turn: measured about twice as fast as two.
  for (; at + 7 < to; at += 8) {
    total +=
      ((bytes[at]! + bytes[at + 2]! + bytes[at + 4]! + bytes[at + 6]!) << 8) +
      (bytes[at + 1]! + bytes[at + 3]! + bytes[at + 5]! + bytes[at + 7]!);
  }
  for (; at + 1 < to; at += 2) total += (bytes[at]! << 8) | bytes[at + 1]!;
  if (at < to) total += bytes[at]! << 8;
  return total;
}

export function fold(total: number): number {
  let sum = total;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/** The value to write into a checksum field that was 0 while summing. */
export function checksum(bytes: Uint8Array, from: number, to: number, start = 0): number {
  return ~fold(sum16(bytes, from, to, start)) & 0xffff;
}

/** Sum over the IPv4 pseudo-header of UDP, TCP and the like (RFC 768, RFC 9293 §3.1). `length` is that of header and data. */
export function pseudoSum(source: number, destination: number, protocol: number, length: number): number {
  return (
    (source >>> 16) + (source & 0xffff) + (destination >>> 16) + (destination & 0xffff) + protocol + (length & 0xffff)
  );
}

/** RFC 1624 equation 3, for one 16-bit word. Must not be run when nothing changed (erratum 4782). */
export function update16(old: number, before: number, after: number): number {
  let sum = (~old & 0xffff) + (~before & 0xffff) + after;
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The same for a 32-bit value, which is two 16-bit words. */
export function update32(old: number, before: number, after: number): number {
  let sum =
    (~old & 0xffff) + (~before & 0xffff) + ((~before >>> 16) & 0xffff) + (after & 0xffff) + ((after >>> 16) & 0xffff);
  sum = (sum & 0xffff) + (sum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

const CRC32C = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  CRC32C[byte] = crc;
}

/** CRC32c of pieces that follow each other, unsigned. SCTP writes it least significant byte first (RFC 9260 appendix A). */
export function crc32c(...pieces: readonly Uint8Array[]): number {
  let crc = 0xffffffff;
  for (const piece of pieces)
    for (let at = 0; at < piece.length; at++) crc = CRC32C[(crc ^ piece[at]!) & 255]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
