// What screenshots are taken of, step by step: the page in its user's verbs.
import { readFileSync } from 'node:fs';

export const press = (page, key, times = 1) =>
  Array.from({ length: times }).reduce((done) => done.then(() => page.keyboard.press(key)), Promise.resolve());

/** How many steps the present run has, as the line of time knows it. */
const steps = (page) => page.getByRole('slider', { name: 'Step' }).getAttribute('max');

/** Goes to a step of the present run, and is there. */
export async function goTo(page, step) {
  await page.keyboard.press('Home');
  await press(page, 'ArrowRight', step);
  await page.waitForFunction(
    (value) => document.querySelector('input[aria-label="Step"]').value === value,
    String(step - 1),
  );
}

/** Waits until the list that is shown, where one is, stands at the present step. */
export const currentInView = (page) =>
  page.waitForFunction(() => {
    const box = document.querySelector('[data-steps]')?.parentElement.getBoundingClientRect();
    if (!box) return true;
    const row = document.querySelector('[data-steps] [aria-current="step"]')?.getBoundingClientRect();
    return row !== undefined && row.top >= box.top - 1 && row.bottom <= box.bottom + 1;
  });

/** Turns PPTP passthrough on from the card that says why a packet was stopped. */
export async function cure(page) {
  const button = page.getByRole('button', { name: /^Turn PPTP/ });
  await button.click();
  await button.waitFor({ state: 'detached' });
}

/** Opens the first recording of a situation and goes to a step. */
export async function recording(page, title, step) {
  const before = await steps(page);
  await page.keyboard.press('o');
  await page.getByRole('dialog').getByRole('listitem').filter({ hasText: title }).getByRole('button').first().click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  // The title stands there before the packets do.
  await page.waitForFunction((max) => document.querySelector('input[aria-label="Step"]').max !== max, before);
  await goTo(page, step);
}

export const wide = (page) => page.viewportSize().width >= 700;

/** Narrow screens have the set-up behind a tab. */
export async function setup(page) {
  if (!wide(page)) await page.getByRole('tab', { name: 'Set-up' }).click();
}

export const screen = (page, name) => page.getByRole('link', { name, exact: true }).click();

/** Logged in at a router's admin page, gone through its menu. */
export async function adminPage(page, router, ...menu) {
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

/** Where a router has no admin page: its shell. */
export async function shell(page, router) {
  await setup(page);
  await page.getByRole('combobox', { name: 'Router model' }).selectOption(router);
  await page.getByRole('button', { name: 'Open 192.168.1.1' }).click();
  await page.getByText('root@router').first().waitFor();
}

export async function scenario(page, title, step) {
  await page.keyboard.press('s');
  await page.getByRole('dialog').getByRole('button', { name: title, exact: true }).click();
  await page.getByRole('button', { name: title }).first().waitFor();
  await goTo(page, step);
}

/** A capture of one's own, of one side or of both, cut off after so many bytes. */
export async function ownCapture(page, sides, bytes) {
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

/** A capture of one's own that takes its time: the same packets over and over. */
export async function longCapture(page) {
  const [header, packets] = cut(readFileSync('tests/recordings/pptp-2clients-nohelper/lan.pcap'), 24);
  const many = Math.floor(40e6 / packets.length);
  await page.keyboard.press('o');
  const dialog = page.getByRole('dialog', { name: 'Open a recording' });
  await dialog.getByLabel(/^LAN side/).setInputFiles({
    name: 'a-long-evening-at-home.pcap',
    mimeType: 'application/octet-stream',
    buffer: Buffer.concat([header, ...Array.from({ length: many }, () => packets)]),
  });
  await dialog.getByRole('button', { name: /^Replay the/ }).click();
  await page
    .getByRole('region', { name: 'Opening captures' })
    .getByText(/^Replaying: /)
    .waitFor();
}

const cut = (bytes, at) => [bytes.subarray(0, at), bytes.subarray(at)];
