import { writeFileSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { PROFILES } from '../../src/router/profiles/index.ts';
import { ADMIN } from '../../src/ui/admin/catalogue.ts';
import { PassthroughLab } from './driver.ts';

/** Of a part of the page where only that is new. */
async function expectNoViolation(page: Page, state = 'the page', part?: string): Promise<void> {
  const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']);
  if (part) axe.include(part);
  const { violations, passes } = await axe.analyze();
  expect(passes.length, state).toBeGreaterThan(10);
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  expect.soft(found, state).toEqual([]);
}

const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

const SCREENS = ['Matrix', 'Myths', 'Ways around'] as const;

/** One router of each make of admin page. */
const MAKES = PROFILES.filter(({ id }, at) => PROFILES.findIndex((other) => ADMIN[other.id] === ADMIN[id]) === at);

/** Its window at the page with the switches, or at the shell's prompt; the login before it. */
async function lookAtAdminPage(page: Page, lab: PassthroughLab, { id, name }: (typeof MAKES)[number]): Promise<void> {
  await lab.replaceRouter(name);
  const window = await lab.openAdminPage();
  const made = ADMIN[id]!;
  if (made.kind === 'web') {
    await expectNoViolation(page, `${name}, at its login`, 'dialog[open]');
    await lab.logIn(window);
    for (const [entry, ...pages] of [made.passthrough.at, made.reboot.at]) {
      await lab.findPage(window, entry, ...pages.filter((each) => each !== undefined));
      await expectNoViolation(page, `${name}, ${entry}`, 'dialog[open]');
    }
  } else await expectNoViolation(page, `${name}, at its prompt`, 'dialog[open]');
  await page.keyboard.press('Escape');
}

/** A replay that never gets to its end, so that how far it got can be looked at for as long as one likes. */
async function replayWithoutEnd(page: Page, lab: PassthroughLab): Promise<void> {
  const replayer = () => page.workers().find((worker) => worker.url().includes('replay.worker'));
  await expect.poll(replayer).toBeDefined();
  await replayer()!.evaluate(() => {
    const post = self.postMessage.bind(self);
    self.postMessage = (message: { readonly progress?: unknown }) => {
      if (message.progress) post(message);
    };
  });
  await lab.openOwn('tests/recordings/raw-esp/lan.pcap');
  await expect(lab.progress).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const)
  for (const [name, viewport] of Object.entries(SIZES))
    test.describe(`${colorScheme}, ${name}`, () => {
      test.use({ colorScheme, viewport });

      test('no screen breaks a rule of accessibility', async ({ page }) => {
        // A dozen readings of the whole page, at some seconds each.
        test.setTimeout(180_000);
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        for (const tab of await page.getByRole('tab').allTextContents()) {
          await page.getByRole('tab', { name: tab, exact: true }).click();
          await expectNoViolation(page);
        }
        await page.keyboard.press('Home');
        await expectNoViolation(page);
        for (const key of ['s', 'o']) {
          await page.keyboard.press(key);
          await expectNoViolation(page);
          await page.keyboard.press('Escape');
        }
        await page.keyboard.press('End');
        await expectNoViolation(page);
        await page.keyboard.press('?');
        await expectNoViolation(page);
      });

      test('neither does the comparison of two runs', async ({ page }) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        if (name === 'phone') await lab.show('Set-up');
        await lab.flip('PPTP passthrough');
        await expect(await lab.compareWithBefore()).toBeVisible();
        await expectNoViolation(page);
      });

      for (const screen of SCREENS)
        test(`neither does the screen “${screen}”, and nothing sticks out of it`, async ({ page }) => {
          test.setTimeout(180_000);
          const lab = new PassthroughLab(page);
          await lab.openAtFirstDrop();
          await lab.goTo(screen);
          await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
          if (screen === 'Matrix') await lab.setMatrixTo('all off');
          if (screen === 'Matrix') await expect(page.getByText('blocked').first()).toBeVisible();
          if (screen === 'Ways around') await expect(page.getByText('The router sees')).toHaveCount(9);
          await expectNoViolation(page);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
        });

      test('neither does what opens over the page, or takes its place', async ({ page }) => {
        test.setTimeout(300_000);
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        await page.keyboard.press('p');
        await expect(page.getByRole('main', { name: 'Presentation' })).toBeVisible();
        await expectNoViolation(page, 'presentation');
        await page.keyboard.press('Escape');
        if (name === 'phone') await lab.show('Set-up');
        await lab.openAdvanced();
        await expectNoViolation(page, 'advanced');
        await page.keyboard.press('Escape');
        await lab.pullCable('Laptop A');
        await expect(lab.doneInTheMiddle).toBeVisible();
        await expectNoViolation(page, 'a cable pulled, and what was done in the middle');
        await page.evaluate(() => {
          navigator.clipboard.writeText = () => Promise.reject(new Error('shut'));
        });
        await page.getByRole('button', { name: 'Share link' }).click();
        await expect(page.getByLabel(/^The browser did not allow copying/)).toBeVisible();
        await expectNoViolation(page, 'a link to be copied by hand');
        await page.keyboard.press('Escape');
        await page.evaluate(() => dispatchEvent(new ErrorEvent('error', { error: new Error('no row 7') })));
        await expect(page.getByRole('alert')).toBeVisible();
        await expectNoViolation(page, 'a mistake of ours');
      });

      test('neither does a link that is damaged, a list without a line', async ({ page }) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop('./#scenario=none');
        await expect(page.getByText('This link is damaged')).toBeVisible();
        await expectNoViolation(page, 'a damaged link');
        await lab.show('Packets');
        await page.getByRole('searchbox', { name: 'Words to look for' }).fill('wireguard');
        await expectNoViolation(page, 'no packet that fits');
        await page.getByRole('tab', { name: 'Log', exact: true }).click();
        await page.getByRole('combobox', { name: 'Show' }).selectOption('what somebody did');
        await expectNoViolation(page, 'an empty log');
      });

      test.describe('without its engine', () => {
        test.use({ serviceWorkers: 'block' });

        test('the page that cannot begin breaks none either', async ({ page }) => {
          await page.route(/engine-.*\.js$/, (route) => route.abort());
          await page.goto('./');
          await expect(page.getByRole('link', { name: 'Start fresh' })).toBeVisible();
          await expectNoViolation(page);
        });
      });

      test('neither does a capture: refused, on its way, and what it shows', async ({ page }, info) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        const path = info.outputPath('empty.pcap');
        writeFileSync(path, '');
        await lab.openOwn(path);
        await expect(page.getByText(/expected 4 bytes, received 0/)).toBeVisible();
        await expectNoViolation(page, 'a capture that is refused');
        await lab.openOwn('tests/recordings/raw-esp/lan.pcap', 'tests/recordings/raw-esp/wan.pcap');
        await lab.expectVerdict(/^Stopped at the router/);
        if (name === 'phone') await lab.show('Set-up');
        await expect(lab.findings).toBeVisible();
        await expectNoViolation(page, 'what a capture shows');
        await replayWithoutEnd(page, lab);
        await expectNoViolation(page, 'a replay on its way');
      });

      test('neither does any make of admin page', async ({ page }) => {
        test.setTimeout(300_000);
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        if (name === 'phone') await lab.show('Set-up');
        for (const make of MAKES) await lookAtAdminPage(page, lab, make);
      });

      test('neither does the router on real gear', async ({ page }) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        if (name === 'phone') await lab.show('Set-up');
        await lab.replaceRouter('D-Link DIR-300');
        await lab.flip('L2TP passthrough');
        const gear = await lab.onRealGear();
        for (const target of ['nftables', 'Cisco IOS']) {
          await gear.getByRole('tab', { name: target }).click();
          await expectNoViolation(page);
          expect(await gear.evaluate((dialog) => dialog.scrollWidth - dialog.clientWidth)).toBeLessThanOrEqual(0);
          // On a desk only the lines scroll.
          const below = await gear.evaluate((dialog) => dialog.scrollHeight - dialog.clientHeight);
          if (name === 'desk') expect(below).toBeLessThanOrEqual(0);
        }
      });

      test('nothing sticks out of the screen', async ({ page }) => {
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide).toBeLessThanOrEqual(0);
      });
    });

