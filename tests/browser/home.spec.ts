import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { PassthroughLab } from './driver.ts';
import { overlap } from './overlap.ts';

test.describe('who is at home', () => {
  test('a laptop is added, given another VPN, and seen to fail and then to connect', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.addDevice();
    await expect(lab.story).toContainText('Changed by you: Laptop C added.');
    await page.keyboard.press('End');
    await expect(lab.atHome.getByText(/^Error 806: /)).toHaveCount(3);
    await lab.chooseVpn('Laptop C', 'WireGuard');
    await expect(lab.story).toContainText('1 of 3 connections is up in the end.');
    await page.keyboard.press('End');
    await expect(lab.atHome.getByRole('listitem').filter({ hasText: 'Laptop C' })).toContainText('up');
    await lab.putBack();
    await expect(lab.atHome.getByRole('listitem')).toHaveCount(2);
    await expect(lab.story).not.toContainText('Changed by you');
  });

  test('one is stopped at a moment: the cursor stays, and it can be taken back', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.openScenario('PPTP: two laptops, one server, different Call IDs');
    await page.keyboard.press('Home');
    await lab.stepForward(30);
    await page.getByRole('button', { name: 'Stop Laptop A' }).click();
    await lab.expectStep(30);
    await expect(lab.doneInTheMiddle).toContainText('Laptop A stops');
    await expect(lab.story).toContainText('1 of 2 connections is up in the end.');
    await page.getByRole('button', { name: 'Start Laptop A' }).click();
    await lab.expectStep(30);
    await expect(lab.doneInTheMiddle).toBeHidden();
    await expect(lab.story).toContainText('Both connections are up in the end.');
  });

  test('a cable is pulled: the tunnel times out as its user would meet it, and returns once plugged in and started', async ({
    page,
  }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.openScenario('PPTP: one laptop');
    await lab.pause();
    await lab.flip('PPTP passthrough');
    await lab.toEnd();
    const laptop = lab.atHome.getByRole('listitem').filter({ hasText: 'Laptop A' });
    const onStage = lab.stageList.getByRole('button', { name: /^Laptop A, / });
    await expect(laptop).toContainText('the tunnel is up');
    await lab.pullCable('Laptop A');
    await expect(lab.doneInTheMiddle).toContainText('Laptop A’s cable pulled');
    await expect(laptop).toContainText('the tunnel is up');
    await lab.toEnd();
    await expect(laptop).toContainText('Error 807: ');
    await expect(onStage).toHaveAccessibleName(/, cable pulled$/);
    await lab.plugIn('Laptop A');
    await lab.toEnd();
    await expect(laptop).toContainText('Error 807: ');
    await expect(onStage).not.toHaveAccessibleName(/cable/);
    await lab.start('Laptop A');
    await lab.toEnd();
    await expect(laptop).toContainText('the tunnel is up');
    await lab.putBack();
    await expect(lab.doneInTheMiddle).toBeHidden();
  });

  test('the cable of either uplink is pulled, and the tunnels go on over the other', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.openScenario('SD-WAN: one tunnel over two uplinks');
    await lab.pause();
    await page.keyboard.press('Home');
    await lab.stepForward(10);
    await page.getByRole('button', { name: 'Pull the mobile cable' }).click();
    await expect(lab.doneInTheMiddle).toContainText('SD-WAN edge’s mobile cable pulled');
    await page.getByRole('button', { name: 'Plug the mobile cable in again' }).click();
    await lab.toEnd();
    await expect(lab.stageList.getByRole('button', { name: /^SD-WAN edge, / })).toHaveAccessibleName(
      /, fibre cable pulled$/,
    );
    await expect(page.getByRole('button', { name: 'Plug the fibre cable in again' })).toBeVisible();
  });

  test('what listens on the same port is given a server of its own', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.chooseVpn('Laptop A', 'SSTP');
    await lab.chooseVpn('Laptop B', 'HTTPS');
    await expect(page.getByRole('combobox', { name: 'Server of Laptop B' })).toHaveValue('server-2');
    await expect(lab.story).toContainText('Both connections are up in the end.');
    await lab.chooseVpn('Laptop B', 'SSTP');
    await lab.chooseServer('Laptop B', 'VPN server');
    await expect(page.getByRole('combobox', { name: 'Server of Laptop B' }).getByRole('option')).toHaveCount(2);
  });

  test('a shared link brings all of it back', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.flip('PPTP passthrough');
    await lab.addDevice();
    await lab.chooseVpn('Laptop C', 'OpenVPN over UDP');
    await lab.chooseServer('Laptop C', 'Another server');
    await page.keyboard.press('Home');
    await lab.stepForward(12);
    await page.getByRole('button', { name: 'Stop Laptop A' }).click();
    const advanced = await lab.openAdvanced();
    await advanced.getByLabel('UDP, answered').fill('60');
    await advanced.getByLabel('UDP, answered').press('Enter');
    await page.keyboard.press('Escape');
    const said = await lab.story.textContent();
    const there = await lab.shareWithAnother();
    await expect(there.atHome.getByRole('listitem')).toHaveCount(3);
    await expect(there.page.getByRole('combobox', { name: 'VPN of Laptop C' })).toHaveValue('openvpn-udp');
    await expect(there.page.getByRole('combobox', { name: 'Server of Laptop C' })).toHaveValue('server-2');
    await expect(there.doneInTheMiddle).toContainText('Laptop A stops');
    expect(said).toContain((await there.story.textContent()) ?? 'nothing');
    await expect((await there.openAdvanced()).getByLabel('UDP, answered')).toHaveValue('60');
  });
});

