import { expect, type Locator, type Page, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';

/** In the page: how far two tokens stand out from each other, by WCAG 2.2. */
function contrastOf([one, other]: readonly string[]): number {
  const probe = document.body.appendChild(document.createElement('i'));
  const [less, more] = [one, other]
    .map((token) => {
      probe.style.color = `var(--${token})`;
      const parts = getComputedStyle(probe)
        .color.match(/[\d.]+/g)!
        .slice(0, 3);
      const [r, g, b] = parts.map((part) => {
        const value = Number(part) / 255;
        return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    })
    .sort((a, b) => a - b);
  probe.remove();
  return (more! + 0.05) / (less! + 0.05);
}

const GROUNDS = ['paper', 'card', 'well'];
const TEXTS = ['ink', 'soft', 'drop', 'ok'].flatMap((text) => GROUNDS.map((ground) => [text, ground]));
const LINES = ['line', 'hair', 'faint', 'focus', 'mark-line'].flatMap((line) =>
  GROUNDS.map((ground) => [line, ground]),
);

for (const colorScheme of ['light', 'dark'] as const)
  test(`who asks for more contrast gets text of 7 to 1 and lines of 3 to 1, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ contrast: 'more', colorScheme });
    await page.goto('./');
    await expect(page.getByRole('banner')).toBeVisible();
    const weak = async (pairs: readonly string[][], least: number) => {
      const found: string[] = [];
      for (const pair of pairs) {
        const contrast = await page.evaluate(contrastOf, pair);
        if (contrast < least) found.push(`${pair.join(' on ')}: ${contrast.toFixed(2)}`);
      }
      return found;
    };
    expect(await weak(TEXTS, 7)).toEqual([]);
    expect(await weak(LINES, 3)).toEqual([]);
  });

/** What the eye has to go by where the system's colours are all there are. */
function look(part: Locator): Promise<string> {
  return part.evaluate((element) => {
    const { backgroundColor, borderBottomColor, borderBottomWidth, boxShadow, outlineStyle, textDecorationLine } =
      getComputedStyle(element);
    return [backgroundColor, borderBottomColor, borderBottomWidth, boxShadow, outlineStyle, textDecorationLine].join();
  });
}

async function expectTold(one: Locator, other: Locator): Promise<void> {
  expect.soft(await look(one), `${one}`).not.toBe(await look(other));
}

async function openForced(page: Page): Promise<PassthroughLab> {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  return lab;
}

test('with colours forced by the system, what is chosen is told by more than its weight', async ({ page }) => {
  const lab = await openForced(page);
  const tab = (name: string) => page.getByRole('tab', { name, exact: true });
  await expectTold(tab('Ladder'), tab('Packets'));
  const link = (name: string) => page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name });
  await expectTold(link('Stage'), link('Matrix'));
  const row = (step: number) =>
    page.getByRole('tabpanel', { name: 'Ladder' }).getByRole('button', { name: `${step}. ` });
  await expectTold(row(8).first(), row(7).first());
  await lab.flip('PPTP passthrough');
  const knob = (name: string) => page.getByRole('switch', { name: `${name} passthrough` });
  await expect(knob('PPTP')).toBeChecked();
  await expectTold(knob('PPTP'), knob('L2TP'));
  await lab.goTo('Matrix');
  await lab.setMatrixTo('IPsec off');
  const choice = (name: string) => page.locator('label').filter({ hasText: name });
  await expectTold(choice('IPsec off'), choice('PPTP off'));
  const face = (router: string) =>
    lab.cell('ESP, keys by hand, 1 laptop', router, 'IPsec off').locator('[data-changed]');
  await expect(face('ASUSWRT')).toHaveAttribute('data-changed', 'true');
  await expectTold(face('ASUSWRT'), face('DD-WRT'));
});

test('with colours forced by the system, what the router changed is marked', async ({ page }) => {
  const lab = await openForced(page);
  await lab.flip('PPTP passthrough');
  await page.keyboard.press('n');
  await lab.expectVerdict(/^Sent on/);
  const packet = page.getByRole('complementary', { name: 'Packet' });
  const value = (field: string) => packet.getByRole('row', { name: field }).getByRole('cell').last();
  await packet.getByLabel('all fields').check();
  await expectTold(value('Source Address'), value('Destination Address'));
  await expectTold(packet.locator('[data-at][data-changed=true]').first(), packet.locator('[data-at="0"]').first());
});
