/** A dissected packet as an indented tree, one line a layer and one a field. @module */
import type { Dissection } from '../wire/dissect.ts';
import type { Field, Layer } from '../wire/layer.ts';

export function treeOf(dissection: Dissection): string {
  const lines: string[] = [];
  for (const layer of dissection.layers) addLayer(layer, 1, lines);
  return lines.map((line) => `${line}\n`).join('');
}

function addLayer(layer: Layer, depth: number, lines: string[]): void {
  const summary = layer.summary === layer.name ? '' : `: ${layer.summary}`;
  const flaw = layer.kind === 'decoded' ? '' : ` [${layer.kind}: ${layer.why ?? 'no reason given'}]`;
  lines.push(`${indent(depth)}${layer.name}${summary}${flaw}`);
  for (const field of layer.fields) addField(field, depth + 1, lines);
  for (const quoted of layer.quoted ?? []) addLayer(quoted, depth + 1, lines);
}

function addField(field: Field, depth: number, lines: string[]): void {
  const check = field.check === undefined ? '' : ` [${field.check}]`;
  const display = field.display === '' ? '' : `: ${field.display}`;
  lines.push(`${indent(depth)}${field.name}${display}${check}`);
  for (const child of field.children ?? []) addField(child, depth + 1, lines);
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}
