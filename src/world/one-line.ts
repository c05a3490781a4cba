/** A packet in one line, for lists and messages: who to whom, and what its innermost readable layer says. @module */
import { dissect } from '../wire/dissect.ts';
import type { Layer } from '../wire/layer.ts';

export function oneLine(packet: Uint8Array): string {
  const [ip, ...inner] = dissect(packet).layers;
  if (!ip) return 'no bytes';
  const told = inner.findLast((layer) => layer.kind !== 'opaque') ?? inner[0];
  return told ? `${ip.summary}  ${label(told)}` : ip.summary;
}

function label(layer: Layer): string {
  const name = layer.protocol.toUpperCase();
  return layer.summary === layer.name ? name : `${name} ${layer.summary}`;
}
