import { expect, test } from 'vitest';
import { Writer } from '../../src/wire/writer.ts';

test('no byte is lost where the buffer grows', () => {
  const writer = new Writer();
  for (let i = 0; i < 300; i++) writer.u8(1);
  expect(writer.take()).toEqual(new Uint8Array(300).fill(1));
});
