/**
 * The integrity check value of AH (RFC 4302 §3.3.3): a keyed hash over the whole IPv4 packet as it will arrive. What
 * routers may change on the way counts as zero; addresses do not belong to that, which is why no NAT can let AH pass.
 *
 *     covered   version, header length, total length, identification, protocol, source, destination; AH; the payload
 *     zeroed    DSCP and ECN, flags and fragment offset, TTL, header checksum, most options, the ICV itself
 *
 * Does not model: source routes, whose destination would count as the final hop.
 * @module
 */
import * as ah from '../wire/ah.ts';
import * as ipv4 from '../wire/ipv4.ts';
import { hmacSha1, hmacSha256, type Prf } from './crypto/prf.ts';

export type AhTransformName = 'hmac-sha1-96' | 'hmac-sha2-256-128';

interface AhTransform {
  readonly mac: Prf;
  readonly keyLength: number;
  readonly icvLength: number;
}

/** RFC 2404 and RFC 4868. Both ICVs end on a 4-byte boundary, so IPv4 needs no padding behind them. */
export const AH_TRANSFORMS: Readonly<Record<AhTransformName, AhTransform>> = {
  'hmac-sha1-96': { mac: hmacSha1, keyLength: 20, icvLength: 12 },
  'hmac-sha2-256-128': { mac: hmacSha256, keyLength: 32, icvLength: 16 },
};

export interface AhKeying {
  readonly spi: number;
  readonly transform: AhTransformName;
  readonly key: Uint8Array;
}

/** End, no operation, security, extended security, CIPSO, router alert, sender-directed delivery (§A.1). */
const KEPT_OPTIONS = new Set([0, 1, 130, 133, 134, 148, 149]);

/** The ICV that `packet`, a whole IPv4 packet with AH behind its header, must carry. */
export function icvOf({ transform, key }: AhKeying, packet: Uint8Array): Uint8Array {
  const { mac, icvLength } = AH_TRANSFORMS[transform];
  const headerLength = (packet[0]! & 15) * 4;
  const covered = packet.slice();
  covered[1] = 0;
  covered.fill(0, 6, 9);
  covered.fill(0, 10, 12);
  zeroOptions(covered, headerLength);
  const icvAt = headerLength + ah.HEADER_LEN;
  covered.fill(0, icvAt, icvAt + icvLength);
  return mac(key, covered).slice(0, icvLength);
}

function zeroOptions(header: Uint8Array, end: number): void {
  for (let at = ipv4.HEADER_LEN; at < end; ) {
    const type = header[at]!;
    const length = type < 2 ? 1 : Math.max(2, header[at + 1] ?? 0);
    if (!KEPT_OPTIONS.has(type)) header.fill(0, at, Math.min(at + length, end));
    at += length;
  }
}
