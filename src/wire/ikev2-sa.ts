/**
 * The transforms of IKEv2, RFC 7296 §3.3.2: one algorithm each, of which the other side picks one a type.
 *
 *     |4 type |5 reserved |6 ID |8 attribute …
 * @module
 */
import { type Attribute, readAttributes, writeAttributes } from './ike-chain.ts';
import type { Proposal as AnyProposal, TransformForm } from './ike-proposal.ts';
import { PROTOCOLS, TRANSFORM_TYPES, TRANSFORMS } from './ikev2-names.ts';
import { named } from './show.ts';

export interface Transform {
  /** 1 encryption, 2 PRF, 3 integrity, 4 Diffie-Hellman group, 5 extended sequence numbers. */
  readonly type: number;
  readonly id: number;
  readonly attributes: readonly Attribute[];
}

export type Proposal = AnyProposal<Transform>;

/** The only attribute there is. */
const KEY_LENGTH = 14;
const ATTRIBUTES = { [KEY_LENGTH]: { name: 'Key Length', key: 'key_length' } };

/** How the ID's field is called, by the type of the transform. */
const TRANSFORM_KEYS: Readonly<Record<number, string>> = { 1: '.encr', 2: '.prf', 3: '.integ', 4: '.dh', 5: '.esn' };

export const TRANSFORM: TransformForm<Transform> = {
  protocols: PROTOCOLS,
  read(reader) {
    const type = reader.u8('Transform Type', 'isakmp.tf.type', (value) => named(TRANSFORM_TYPES, value));
    reader.u8('Reserved', 'isakmp.reserved');
    const id = reader.u16('Transform ID', `isakmp.tf.id${TRANSFORM_KEYS[type] ?? ''}`, (value) =>
      named(TRANSFORMS[type] ?? {}, value),
    );
    return { type, id, attributes: readAttributes(reader, 'isakmp.ike2.attr', ATTRIBUTES) };
  },
  /** "ENCR_AES_CBC 128": the algorithm, with the length of its key where one is given. */
  label({ type, id, attributes }) {
    const name = TRANSFORMS[type]?.[id] ?? `type ${type}, ID ${id}`;
    const bits = attributes.find((attribute) => attribute.type === KEY_LENGTH)?.value;
    return typeof bits === 'number' ? `${name} ${bits}` : name;
  },
  write: (writer, { type, id, attributes }) => writer.u8(type).u8(0).u16(id).raw(writeAttributes(attributes)),
};
