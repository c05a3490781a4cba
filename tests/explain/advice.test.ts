import { expect, test } from 'vitest';
import { ADVICE } from '../../src/explain/advice.ts';

test('who or what asks for it is listed, one and several alike', () => {
  expect(ADVICE.old.todo(['Laptop A'])).toMatch(/^Laptop A uses a tunnel /);
  expect(ADVICE.old.todo(['Laptop A', 'Laptop B'])).toMatch(/^Laptop A and Laptop B use a tunnel /);
  expect(ADVICE.block.todo(['GRE', 'ESP', 'AH'])).toMatch(/^A new device could send GRE, ESP and AH out, /);
  expect(ADVICE.unused.todo(['PPTP'])).toBe('PPTP passthrough is on, and nobody here needs it.');
  expect(ADVICE.unused.todo(['PPTP', 'L2TP'])).toBe(
    'PPTP passthrough and L2TP passthrough are on, and nobody here needs them.',
  );
});
