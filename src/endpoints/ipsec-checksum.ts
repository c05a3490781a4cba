/**
 * What a NAT leaves wrong inside transport mode: TCP and UDP checksums cover the IP addresses, the NAT changes the
 * addresses and cannot reach the checksum, because it is encrypted (RFC 3715 §2.1 b). The receiver has to mend it
 * (RFC 3948 §3.1.2).
 * @module
 */
import { putU16, u16 } from '../lib/bytes.ts';
import { checksum, pseudoSum, update32 } from '../wire/checksum.ts';

/**
 * - `nat-oa`: take the original addresses out of the checksum and the seen ones in (§3.1.2, first way)
 * - `recompute`: compute it anew and verify nothing, the ICV having covered the packet (second way; Linux's flag
 *   "already verified", the third way, comes to the same)
 * - `none`: leave it as it is, which is what breaks
 */
export type ChecksumRule = 'nat-oa' | 'recompute' | 'none';

export interface Ends {
  readonly source: number;
  readonly destination: number;
}

interface Covered {
  /** Where the checksum stands in the header. */
  readonly at: number;
  /** A field of 0 means that there is none. */
  readonly optional: boolean;
}

const COVERED: Readonly<Record<number, Covered>> = {
  6: { at: 16, optional: false },
  17: { at: 6, optional: true },
};

/**
 * The payload as it may go up the stack, or undefined where its checksum is wrong for the addresses it arrived with.
 * `original`: the addresses its sender computed with, where the key exchange told.
 */
export function mended(
  rule: ChecksumRule,
  protocol: number,
  payload: Uint8Array,
  seen: Ends,
  original: Ends,
): Uint8Array | undefined {
  const covered = COVERED[protocol];
  if (!covered || payload.length < covered.at + 2) return payload;
  const field = u16(payload, covered.at);
  if (covered.optional && field === 0) return payload;
  const fixed = rewrite(rule, covered, protocol, payload, seen, original);
  return verify(protocol, fixed, seen) ? fixed : undefined;
}

function rewrite(
  rule: ChecksumRule,
  covered: Covered,
  protocol: number,
  payload: Uint8Array,
  seen: Ends,
  original: Ends,
): Uint8Array {
  if (rule === 'none') return payload;
  const fixed = payload.slice();
  let field = u16(payload, covered.at);
  if (rule === 'recompute') {
    putU16(fixed, covered.at, 0);
    field = checksum(fixed, 0, fixed.length, pseudoSum(seen.source, seen.destination, protocol, fixed.length));
  } else {
    // RFC 1624's update must not run where nothing changed (erratum 4782).
    if (original.source !== seen.source) field = update32(field, original.source, seen.source);
    if (original.destination !== seen.destination) field = update32(field, original.destination, seen.destination);
  }
  putU16(fixed, covered.at, covered.optional ? field || 0xffff : field);
  return fixed;
}

function verify(protocol: number, payload: Uint8Array, { source, destination }: Ends): boolean {
  return checksum(payload, 0, payload.length, pseudoSum(source, destination, protocol, payload.length)) === 0;
}
