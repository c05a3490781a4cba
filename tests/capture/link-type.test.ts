import { expect, test } from 'vitest';
import { firstLayer, nameOfUnsupported } from '../../src/capture/link-type.ts';

test('each supported link type names the layer its packets begin with', () => {
  const known = [0, 1, 12, 14, 101, 108, 113, 228, 229, 276].map((linkType) => [linkType, firstLayer(linkType)]);
  expect(known).toEqual([
    [0, 'null'],
    [1, 'ethernet'],
    [12, 'raw-ip'],
    [14, 'raw-ip'],
    [101, 'raw-ip'],
    [108, 'loop'],
    [113, 'sll'],
    [228, 'raw-ip'],
    [229, 'raw-ip'],
    [276, 'sll2'],
  ]);
});

test('any other link type names none, and is called by its name where it has one', () => {
  expect([firstLayer(2), firstLayer(105), firstLayer(-1)]).toEqual([undefined, undefined, undefined]);
  expect([nameOfUnsupported(105), nameOfUnsupported(4711)]).toEqual(['link type 105 (IEEE 802.11)', 'link type 4711']);
});
