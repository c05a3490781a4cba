import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { vary } from '../../src/scenarios/vary.ts';
import { Exposure } from '../../src/ui/exposure/exposure.tsx';
import { engine, type Played } from '../../src/ui/lab/engine.ts';
import { mount } from './support/mount.tsx';

function played(id: string, profile: string): Played {
  const origin = { kind: 'scenario', id } as const;
  return engine.play({ origin, experiment: vary(engine.told(origin)!, { profile }) });
}

const region = (name: string) => page.getByRole('region', { name });

test('what was tried is told in a sentence and item by item, and what is weak is said to be', async () => {
  const each = played('pptp-one-laptop', 'textbook');
  await mount(<Exposure played={each} />, each.run, 3);
  await expect.element(region('From a stranger on the Internet').getByText('Nothing gets in.')).toBeVisible();
  await expect.element(region('From a new device at home').getByText(/ESP.*stopped: no ports/)).toBeVisible();
  await expect
    .element(page.getByText('Laptop A uses a tunnel that is weak or hides nothing.', { exact: false }))
    .toBeVisible();
  await expect.element(page.getByText(/^PPTP weak$/)).toBeVisible();
});

test('a port in use that answers anybody is shown as a way in', async () => {
  const each = played('wireguard-roaming', 'textbook');
  await mount(<Exposure played={each} />, each.run, 12);
  await expect.element(region('From a stranger on the Internet').getByText(/^1 of \d+ gets in\.$/)).toBeVisible();
  await expect.element(page.getByText('reaches Laptop A')).toBeVisible();
});
