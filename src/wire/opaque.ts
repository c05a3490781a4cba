/** Layers that are not read further, each saying why. @module */
import type { Dissector } from './layer-reader.ts';

/** A dissector that takes everything up to the end as one piece. */
export function opaque(name: string, why: string): Dissector {
  return (reader) => {
    reader.name = name;
    reader.kind = 'opaque';
    reader.why = why;
    reader.summary = `${reader.left} bytes`;
    reader.raw('Data', 'data.data', reader.left);
    return undefined;
  };
}
