/** Where two packets that should be equal differ, field by field, in the dissector's words. @module */
import { dissect } from '../wire/dissect.ts';
import type { Field, Layer } from '../wire/layer.ts';

/** More than this many differing fields are counted, not listed. */
const LISTED = 4;

/** Undefined where they are equal. */
export function differenceBetween(recorded: Uint8Array, here: Uint8Array): string | undefined {
  const parts: string[] = [];
  if (recorded.length !== here.length) parts.push(`length: recorded ${recorded.length}, here ${here.length}`);
  const fields = leaves(dissect(recorded).layers);
  const mine = leaves(dissect(here).layers);
  const shared = Math.min(recorded.length, here.length);
  for (let at = 0; at < shared; at++) {
    if (recorded[at] === here[at]) continue;
    const field = fields.find(({ offset, length }) => at >= offset && at < offset + length);
    const twin = field && mine.find(({ key, offset }) => key === field.key && offset === field.offset);
    // Long fields are shown by their first bytes, which may be the same.
    if (field && twin && field.display !== twin.display)
      parts.push(`${field.name}: recorded ${field.display}, here ${twin.display}`);
    else parts.push(`byte ${at}: recorded ${byte(recorded[at])}, here ${byte(here[at])}`);
    if (field) at = Math.max(at, field.offset + field.length - 1);
  }
  if (parts.length <= LISTED) return parts.length > 0 ? parts.join('; ') : undefined;
  return `${parts.slice(0, LISTED).join('; ')}; and ${parts.length - LISTED} more`;
}

/** Fields that are made of no other fields, those of quoted packets included. */
function leaves(layers: readonly Layer[]): readonly Field[] {
  return layers.flatMap((layer) => [...layer.fields.flatMap(leavesOf), ...leaves(layer.quoted ?? [])]);
}

function leavesOf(field: Field): readonly Field[] {
  return field.children && field.children.length > 0 ? field.children.flatMap(leavesOf) : [field];
}

function byte(value: number | undefined): string {
  return `0x${(value ?? 0).toString(16).padStart(2, '0')}`;
}
