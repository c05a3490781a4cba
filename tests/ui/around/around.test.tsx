import { beforeEach, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { whyText } from '../../../src/explain/verdicts.ts';
import { WAYS } from '../../../src/explain/ways.ts';
import { Around } from '../../../src/ui/around/around.tsx';
import { runWay } from '../../../src/ui/around/way-run.ts';
import type { Place } from '../../../src/ui/lab/link.ts';
import { mountScreen } from '../support/mount.tsx';

let opened: readonly Place[];
beforeEach(async () => {
  opened = await mountScreen(<Around />);
});

const card = (name: string) => page.getByRole('listitem', { name, exact: true });

test('every way has a card with the figures of its own run', async () => {
  for (const way of WAYS) {
    const { figures } = runWay(way, 'textbook');
    const { roundTrips, packets, carried } = figures!;
    const numbers = [carried ? `+${carried.whole - carried.inside}` : '0', roundTrips, packets].map(String);
    await expect
      .poll(() => [...card(way.name).element().querySelectorAll('figure, dl')][0]?.querySelectorAll('dd').length)
      .toBe(3);
    const shown = [...card(way.name).element().querySelectorAll('dl')[0]!.querySelectorAll('dd')];
    expect([way.name, ...shown.map(({ textContent }) => textContent)]).toEqual([way.name, ...numbers]);
  }
});

test('a way is seen through a router with every switch off', async () => {
  await page.getByRole('button', { name: 'See it: WireGuard' }).click();
  const [home] = opened[0]!.chosen.experiment.routers;
  expect(home).toMatchObject({ profile: 'textbook', switches: { pptp: false, l2tp: false, ipsec: false } });
});

test('all bars are drawn to one scale', async () => {
  await expect.element(page.getByRole('status')).toHaveTextContent('9 of 9 get through Textbook NAPT.');
  const bytesOf = (bar: Element) =>
    [...bar.children].reduce((sum, part) => sum + Number((part as HTMLElement).style.getPropertyValue('--bytes')), 0);
  const figures = [...document.querySelectorAll('figure')];
  const bars = figures.flatMap((figure) => [...figure.querySelectorAll(':scope > div')]);
  expect(bars.length).toBeGreaterThan(4);
  expect(new Set(bars.map(bytesOf)).size).toBe(1);
  await expect.element(card('WireGuard')).toHaveTextContent('84 of them are yours');
});

test('at a router whose switch stops it, it says so', async () => {
  const says = whyText(runWay(WAYS.find(({ name }) => name === 'IKEv2 with NAT-T')!, 'asuswrt').verdict!);
  await page.getByLabelText('Router', { exact: true }).selectOptions('ASUSWRT');
  await expect.element(card('IKEv2 with NAT-T')).toHaveTextContent(`Not through this router. ${says}`);
  await expect.element(card('IKEv2 with NAT-T')).not.toHaveTextContent('The rule of a switch');
  await expect.element(card('Site to site')).toHaveTextContent('and stops nothing');
  await expect.element(card('IKEv2 with NAT-T')).toHaveTextContent('Why a router usually does not mind');
  await expect.element(card('Site to site')).toHaveTextContent('Why the router does not mind');
  expect(document.body.textContent?.match(/Not through this router/g)).toHaveLength(1);
  await expect.element(page.getByRole('status')).toHaveTextContent('8 of 9 get through ASUSWRT.');
});

test('what passthrough itself is worth stands before the ways', async () => {
  const panel = page.getByRole('region', { name: 'Before you turn a switch on' });
  await expect.element(panel).toHaveTextContent('Passthrough is a last resort');
  await expect.element(panel).toHaveTextContent('RFC 2759');
  expect(getComputedStyle(panel.getByText('MS-CHAPv2', { exact: true }).element()).whiteSpace).toBe('nowrap');
});
