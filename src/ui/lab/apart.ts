/** Where two runs of one scenario part: the first packet that fares differently, and the first byte written otherwise. @module */
import { partingSentence } from '../../explain/parting.ts';
import { eachField, type Field } from '../../wire/layer.ts';
import { compare } from '../../world/compare.ts';
import type { Occurrence } from '../../world/trace.ts';
import { look } from '../model/packet.ts';
import type { Run, Step } from '../model/run.ts';
import { secondsOf } from '../model/sentence.ts';

export interface Apart {
  readonly sentence: string;
  /** Where to look in each of them; undefined where a run has ended by then. */
  readonly before: Step | undefined;
  readonly now: Step | undefined;
  /** In the first packet that both send on, with other bytes. */
  readonly byte: ByteApart | undefined;
}

export interface ByteApart {
  readonly before: Step;
  readonly now: Step;
  /** In the packet as it left. */
  readonly offset: number;
  /** How many bytes the field has that it lies in, from its beginning. */
  readonly field: { readonly name: string; readonly offset: number; readonly length: number } | undefined;
}

/** Undefined where both are the same to the end. */
export function apartOf(before: Run, now: Run): Apart | undefined {
  const parting = compare(before.trace, now.trace);
  if (!parting) return undefined;
  const { a, b } = parting;
  const time = Math.min(a?.time ?? Number.POSITIVE_INFINITY, b?.time ?? Number.POSITIVE_INFINITY);
  return {
    sentence: partingSentence(parting, secondsOf(time)),
    before: stepFrom(before, a),
    now: stepFrom(now, b),
    byte: byteApart(before, now),
  };
}

function stepFrom({ steps }: Run, occurrence: Occurrence | undefined): Step | undefined {
  return occurrence && steps.find(({ index }) => index >= occurrence.index);
}

/** The first packet in which the router leaves the same bytes otherwise. Its twin is the sender's packet of that count. */
function byteApart(before: Run, now: Run): ByteApart | undefined {
  const twins = new Map(counted(now).map(({ key, step }) => [key, step]));
  for (const { key, step } of counted(before)) {
    const twin = twins.get(key);
    const offset = twin && writtenOtherwise(step, twin);
    if (twin && offset !== undefined)
      return { before: step, now: twin, offset, field: fieldAt(written(step)!, offset) };
  }
  return undefined;
}

/** Packets that went on, told apart by their way, their protocol and how many went before them. */
function counted({ steps }: Run): readonly { readonly key: string; readonly step: Step }[] {
  const counts = new Map<string, number>();
  return steps.flatMap((step) => {
    const { occurrence } = step;
    if (occurrence.kind !== 'routed' || !written(step)) return [];
    const { node, on, frame } = occurrence;
    const way = `${node} ${on} ${frame.from} ${frame.bytes[PROTOCOL_AT]}`;
    const count = (counts.get(way) ?? 0) + 1;
    counts.set(way, count);
    return [{ key: `${way} ${count}`, step }];
  });
}

const PROTOCOL_AT = 9;

/** What the router made of the packet; not its own answers. */
export function written({ occurrence }: Step): Uint8Array | undefined {
  if (occurrence.kind !== 'routed') return undefined;
  const first = occurrence.outcome.out.findIndex(({ own }) => !own);
  return occurrence.out[first]?.bytes;
}

/** The first offset at which both got the same and sent something else. Checksums only follow what they cover. */
function writtenOtherwise(a: Step, b: Step): number | undefined {
  if (a.occurrence.kind !== 'routed' || b.occurrence.kind !== 'routed') return undefined;
  const [got, there] = [a.occurrence.frame.bytes, b.occurrence.frame.bytes];
  const [sent, sentThere] = [written(a), written(b)];
  if (!sent || !sentThere || got.length !== there.length || sent.length !== sentThere.length) return undefined;
  return [...got.keys()].find(
    (at) => got[at] === there[at] && sent[at] !== sentThere[at] && !/checksum/i.test(fieldAt(sent, at)?.name ?? ''),
  );
}

function fieldAt(bytes: Uint8Array, at: number): ByteApart['field'] {
  let found: Field | undefined;
  for (const layer of look(bytes).layers)
    eachField(layer.fields, (field) => {
      if (!field.children && at >= field.offset && at < field.offset + field.length) found = field;
    });
  return found && { name: found.name, offset: found.offset, length: found.length };
}
