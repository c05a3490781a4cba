/** A packet in one line, for lists and messages: who to whom, and what its innermost readable layer says. @module */
import { dissect } from '../wire/dissect.ts';
import type { Layer } from '../wire/layer.ts';

/** Longer summaries are cut: a line is to be taken in at a glance. */
const MOST = 100;

/** `length`: of the whole packet, where a capture kept only its beginning. */
export function oneLine(packet: Uint8Array, length = packet.length): string {
  const [ip, ...inner] = dissect(packet, 'ipv4', length).layers;
  if (!ip) return 'no bytes';
  const told = inner.findLast((layer) => layer.kind !== 'opaque') ?? inner[0];
  if (!told) return ip.summary;
  const text = `${carrier(inner, told)}${label(told)}`;
  return `${ip.summary}  ${text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text}`;
}

/** What carries it, where that has no ports: "GRE · ". Ports have their say in the line of whatever they carry. */
function carrier([first]: readonly Layer[], told: Layer): string {
  const portless = first && !['tcp', 'udp', 'icmp'].includes(first.protocol);
  return first && portless && first !== told ? `${first.protocol.toUpperCase()} · ` : '';
}

function label(layer: Layer): string {
  const name = layer.protocol.toUpperCase();
  return layer.summary === layer.name ? name : `${name} ${layer.summary}`;
}
