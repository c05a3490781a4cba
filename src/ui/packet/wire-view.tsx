/** A packet as it was on one wire: its fields and its bytes, with no other side to compare them with. @module */
import { useMemo } from 'react';
import { compare } from '../model/compare.ts';
import type { Step } from '../model/run.ts';
import { ByteView } from './byte-view.tsx';
import { Fields } from './fields.tsx';
import { usePointing } from './pointing.ts';

interface WireViewProps {
  readonly step: Step;
  readonly bytes: Uint8Array;
}

const SIDES: [string] = ['on the wire'];

export function WireView({ step, bytes }: WireViewProps) {
  const pointing = usePointing(step);
  const layers = useMemo(() => compare(bytes), [bytes]);
  return (
    <>
      <Fields heading="Fields" layers={layers} sides={SIDES} pointing={pointing} />
      <ByteView layers={layers} before={bytes} after={undefined} sides={SIDES} pointing={pointing} mark={undefined} />
    </>
  );
}
