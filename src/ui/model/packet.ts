/** What the page says about one packet, read back from its bytes and from nothing else. @module */
import { type Dissection, dissect } from '../../wire/dissect.ts';
import { eachField, type Field } from '../../wire/layer.ts';
import { type Family, looksOf } from '../design/families.ts';
import { once } from './once.ts';

/** Of packets of which a capture kept only the beginning. */
const wholeLengths = new WeakMap<Uint8Array, number>();

/** Call it before anything looks at the packet. */
export function rememberLength(bytes: Uint8Array, whole: number): void {
  wholeLengths.set(bytes, whole);
}

/** The dissection of a packet, made once: bytes of a trace never change. */
export const look: (bytes: Uint8Array) => Dissection = once((bytes: Uint8Array) =>
  dissect(bytes, 'ipv4', wholeLengths.get(bytes)),
);

/** One header in the train of headers that a packet is drawn as. */
export interface Segment {
  readonly label: string;
  readonly family: Family;
  readonly offset: number;
  readonly length: number;
  /** Not readable: drawn hatched. */
  readonly sealed: boolean;
}

export function segmentsOf(bytes: Uint8Array): readonly Segment[] {
  const layers = look(bytes).layers.filter((layer) => layer.protocol !== 'padding');
  const looks = looksOf(layers);
  return layers.map((layer, i) => ({
    ...looks[i]!,
    offset: layer.offset,
    length: layer.length,
    sealed: layer.kind === 'opaque',
  }));
}

/** The hue of a packet: that of its outermost tunnel protocol, so that PPTP and its GRE share one. */
export function familyOf(bytes: Uint8Array): Family {
  const families = looksOf(look(bytes).layers).map(({ family }) => family);
  return (
    families.find((family) => family !== 'ip' && family !== 'tcp' && family !== 'udp') ??
    families.find((family) => family !== 'ip') ??
    'ip'
  );
}

/** The first field with this key, in any layer. */
export function findField(bytes: Uint8Array, key: string): Field | undefined {
  let found: Field | undefined;
  for (const layer of look(bytes).layers)
    eachField(layer.fields, (field) => {
      if (field.key === key) found ??= field;
    });
  return found;
}

export function addressesOf(bytes: Uint8Array): { readonly source: string; readonly destination: string } {
  return {
    source: findField(bytes, 'ip.src')?.display ?? '?',
    destination: findField(bytes, 'ip.dst')?.display ?? '?',
  };
}