test.describe('the router’s own admin page', () => {
  test('log in, find the page, save, reboot: the tunnels drop, and who dials again returns', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.flip('PPTP passthrough');
    await lab.letDialAgain('Laptop A');
    await page.keyboard.press('End');
    await expect(lab.atHome.getByText('the tunnel is up')).toHaveCount(2);
    const window = await lab.openAdminPage();
    await expect(window).toContainText('Never type a real one.');
    await lab.logIn(window);
    await lab.findPage(window, 'VPN passthrough');
    await window.getByRole('checkbox', { name: 'IPsec passthrough' }).check();
    await expect(window.getByText('Changed, and not saved.')).toBeVisible();
    await expect(page.getByRole('switch', { name: 'IPsec passthrough', checked: false })).toBeVisible();
    await window.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('switch', { name: 'IPsec passthrough', checked: true })).toBeVisible();
    await lab.findPage(window, 'Restart');
    await window.getByRole('button', { name: 'Reboot' }).click();
    await expect(lab.doneInTheMiddle).toContainText('Router rebooted');
    await lab.pause();
    await page.keyboard.press('Escape');
    await lab.doneInTheMiddle.getByRole('button', { name: /s Router rebooted/ }).click();
    await lab.show('Table');
    await lab.stepForward();
    await expect(page.getByRole('row', { name: /^GRE entry/ })).toHaveCount(0);
    await page.keyboard.press('End');
    await expect(lab.atHome.getByRole('listitem').filter({ hasText: 'Laptop A' })).toContainText('the tunnel is up');
    await expect(lab.atHome.getByRole('listitem').filter({ hasText: 'Laptop B' })).toContainText('Error 807');
    await page.keyboard.press('Home');
    await expect(page.getByRole('switch', { name: 'IPsec passthrough', checked: false })).toBeVisible();
    await expect(page.getByText(/^Off at the start, on from .* This switch sets the start\.$/)).toBeVisible();
  });

  test('the page is away with the router, and wants a new login when it is back', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.chooseVpn('Laptop A', 'Pings, no VPN');
    const window = await lab.openAdminPage();
    await lab.logIn(window);
    await lab.findPage(window, 'Restart');
    await window.getByRole('button', { name: 'Reboot' }).click();
    await expect(window.getByText('Rebooting…')).toBeVisible();
    await page.getByRole('button', { name: 'To the end' }).click();
    await expect(window.getByText('You are logged out. Log in again.')).toBeVisible();
  });

  for (const [width, height] of [
    [1440, 900],
    [1280, 720],
    [1180, 800],
    [1024, 768],
    [820, 1180],
  ] as const)
    test(`what became of the packet is to be read beside its window, at ${width} by ${height}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      const lab = new PassthroughLab(page);
      await lab.openAtFirstDrop();
      for (const model of ['Textbook NAPT', 'Linux 6.x netfilter']) {
        await lab.replaceRouter(model);
        const window = await lab.openAdminPage();
        expect(await overlap(window, lab.why), model).toBe(false);
        await page.keyboard.press('Escape');
      }
    });

  test('where a save is not in effect before it is applied, the page says so', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.replaceRouter('DD-WRT');
    const window = await lab.openAdminPage();
    await lab.logIn(window);
    await lab.findPage(window, 'Security', 'VPN Passthrough');
    await window.getByRole('group', { name: 'PPTP Passthrough' }).getByLabel('Enable').check();
    await window.getByRole('button', { name: 'Save' }).click();
    await expect(window.getByText(/^Saved, but not in effect until/)).toBeVisible();
    await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: false })).toBeVisible();
    await window.getByRole('button', { name: 'Apply Settings' }).click();
    await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
  });

  test('a router without a page has a prompt, and its commands do what they say', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.replaceRouter('Linux 6.x netfilter');
    await page.keyboard.press('Home');
    const window = await lab.openAdminPage();
    await window.getByRole('button', { name: 'Run: Attach the PPTP helper' }).click();
    await expect(window.getByRole('list', { name: 'What was typed' })).toContainText('ct helper');
    await expect(page.getByRole('switch', { name: 'PPTP passthrough', checked: true })).toBeVisible();
    await expect(lab.story).toContainText('Both connections are up in the end.');
  });
});

test.describe('advanced', () => {
  test('a shorter UDP timer ends a tunnel that nobody keeps alive, a longer one keeps it', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.openScenario('NAT traversal without keepalives');
    await lab.replaceRouter('Textbook NAPT');
    await expect(page.getByRole('button', { name: 'No drops' })).toBeVisible();
    const set = async (seconds: string) => {
      const advanced = await lab.openAdvanced();
      await advanced.getByLabel('UDP, answered').fill(seconds);
      await advanced.getByLabel('UDP, answered').press('Enter');
      await page.keyboard.press('Escape');
    };
    await set('60');
    await expect(page.getByRole('button', { name: 'Next drop' })).toBeVisible();
    await set('600');
    await expect(page.getByRole('button', { name: 'No drops' })).toBeVisible();
  });

  test('what has no ports may be carried for its first owner: a knob does what a switch does elsewhere', async ({
    page,
  }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.openScenario('ESP without NAT traversal: one laptop');
    await expect(lab.story).toContainText('The connection is not up in the end.');
    const advanced = await lab.openAdvanced();
    await advanced.getByLabel(/^What has no ports/).selectOption('carried for its first owner');
    await expect(advanced.getByText('The connection is up in the end.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(lab.story).toContainText('Changed by you: NAT knobs set otherwise.');
  });

  test('a router with ways of its own says what they are, and why they cannot be turned', async ({ page }) => {
    const lab = new PassthroughLab(page);
    await lab.openAtFirstDrop();
    await lab.replaceRouter('Linux 6.x netfilter');
    const advanced = await lab.openAdvanced();
    await expect(advanced.getByText(/^Looks endpoint-independent/)).toBeVisible();
    await expect(advanced.getByRole('combobox')).toHaveCount(0);
    await advanced.getByRole('button', { name: 'Forget all entries' }).click();
    await expect(lab.doneInTheMiddle).toContainText('Router forgets all entries');
  });
});

test('devices, admin page and advanced settings are reached by the keyboard alone', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  await page.getByRole('button', { name: '+ Add a device' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: 'VPN of Laptop C' }).focus();
  await page.keyboard.type('WireGuard');
  await expect(page.getByRole('combobox', { name: 'VPN of Laptop C' })).toHaveValue('wireguard');
  const opener = page.getByRole('button', { name: 'Open 192.168.1.1' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const window = page.getByRole('dialog', { name: /192\.168\.1\.1/ });
  await window.getByLabel('Password').focus();
  await page.keyboard.press('Enter');
  await expect(window.getByRole('navigation')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(window).toBeHidden();
  await expect(opener).toBeFocused();
  await page.getByRole('button', { name: 'Advanced…' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: /^Advanced/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: /^Advanced/ })).toBeHidden();
});

/** `within`: what lies over the page is read alone, since what it covers has no colours that could be measured. */
async function expectNoViolation(page: Page, within = 'body'): Promise<void> {
  const { violations, passes } = await new AxeBuilder({ page })
    .include(within)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  expect(passes.length).toBeGreaterThan(10);
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const)
  for (const [name, viewport] of [
    ['desk', { width: 1280, height: 720 }],
    ['phone', { width: 390, height: 844 }],
  ] as const)
    test.describe(`${colorScheme}, ${name}`, () => {
      test.use({ colorScheme, viewport });

      test('nothing about home breaks a rule of accessibility', async ({ page }) => {
        test.setTimeout(180_000);
        const lab = new PassthroughLab(page);
        await lab.openAtFirstDrop();
        if (name === 'phone') await lab.show('Set-up');
        await page.getByRole('button', { name: 'Stop Laptop A' }).click();
        await lab.letDialAgain('Laptop A');
        await expectNoViolation(page);
        await lab.openAdvanced();
        await expectNoViolation(page);
        await page.keyboard.press('Escape');
        for (const [router, ...menu] of [
          ['Textbook NAPT', 'VPN passthrough'],
          ['DD-WRT', 'Security', 'VPN Passthrough'],
          ['ASUSWRT', 'WAN', 'NAT Passthrough'],
          ['Tomato', 'Advanced'],
        ] as const) {
          await lab.replaceRouter(router);
          const window = await lab.openAdminPage();
          await expectNoViolation(page, 'dialog[open]');
          await lab.logIn(window);
          await lab.findPage(window, ...menu);
          await expectNoViolation(page, 'dialog[open]');
          await page.keyboard.press('Escape');
        }
        await lab.replaceRouter('pf');
        await lab.openAdminPage();
        await expectNoViolation(page, 'dialog[open]');
      });
    });
