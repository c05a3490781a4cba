/**
 * Proposals, which IKEv1 (RFC 2408 §3.5) and IKEv2 (RFC 7296 §3.3.1) write alike; their transforms differ.
 *
 *     proposal    |0 2 or 0 |1 reserved |2 length |4 number |5 protocol |6 SPI size |7 transforms |8 SPI … transform …
 *     transform   |0 3 or 0 |1 reserved |2 length |4 four bytes of its version |8 attribute …
 *
 * The first byte says whether another one follows; 2 and 3 are the payload types these have in IKEv1.
 * @module
 */
import { extra } from './ike-chain.ts';
import type { LayerReader } from './layer-reader.ts';
import { within } from './record.ts';
import { named } from './show.ts';
import { Writer } from './writer.ts';

export interface Proposal<Transform> {
  /** From 1, in the order of preference. */
  readonly number: number;
  /** 1 IKE, 2 AH, 3 ESP. */
  readonly protocol: number;
  /** The sender's inbound SPI: none for a first IKE SA, 4 bytes for AH and ESP. */
  readonly spi: Uint8Array;
  readonly transforms: readonly Transform[];
}

/** How one of the two versions reads and writes a transform. */
export interface TransformForm<Transform> {
  readonly protocols: Readonly<Record<number, string>>;
  /** Reads what comes behind the first four bytes, attributes included. */
  readonly read: (reader: LayerReader, protocol: number) => Transform;
  readonly label: (transform: Transform, protocol: number) => string;
  /** The same bytes again, attributes included. */
  readonly write: (writer: Writer, transform: Transform) => Writer;
}

const PROPOSAL = 2;
const TRANSFORM = 3;
/** Of proposals and of transforms alike. */
const HEADER_LEN = 8;

export function readProposals<Transform>(reader: LayerReader, form: TransformForm<Transform>): Proposal<Transform>[] {
  const proposals: Proposal<Transform>[] = [];
  readItems(reader, 'Proposal', () => {
    const proposal = readProposal(reader, form);
    proposals.push(proposal);
    const { number, protocol, transforms } = proposal;
    return `${number}: ${form.protocols[protocol] ?? protocol}, ${transforms.length} transforms`;
  });
  return proposals;
}

function readItems(reader: LayerReader, name: string, body: () => string): void {
  for (let more = true; more; )
    reader.group(name, 'isakmp.typepayload', () => {
      more =
        reader.u8('Next payload', 'isakmp.nextpayload', (next) => (next === 0 ? 'Last (0)' : `More (${next})`)) !== 0;
      reader.u8('Reserved', 'isakmp.reserved');
      const length = reader.u16('Payload length', 'isakmp.payloadlength');
      if (length < HEADER_LEN) reader.fail(`${name} length ${length} is less than its header's 8 bytes`);
      return within(reader, length - 4, name, () => {
        const label = body();
        extra(reader);
        return label;
      });
    });
}

function readProposal<Transform>(reader: LayerReader, form: TransformForm<Transform>): Proposal<Transform> {
  const number = reader.u8('Proposal number', 'isakmp.prop.number');
  const protocol = reader.u8('Protocol ID', 'isakmp.prop.protoid', (value) => named(form.protocols, value));
  const spiSize = reader.u8('SPI Size', 'isakmp.spisize');
  const count = reader.u8('Proposal transforms', 'isakmp.prop.transforms');
  const spi = spiSize > 0 ? reader.raw('SPI', 'isakmp.spi', spiSize) : new Uint8Array(0);
  const transforms: Transform[] = [];
  if (count > 0)
    readItems(reader, 'Transform', () => {
      const transform = form.read(reader, protocol);
      transforms.push(transform);
      return form.label(transform, protocol);
    });
  if (transforms.length !== count) reader.malformed(`${count} transforms announced, ${transforms.length} there`);
  return { number, protocol, spi, transforms };
}

export function writeProposals<Transform>(
  proposals: readonly Proposal<Transform>[],
  form: TransformForm<Transform>,
): Uint8Array {
  const items = proposals.map(({ number, protocol, spi, transforms }) => {
    const bodies = transforms.map((each) => form.write(new Writer(), each).take());
    const writer = new Writer().u8(number).u8(protocol).u8(spi.length).u8(transforms.length).raw(spi);
    return writer.raw(writeItems(TRANSFORM, bodies)).take();
  });
  return writeItems(PROPOSAL, items);
}

function writeItems(type: number, bodies: readonly Uint8Array[]): Uint8Array {
  const writer = new Writer();
  for (const [index, body] of bodies.entries())
    writer
      .u8(index < bodies.length - 1 ? type : 0)
      .u8(0)
      .u16(4 + body.length)
      .raw(body);
  return writer.take();
}
