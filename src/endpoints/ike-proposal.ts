/**
 * What the two ends offer each other in SA payloads and what they settle on (RFC 7296 §2.7, §3.3). One proposal a
 * cipher, since an AEAD may not stand beside a separate integrity transform.
 * @module
 */
import { u32, u32Bytes } from '../lib/bytes.ts';
import type { Proposal, Transform as WireTransform } from '../wire/ikev2-sa.ts';
import { type Transform, type TransformName, transforms } from './crypto/esp-transforms.ts';
import { PROTOCOL_ID } from './ike-numbers.ts';

const TYPE = { encryption: 1, prf: 2, integrity: 3, group: 4, esn: 5 } as const;
const KEY_LENGTH = 14;
const PRF_HMAC_SHA2_256 = 5;
const NO_ESN = 0;

interface Ids {
  readonly encryption: number;
  readonly keyBits?: number;
  readonly integrity?: number;
}

const IDS: Readonly<Record<TransformName, Ids>> = {
  'aes-gcm-16': { encryption: 20, keyBits: 128 },
  'chacha20-poly1305': { encryption: 28 },
  'aes-cbc-sha2-256-128': { encryption: 12, keyBits: 128, integrity: 12 },
  'aes-cbc-sha1-96': { encryption: 12, keyBits: 128, integrity: 2 },
};

const NO_SPI = new Uint8Array(0);
const plain = (type: number, id: number): WireTransform => ({ type, id, attributes: [] });

function cipher(name: TransformName): WireTransform[] {
  const { encryption, keyBits, integrity } = IDS[name];
  const attributes = keyBits === undefined ? [] : [{ type: KEY_LENGTH, value: keyBits }];
  const first = { type: TYPE.encryption, id: encryption, attributes };
  return integrity === undefined ? [first] : [first, plain(TYPE.integrity, integrity)];
}

export function offerIke(names: readonly TransformName[], groups: readonly number[]): Proposal[] {
  return names.map((name, index) => ({
    number: index + 1,
    protocol: PROTOCOL_ID.ike,
    spi: NO_SPI,
    transforms: [...cipher(name), plain(TYPE.prf, PRF_HMAC_SHA2_256), ...groups.map((id) => plain(TYPE.group, id))],
  }));
}

/** `spi`: our inbound one, by which the peer will address us. */
export function offerEsp(names: readonly TransformName[], spi: number): Proposal[] {
  return names.map((name, index) => ({
    number: index + 1,
    protocol: PROTOCOL_ID.esp,
    spi: u32Bytes(spi),
    transforms: [...cipher(name), plain(TYPE.esn, NO_ESN)],
  }));
}

export interface Choice {
  readonly transform: Transform;
  /** The peer's SPI; 0 in IKE_SA_INIT, which has none. */
  readonly spi: number;
  /** 0 where no key exchange was negotiated. */
  readonly group: number;
  /** What goes back as the answer: the one proposal, with one transform of each type. */
  readonly answer: Proposal;
}

/** Takes the peer's first proposal that we can do; of its groups the first that it names. */
export function choose(
  offered: readonly Proposal[],
  protocol: number,
  names: readonly TransformName[],
  groups: readonly number[] = [],
): Choice | undefined {
  for (const proposal of offered.filter((each) => each.protocol === protocol))
    for (const name of names) {
      const group = ofType(proposal, TYPE.group).find(({ id }) => groups.includes(id));
      if (!fits(proposal, name, protocol) || (groups.length > 0 && !group)) continue;
      const rest = protocol === PROTOCOL_ID.ike ? plain(TYPE.prf, PRF_HMAC_SHA2_256) : plain(TYPE.esn, NO_ESN);
      return {
        transform: transforms[name],
        spi: proposal.spi.length === 4 ? u32(proposal.spi, 0) : 0,
        group: group?.id ?? 0,
        answer: { ...proposal, transforms: [...cipher(name), rest, ...(group ? [group] : [])] },
      };
    }
  return undefined;
}

/** Whether the proposal lets us use this cipher, with the PRF or the short sequence numbers that go with it. */
function fits(proposal: Proposal, name: TransformName, protocol: number): boolean {
  const { encryption, keyBits, integrity } = IDS[name];
  const encryptions = ofType(proposal, TYPE.encryption);
  const found = encryptions.some(({ id, attributes }) => {
    const bits = attributes.find(({ type }) => type === KEY_LENGTH)?.value;
    return id === encryption && bits === keyBits;
  });
  const integrities = ofType(proposal, TYPE.integrity).filter(({ id }) => id !== 0);
  const checked = integrity === undefined ? integrities.length === 0 : integrities.some(({ id }) => id === integrity);
  const last =
    protocol === PROTOCOL_ID.ike ? has(proposal, TYPE.prf, PRF_HMAC_SHA2_256) : has(proposal, TYPE.esn, NO_ESN);
  return found && checked && last;
}

const ofType = (proposal: Proposal, type: number) => proposal.transforms.filter((each) => each.type === type);
const has = (proposal: Proposal, type: number, id: number) => ofType(proposal, type).some((each) => each.id === id);
