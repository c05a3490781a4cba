#!/usr/bin/env node
// Shoots the built page in its states, at four sizes, light and dark, into reports/screenshots: for people to look at.
//   node scripts/screenshots.mjs [word ...]     only the states whose name contains one of the words
import { mkdirSync, readFileSync } from 'node:fs';
import { argv, env } from 'node:process';
import { chromium } from '@playwright/test';
import { preview } from 'vite';

const SIZES = [
  [1440, 900],
  [1280, 720],
  [820, 1180],
  [390, 844],
];
const FOLDER = 'reports/screenshots';

const press = (page, key, times = 1) =>
  Array.from({ length: times }).reduce((done) => done.then(() => page.keyboard.press(key)), Promise.resolve());

/** Opens the first recording of a situation and goes to a step. */
async function recording(page, title, step) {
  await page.keyboard.press('o');
  await page.getByRole('listitem').filter({ hasText: title }).getByRole('button').first().click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  await page.keyboard.press('Home');
  await press(page, 'ArrowRight', step);
}

const wide = (page) => page.viewportSize().width >= 700;

/** Narrow screens have the set-up behind a tab. */
async function setup(page) {
  if (!wide(page)) await page.getByRole('tab', { name: 'Set-up' }).click();
}

const screen = (page, name) => page.getByRole('link', { name, exact: true }).click();

/** Logged in at a router's admin page, gone through its menu. */
async function adminPage(page, router, ...menu) {
  await setup(page);
  await page.getByRole('combobox', { name: 'Router model' }).selectOption(router);
  await page.getByRole('button', { name: 'Open 192.168.1.1' }).click();
  await page.getByRole('button', { name: 'Log in' }).click();
  for (const entry of menu.length > 0 ? menu : ['VPN passthrough'])
    await page
      .getByRole('navigation', { name: 'Menu of the router' })
      .getByRole('button', { name: entry, exact: true })
      .click();
}

async function scenario(page, title, step) {
  await page.keyboard.press('s');
  await page.getByRole('dialog').getByRole('button', { name: title, exact: true }).click();
  await page.keyboard.press('Home');
  await press(page, 'ArrowRight', step);
}

/** A capture of one's own, of one side or of both, cut off after so many bytes. */
async function ownCapture(page, sides, bytes) {
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Open a recording' });
  for (const side of sides)
    await dialog.getByLabel(new RegExp(`^${side} side`)).setInputFiles({
      name: `home-${side.toLowerCase()}.pcap`,
      mimeType: 'application/octet-stream',
      buffer: readFileSync(`tests/recordings/pptp-2clients-nohelper/${side.toLowerCase()}.pcap`).subarray(0, bytes),
    });
  await dialog.getByRole('button', { name: /^Replay the/ }).click();
}

/** On real gear, at a tab. */
async function gearTab(page, name) {
  await STATES.gear(page);
  await page.getByRole('tab', { name }).click();
}

/** The first recording, at rest on its first drop. */
async function firstRecording(page) {
  await recording(page, 'PPTP: two laptops, one server', 12);
}