test('twice as large, the page can still be used', async ({ page }) => {
  await page.setViewportSize({ width: 640, height: 360 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await expect(lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' })).toBeVisible();
  await lab.stepForward();
  await lab.expectStep(9);
});

test('half as wide and half as high, nothing of the stage’s page is lost: it scrolls', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const list = (await page.getByRole('tabpanel', { name: 'Ladder' }).boundingBox())!;
  expect(list.height).toBeGreaterThan(150);
  const stage = (await page.getByRole('region', { name: 'Stage' }).boundingBox())!;
  const packet = (await page.getByRole('complementary', { name: 'Packet' }).boundingBox())!;
  expect(stage.y + stage.height).toBeLessThanOrEqual(list.y);
  expect(list.y + list.height).toBeLessThanOrEqual(packet.y + 1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
});

test('so it is with the presentation', async ({ page }) => {
  await page.setViewportSize({ width: 720, height: 450 });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.keyboard.press('p');
  const presentation = page.getByRole('main', { name: 'Presentation' });
  await expect(presentation).toBeVisible();
  const stage = (await page.getByRole('region', { name: 'Stage' }).boundingBox())!;
  expect(stage.height).toBeGreaterThan(400);
  const cure = lab.why.getByRole('button', { name: 'Turn PPTP passthrough on' });
  await cure.scrollIntoViewIfNeeded();
  const bar = (await page.getByRole('slider').boundingBox())!;
  const button = (await cure.boundingBox())!;
  expect(button.y + button.height).toBeLessThanOrEqual(bar.y);
});

test('with colours forced by the system the stage is still a picture', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const colours = await page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
  // Two of them, and the edge between them, are all that forced colours would leave.
  expect(colours).toBeGreaterThan(1000);
});
