import { cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { Caption } from '../../src/ui/app/caption.tsx';
import { Ladder } from '../../src/ui/ladder/ladder.tsx';
import { PacketPanel } from '../../src/ui/packet/packet-panel.tsx';
import { goToStep } from '../../src/ui/session/session.ts';
import { mount } from './support/mount.tsx';
import { twoLaptopsOff } from './support/runs.ts';

afterEach(cleanup);

/** The page's parts that might speak, and what was said by all of them since. */
async function listen(step: number) {
  const run = twoLaptopsOff();
  const content = (
    <>
      <Caption run={run} trouble={undefined} />
      <Ladder run={run} />
      <PacketPanel />
    </>
  );
  const store = await mount(content, run, step);
  const said: string[] = [];
  for (const region of document.querySelectorAll('[role=status], [role=alert], [aria-live], output'))
    new MutationObserver(() => region.textContent && said.push(region.textContent)).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  return { store, said };
}

const status = () => page.getByRole('status').first();

test('a drop is said once, as sentences, with its reason', async () => {
  const { store, said } = await listen(11);
  await expect.element(status()).toHaveTextContent(/^Step 11 of/);
  said.length = 0;
  goToStep(store, 11);
  await expect.element(status()).toHaveTextContent(/^Step 12 of 30\. .*: stopped, no entry fits\. GRE has no ports\. /);
  expect(said.filter((each) => each.includes('GRE has no ports'))).toHaveLength(1);
});

test('while the run plays nothing is said; where it comes to rest, that step is', async () => {
  const { store, said } = await listen(1);
  await expect.element(status()).toHaveTextContent(/^Step 1 of/);
  said.length = 0;
  store.setState({ playing: true });
  for (let position = 1; position < 5; position++) goToStep(store, position);
  await expect.element(status()).toBeEmptyDOMElement();
  expect(said).toEqual([]);
  store.setState({ playing: false });
  await expect.element(status()).toHaveTextContent(/^Step \d+ of/);
  expect(said).toHaveLength(1);
});

test('of steps that follow one another faster than one can listen, the last is said', async () => {
  const { store, said } = await listen(1);
  await expect.element(status()).toHaveTextContent(/^Step 1 of/);
  said.length = 0;
  for (let position = 1; position < 12; position++) goToStep(store, position);
  await expect.element(status()).toHaveTextContent(/^Step 12 of/);
  expect(said).toHaveLength(1);
});

test('in a list its row is read by itself, and only the reason is said beside it', async () => {
  const { store } = await listen(11);
  document.querySelector<HTMLElement>('[data-steps] [aria-current="step"]')!.focus();
  goToStep(store, 11);
  await expect.element(status()).toHaveTextContent(/^GRE has no ports\. /);
  const row = document.querySelector('[data-steps] [aria-current="step"]');
  expect(row?.getAttribute('aria-label')).toMatch(/^12\. GRE .*: stopped, no entry fits\.$/);
});
