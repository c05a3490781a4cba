/**
 * Diffie-Hellman groups of IKE: Curve25519 (31, RFC 8031), the 256-bit random ECP group (19, RFC 5903) and the
 * 2048-bit MODP group (14, RFC 3526 §3).
 *
 * The MODP exponent has 256 bits, twice the strength of the ciphers used here, as RFC 7919 §5.2 advises: the whole
 * 2048 bits would take eight times as long and make nothing safer.
 * @module
 */
import { p256 } from '@noble/curves/nist.js';
import { hex, toHex } from '../../lib/bytes.ts';
import type { Rng } from '../../lib/rng.ts';
import * as x25519 from './x25519.ts';

export interface KeyPair {
  readonly group: number;
  /** As it stands in the KE payload. */
  readonly publicValue: Uint8Array;
  /** g^ir, or undefined where the peer's value is no element of the group. */
  readonly shared: (peerValue: Uint8Array) => Uint8Array | undefined;
}

/** Transform IDs of type 4. */
export const GROUP = { modp2048: 14, ecp256: 19, curve25519: 31 } as const;

/** Answers undefined for a group that is not one of ours. */
export function keyPair(group: number, rng: Rng): KeyPair | undefined {
  switch (group) {
    case GROUP.curve25519:
      return curve25519(rng.bytes(32));
    case GROUP.ecp256:
      // 48 bytes are enough to draw a scalar without bias.
      return ecp256(p256.utils.randomSecretKey(rng.bytes(48)));
    case GROUP.modp2048:
      return modp2048(rng.bytes(32));
    default:
      return undefined;
  }
}

export function curve25519(secret: Uint8Array): KeyPair {
  return {
    group: GROUP.curve25519,
    publicValue: x25519.keyPair(secret).public,
    shared: (peerValue) => x25519.sharedSecret(secret, peerValue),
  };
}

/** KE carries x and y without the point format byte. */
export function ecp256(secret: Uint8Array): KeyPair {
  return {
    group: GROUP.ecp256,
    publicValue: p256.getPublicKey(secret, false).slice(1),
    shared: (peerValue) => {
      const point = new Uint8Array(1 + peerValue.length);
      point[0] = 4;
      point.set(peerValue, 1);
      // RFC 5903 §9: the shared secret is the x coordinate alone.
      return attempt(() => p256.getSharedSecret(secret, point, true).slice(1));
    },
  };
}

const MODP2048_LEN = 256;
const PRIME = BigInt(
  `0x${toHex(
    hex(`
    ffffffffffffffff c90fdaa22168c234 c4c6628b80dc1cd1 29024e088a67cc74 020bbea63b139b22 514a08798e3404dd
    ef9519b3cd3a431b 302b0a6df25f1437 4fe1356d6d51c245 e485b576625e7ec6 f44c42e9a637ed6b 0bff5cb6f406b7ed
    ee386bfb5a899fa5 ae9f24117c4b1fe6 49286651ece45b3d c2007cb8a163bf05 98da48361c55d39a 69163fa8fd24cf5f
    83655d23dca3ad96 1c62f356208552bb 9ed529077096966d 670c354e4abc9804 f1746c08ca18217c 32905e462e36ce3b
    e39e772c180e8603 9b2783a2ec07a28f b5c55df06f4c52c9 de2bcbf695581718 3995497cea956ae5 15d2261898fa0510
    15728e5a8aacaa68 ffffffffffffffff`),
  )}`,
);

export function modp2048(secret: Uint8Array): KeyPair {
  const exponent = toNumber(secret);
  return {
    group: GROUP.modp2048,
    publicValue: fromNumber(power(2n, exponent), MODP2048_LEN),
    shared: (peerValue) => {
      const peer = toNumber(peerValue);
      // RFC 6989 §2.1: 0, 1 and p-1 would give the secret away.
      if (peerValue.length !== MODP2048_LEN || peer <= 1n || peer >= PRIME - 1n) return undefined;
      return fromNumber(power(peer, exponent), MODP2048_LEN);
    },
  };
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

const toNumber = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`));
const fromNumber = (value: bigint, length: number): Uint8Array => hex(value.toString(16).padStart(2 * length, '0'));

/** The curves refuse bad points by throwing; to us a bad point is only a bad packet. */
function attempt(compute: () => Uint8Array): Uint8Array | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}
