import { expect, test } from 'vitest';
import { treeOf } from '../../src/cli/tree.ts';
import type { Field, Layer } from '../../src/wire/layer.ts';

const field = (name: string, display: string, more: Partial<Field> = {}): Field => ({
  name,
  key: 'x',
  offset: 0,
  length: 1,
  value: 0,
  display,
  ...more,
});

const layer = (name: string, more: Partial<Layer>): Layer => ({
  kind: 'decoded',
  protocol: 'x',
  name,
  offset: 0,
  length: 1,
  summary: name,
  fields: [],
  ...more,
});

test('layers, fields, their children, quoted packets and flaws each have their line and depth', () => {
  const flags = field('Flags', '0x2', { children: [field('Don’t fragment', '1')] });
  const layers = [
    layer('Outer', {
      summary: 'a → b',
      fields: [flags, field('Checksum', '0x1', { check: 'wrong' }), field('NOP', '')],
    }),
    layer('Error', { quoted: [layer('Quoted', { fields: [field('TTL', '1')] })] }),
    layer('Data', { kind: 'opaque', summary: '9 bytes', why: 'encrypted' }),
    layer('Broken', { kind: 'malformed', why: 'length 3 is too short' }),
  ];
  expect(treeOf({ bytes: new Uint8Array(0), layers })).toBe(
    `
  Outer: a → b
    Flags: 0x2
      Don’t fragment: 1
    Checksum: 0x1 [wrong]
    NOP
  Error
    Quoted
      TTL: 1
  Data: 9 bytes [opaque: encrypted]
  Broken [malformed: length 3 is too short]
`.slice(1),
  );
});
