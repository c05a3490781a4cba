/**
 * The IKEv1 Security Association payload, RFC 2407 §4.6.1, and its transforms, RFC 2408 §3.6: whole suites, each
 * described by attributes.
 *
 *     body        |0 domain of interpretation |4 situation |8 proposal …
 *     transform   |4 number |5 ID |6 reserved |8 attribute …
 * @module
 */
import { type Attribute, readAttributes, writeAttributes } from './ike-chain.ts';
import { type Proposal as AnyProposal, readProposals, type TransformForm, writeProposals } from './ike-proposal.ts';
import { DOIS, IKE_ATTRIBUTES, IPSEC_ATTRIBUTES, PROTOCOLS, TRANSFORMS } from './ikev1-names.ts';
import type { LayerReader } from './layer-reader.ts';
import { hex32, named } from './show.ts';
import { Writer } from './writer.ts';

export interface Transform {
  readonly number: number;
  readonly id: number;
  readonly attributes: readonly Attribute[];
}

export type Proposal = AnyProposal<Transform>;

export interface SecurityAssociation {
  /** 1 IPsec. */
  readonly doi: number;
  /** 1 identity only. */
  readonly situation: number;
  readonly proposals: readonly Proposal[];
}

/** The protocol number of phase 1, whose attributes are not those of AH and ESP. */
const ISAKMP = 1;

const TRANSFORM: TransformForm<Transform> = {
  protocols: PROTOCOLS,
  read(reader, protocol) {
    const number = reader.u8('Transform number', 'isakmp.trans.number');
    const id = reader.u8('Transform ID', 'isakmp.trans.id', (value) => named(TRANSFORMS[protocol] ?? {}, value));
    reader.u16('Reserved', 'isakmp.reserved');
    const attributes =
      protocol === ISAKMP
        ? readAttributes(reader, 'isakmp.ike.attr', IKE_ATTRIBUTES)
        : readAttributes(reader, 'isakmp.ipsec.attr', IPSEC_ATTRIBUTES);
    return { number, id, attributes };
  },
  label: ({ number, id }, protocol) => `${number}: ${TRANSFORMS[protocol]?.[id] ?? id}`,
  write: (writer, { number, id, attributes }) => writer.u8(number).u8(id).u16(0).raw(writeAttributes(attributes)),
};

export function readSa(reader: LayerReader): SecurityAssociation {
  const doi = reader.u32('Domain of interpretation', 'isakmp.sa.doi', (value) => named(DOIS, value));
  const situation = reader.u32('Situation', 'isakmp.sa.situation', hex32);
  return { doi, situation, proposals: readProposals(reader, TRANSFORM) };
}

export function writeSa({ doi, situation, proposals }: SecurityAssociation): Uint8Array {
  return new Writer().u32(doi).u32(situation).raw(writeProposals(proposals, TRANSFORM)).take();
}