/** Each begins at the first stopped packet of the first scenario, at rest. */
const STATES = {
  drop: async () => {},
  home: setup,
  end: async (page) => {
    await page.keyboard.press('End');
    await setup(page);
  },
  symptom: (page) => scenario(page, 'PPTP: two laptops, one server, the same Call ID', 49),
  flipped: async (page) => {
    await page.getByRole('button', { name: /^Turn PPTP/ }).click();
    await setup(page);
  },
  change: async (page) => {
    await page.getByRole('button', { name: /^Turn PPTP/ }).click();
    await page.keyboard.press('n');
  },
  fork: async (page) => {
    await STATES.flipped(page);
    await page.getByRole('button', { name: 'Compare with before' }).click();
  },
  device: async (page) => {
    await setup(page);
    await page.getByRole('button', { name: '+ Add a device' }).click();
    await setup(page);
    await page.getByRole('combobox', { name: 'VPN of Laptop C' }).selectOption('WireGuard');
    await setup(page);
    await page.getByRole('button', { name: 'Stop Laptop A' }).click();
    await setup(page);
    await page.getByRole('button', { name: 'More about Laptop C' }).click();
  },
  advanced: async (page) => {
    await setup(page);
    await page.getByRole('button', { name: 'Advanced…' }).click();
    await page.getByRole('dialog', { name: /^Advanced/ }).waitFor();
  },
  'advanced-linux': async (page) => {
    await setup(page);
    await page.getByRole('combobox', { name: 'Router model' }).selectOption('Linux 6.x netfilter');
    await page.getByRole('button', { name: 'Advanced…' }).click();
    await page.getByRole('dialog', { name: /^Advanced/ }).waitFor();
  },
  admin: (page) => adminPage(page, 'Textbook NAPT'),
  'admin-login': async (page) => {
    await setup(page);
    await page.getByRole('button', { name: 'Open 192.168.1.1' }).click();
  },
  'admin-ddwrt': (page) => adminPage(page, 'DD-WRT', 'Security', 'VPN Passthrough'),
  'admin-asus': (page) => adminPage(page, 'ASUSWRT', 'WAN', 'NAT Passthrough'),
  'admin-tomato': (page) => adminPage(page, 'Tomato', 'Advanced'),
  'admin-openwrt': (page) => adminPage(page, 'OpenWrt', 'Network', 'Firewall'),
  'admin-dlink': (page) => adminPage(page, 'D-Link DIR-300', 'Advanced', 'ALG'),
  'admin-linux': async (page) => {
    await setup(page);
    await page.getByRole('combobox', { name: 'Router model' }).selectOption('Linux 6.x netfilter');
    await page.getByRole('button', { name: 'Open 192.168.1.1' }).click();
  },
  'admin-reboot': async (page) => {
    await adminPage(page, 'Textbook NAPT', 'Restart');
    await page.getByRole('button', { name: 'Reboot', exact: true }).click();
  },
  gear: async (page) => {
    await setup(page);
    await page.getByRole('button', { name: 'On real gear…' }).click();
    await page.getByRole('tab', { name: 'nftables' }).waitFor();
  },
  'gear-ios': async (page) => {
    await setup(page);
    await page.getByRole('combobox', { name: 'Router model' }).selectOption('D-Link DIR-300');
    await page.getByRole('button', { name: 'On real gear…' }).click();
    const dialog = page.getByRole('dialog', { name: 'On real gear: D-Link DIR-300' });
    for (const name of ['PPTP', 'L2TP', 'IPsec']) {
      const knob = dialog.getByRole('switch', { name: `${name} passthrough` });
      if (await knob.isChecked()) await knob.click();
    }
    await dialog.getByRole('tab', { name: 'Cisco IOS' }).click();
  },
  'gear-iptables': (page) => gearTab(page, 'iptables'),
  'gear-openwrt': (page) => gearTab(page, 'OpenWrt UCI'),
  'gear-routeros': (page) => gearTab(page, 'MikroTik RouterOS'),
  scenarios: (page) => page.keyboard.press('s'),
  all: (page) => scenario(page, 'All kinds at once', 60),
  stranger: (page) => scenario(page, 'A stranger knocks', 39),
  sdwan: (page) => scenario(page, 'SD-WAN: one tunnel over two uplinks', 20),
  untranslated: (page) => scenario(page, 'NAT switched off, and what it costs', 17),
  cgnat: (page) => scenario(page, 'Two NATs in a row', 20),
  damaged: async (page) => {
    await page.evaluate(() => {
      location.hash = 'scenario=none';
    });
    await page.getByText('This link is damaged').waitFor();
  },
  start: (page) => page.keyboard.press('Home'),
  flow: async (page) => {
    await page.keyboard.press('Home');
    await press(page, 'ArrowRight', 8);
    await page.waitForTimeout(1200);
  },
  packets: (page) => page.getByRole('tab', { name: 'Packets' }).click(),
  table: (page) => page.getByRole('tab', { name: 'Table' }).click(),
  present: (page) => page.keyboard.press('p'),
  'present-change': async (page) => {
    await STATES.change(page);
    await page.keyboard.press('p');
  },
  log: (page) => page.getByRole('tab', { name: 'Log' }).click(),
  exposure: (page) => page.getByRole('tab', { name: 'Exposure' }).click(),
  'exposure-end': async (page) => {
    await page.keyboard.press('End');
    await page.getByRole('tab', { name: 'Exposure' }).click();
  },
  ladder: (page) => page.getByRole('tab', { name: 'Ladder' }).click(),
  recorded: firstRecording,
  on: async (page) => {
    await firstRecording(page);
    await page.getByRole('button', { name: /^Turn PPTP/ }).click();
    await page.waitForTimeout(500);
    await page.keyboard.press('Home');
    await press(page, 'ArrowRight', 8);
    await page.waitForTimeout(1200);
  },
  gre: async (page) => {
    await firstRecording(page);
    await page.getByRole('button', { name: /^Turn PPTP/ }).click();
    await page.waitForTimeout(500);
    await page.keyboard.press('Home');
    await press(page, 'ArrowRight', 39);
    await page.waitForTimeout(1200);
  },
  fields: async (page) => {
    await STATES.on(page);
    await page.getByLabel('all fields').check();
  },
  esp: (page) => recording(page, 'IPsec without NAT-T: raw ESP', 5),
  ike: (page) => recording(page, 'IPsec with NAT-T: two laptops, one server', 14),
  l2tp: (page) => recording(page, 'L2TP: two laptops, one server', 40),
  scripted: (page) => recording(page, 'PPTP: messages a helper trips over', 120),
  wireguard: (page) => recording(page, 'WireGuard', 2),
  open: (page) => page.keyboard.press('o'),
  'own-pair': async (page) => {
    await ownCapture(page, ['LAN', 'WAN']);
    await page.getByRole('heading', { level: 1, name: /home-lan/ }).waitFor();
    await setup(page);
  },
  'own-broken': async (page) => {
    await ownCapture(page, ['LAN'], 1500);
    await page.waitForTimeout(2000);
    await setup(page);
  },
  'own-refused': async (page) => {
    await ownCapture(page, ['LAN'], 10);
    await page.waitForTimeout(1000);
  },
  keys: (page) => page.keyboard.press('?'),
  matrix: async (page) => {
    await screen(page, 'Matrix');
    await page.getByText(/^All [\d,]+ cells are run/).waitFor({ timeout: 90_000 });
  },
  'matrix-off': async (page) => {
    await STATES.matrix(page);
    await page.getByRole('radio', { name: 'IPsec off' }).check();
    if (wide(page))
      await page
        .getByRole('gridcell')
        .getByRole('button', { name: /^L2TP, 2 laptops, at ASUSWRT/ })
        .focus();
    else await page.getByLabel('Router', { exact: true }).selectOption('ASUSWRT');
  },
  'matrix-begins': (page) => screen(page, 'Matrix'),
  myths: (page) => screen(page, 'Myths'),
  around: async (page) => {
    await screen(page, 'Ways around');
    await page.getByText('The router sees').nth(8).waitFor();
  },
  'around-blocked': async (page) => {
    await STATES.around(page);
    await page.getByLabel('Router', { exact: true }).selectOption('ASUSWRT');
    await page.getByText('Not through this router.').waitFor();
  },
  gateway: async (page) => {
    await STATES.around(page);
    await page.getByRole('button', { name: 'See it: Site to site' }).click();
    await press(page, 'ArrowRight', 1);
  },
  cell: async (page) => {
    await STATES['matrix-off'](page);
    await page.getByRole('button', { name: /^ESP, keys by hand, 1 laptop, at ASUSWRT/ }).click();
  },
};

async function shoot(browser, url, [width, height], theme, wanted) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' });
  for (const [name, arrange] of Object.entries(STATES)) {
    if (wanted.length > 0 && !wanted.some((word) => `${name}-${width}-${theme}`.includes(word))) continue;
    await page.goto(url);
    await page.getByRole('heading', { name: /Stopped at the router/ }).waitFor();
    await page.evaluate(() => document.fonts.ready);
    await arrange(page);
    await page.waitForTimeout(250);
    await page.screenshot({
      path: `${FOLDER}/${name}-${width}-${theme}.png`,
      fullPage: width < 700 && name !== 'open',
    });
  }
  await page.close();
}

mkdirSync(FOLDER, { recursive: true });
const server = await preview({ preview: { port: Number(env.PORT ?? 4199), host: '127.0.0.1' }, logLevel: 'warn' });
const browser = await chromium.launch({
  args: ['--no-sandbox', '--disable-gpu'],
  ...(env.CHROME_PATH ? { executablePath: env.CHROME_PATH } : {}),
});
const wanted = argv.slice(2);
for (const size of SIZES)
  for (const theme of ['light', 'dark']) await shoot(browser, server.resolvedUrls.local[0], size, theme, wanted);
await browser.close();
await server.close();
