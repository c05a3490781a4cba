import { beforeEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { MYTHS } from '../../../src/explain/myths.ts';
import type { Place } from '../../../src/ui/lab/link.ts';
import { Myths } from '../../../src/ui/myths/myths.tsx';
import { mountScreen } from '../support/mount.tsx';

let opened: readonly Place[];
beforeEach(async () => {
  opened = await mountScreen(<Myths />);
});

test('each sentence is struck for the eye and refuted for the ear', async () => {
  const headings = page.getByRole('heading', { level: 3 }).elements();
  expect(headings.map(({ textContent }) => textContent).sort()).toEqual(
    MYTHS.map(({ said }) => `Not so: ${said}`).sort(),
  );
  for (const heading of headings) {
    const { textDecorationLine } = getComputedStyle(heading.querySelector('s')!);
    expect(textDecorationLine).toBe('line-through');
  }
});

test('each tells what is so, why, and where that stands', async () => {
  for (const { said, truth, why, source } of MYTHS) {
    const article = page.getByRole('article', { name: `Not so: ${said}` });
    for (const text of [truth, why, source]) expect(article.element().textContent).toContain(text);
  }
});

test('its run is opened at the step that shows it, and so are the others', async () => {
  const article = page.getByRole('article', { name: 'Not so: AH works with IPsec passthrough.' });
  await article.getByRole('button', { name: 'See it happen' }).click();
  await article.getByRole('button', { name: 'AH, 1 laptop, at DD-WRT, all on: refused' }).click();
  await vi.waitFor(() => expect(opened).toHaveLength(2));
  expect(opened.map(({ chosen }) => chosen.origin)).toEqual([
    { kind: 'scenario', id: 'ah-one-laptop' },
    { kind: 'situation', id: 'ah' },
  ]);
  for (const { cursor } of opened) expect(cursor).toBeGreaterThan(0);
});
