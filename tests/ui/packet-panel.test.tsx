import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { PacketPanel } from '../../src/ui/packet/packet-panel.tsx';
import { goToStep } from '../../src/ui/session/session.ts';
import { mount } from './support/mount.tsx';
import { rawEsp, twoLaptopsOff, twoLaptopsOn } from './support/runs.ts';

const bytes = (selector: string) => [...document.querySelectorAll(`[aria-label="Bytes"] ${selector}`)];
const hex = (elements: readonly Element[]) => elements.map((element) => element.textContent).join(' ');

test('a stopped packet says why, in whole sentences, and offers the one switch', async () => {
  const apply = vi.fn();
  await mount(<PacketPanel cure={{ label: 'Turn PPTP passthrough on', apply }} />, twoLaptopsOff(), 12);
  await expect.element(page.getByRole('heading', { name: 'Stopped at the router: no entry fits' })).toBeVisible();
  await expect.element(page.getByText(/Only Call ID 27183 says whose packet this is/)).toBeVisible();
  await page.getByRole('button', { name: 'Turn PPTP passthrough on' }).click();
  expect(apply).toHaveBeenCalledOnce();
});

test('a packet that goes on offers no cure', async () => {
  await mount(<PacketPanel cure={{ label: 'Cure', apply: () => undefined }} />, twoLaptopsOff(), 1);
  await expect.element(page.getByRole('heading', { name: /^Sent on/ })).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Cure' })).not.toBeInTheDocument();
});

test('the changed bytes are marked on both sides, and no others', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await expect.element(page.getByText('1 changed').first()).toBeVisible();
  expect(hex(bytes('[data-changed="true"][data-side="before"]'))).toBe('40 40 cd c0 a8 01 0a d3 59 34 12');
  expect(hex(bytes('[data-changed="true"][data-side="after"]'))).toBe('3f c7 7d cb 00 71 01 01 74 8b a8');
});

test('pointing at a field lights its bytes', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await page.getByRole('row', { name: /^Call ID/ }).hover();
  await expect.poll(() => hex(bytes('[data-lit="true"]'))).toBe('34 12 8b a8');
});

test('pointing at a byte lights its field, and a click holds it', async () => {
  const store = await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await document.fonts.ready;
  const byte = bytes('[data-at="64"][data-side="before"]')[0]!;
  // A byte that moves away while it is clicked is not clicked.
  const standsAt = () => byte.getBoundingClientRect().top + scrollY;
  const before = standsAt();
  await userEvent.hover(byte);
  await expect.poll(() => document.querySelector('tr[data-lit="true"] th')?.textContent).toBe('Call ID');
  expect(standsAt()).toBe(before);
  await userEvent.click(byte);
  await expect.poll(() => store.getState().selection?.kind).toBe('field');
  await expect.element(page.getByRole('button', { name: 'Call ID', pressed: true })).toBeVisible();
});

test('a checksum shows which bytes it is made of', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await page.getByRole('row', { name: /^Header Checksum/ }).hover();
  await expect.element(page.getByText('Underlined: the bytes this checksum is made of.')).toBeVisible();
  expect(bytes('[data-covered="true"][data-side="before"]')).toHaveLength(20);
});

test('the field one points at tells who wrote it, and why the router wrote something else', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await page.getByRole('row', { name: /^Time to Live/ }).hover();
  await expect
    .poll(() => document.querySelector('[aria-live] b')?.parentElement?.textContent)
    .toMatch(/^Time to Live: written by Client A, changed by Router\. Every router .*RFC 791/);
});

test('what the router wrote can be underlined, and then nothing else is', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await page.getByRole('button', { name: /^Router, 11 bytes$/ }).click();
  await expect.element(page.getByText('Underlined: what Router wrote.')).toBeVisible();
  expect(hex(bytes('[data-covered="true"][data-side="before"]'))).toBe('');
  expect(hex(bytes('[data-covered="true"][data-side="after"]'))).toBe('3f c7 7d cb 00 71 01 01 74 8b a8');
});

test('encrypted bytes are hatched, and what ESP guards begins behind the IP header', async () => {
  await mount(<PacketPanel />, rawEsp(), 1);
  await expect.poll(() => bytes('[data-sealed="true"][data-side="before"]')).toHaveLength(48);
  await page.getByRole('button', { name: 'ESP ICV' }).click();
  await expect.element(page.getByText(/The IP header is not in it/)).toBeVisible();
  expect(bytes('[data-covered="true"][data-side="before"]')[0]?.getAttribute('data-at')).toBe('20');
});

test('from packet to packet all fields stay asked for, and what was underlined in one is not in the next', async () => {
  const store = await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await page.getByLabelText('all fields').click();
  await page.getByRole('group', { name: 'Written by' }).getByRole('button').first().click();
  await expect.poll(() => bytes('[data-covered="true"]').length).toBeGreaterThan(0);
  goToStep(store, 8);
  await expect.element(page.getByText('Packet 9')).toBeVisible();
  expect(bytes('[data-covered="true"]')).toHaveLength(0);
  await expect.element(page.getByLabelText('all fields')).toBeChecked();
});

test('only what changed is listed, until all fields are asked for', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await expect.element(page.getByRole('row', { name: /^Time to Live/ })).toBeVisible();
  await expect.element(page.getByRole('row', { name: /^Total Length/ })).not.toBeInTheDocument();
  await page.getByLabelText('all fields').click();
  await expect.element(page.getByRole('row', { name: /^Total Length/ })).toBeVisible();
});

test("the router's own answer can be looked into", async () => {
  await mount(<PacketPanel />, twoLaptopsOff(), 12);
  await page.getByRole('button', { name: 'The router’s answer' }).click();
  await expect.element(page.getByText('Internet Control Message Protocol')).toBeVisible();
});

test('before the first packet the panel says how to read the picture', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 0);
  await expect.element(page.getByRole('heading', { name: 'How to read the picture' })).toBeVisible();
});

test('the replay says beside each packet whether the recorded router did the same', async () => {
  await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await expect.element(page.getByText('The recorded router did the same, byte for byte.')).toBeVisible();
});

/** No machine of a test has a finger. */
function withFinger(): void {
  const real = window.matchMedia.bind(window);
  const touch = { matches: true, addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.spyOn(window, 'matchMedia').mockImplementation((query) =>
    query === '(hover: none)' ? (touch as unknown as MediaQueryList) : real(query),
  );
}

test('a verdict that takes two lines breaks before the reason', async () => {
  await mount(
    <div style={{ width: 260 }}>
      <PacketPanel />
    </div>,
    twoLaptopsOff(),
    12,
  );
  const heading = page.getByRole('heading', { name: 'Stopped at the router: no entry fits', exact: true });
  await expect.element(heading).toHaveTextContent('Stopped at the router: no entry fits');
  const reason = heading.getByText('no entry fits', { exact: true }).element();
  const whole = reason.parentElement!.getBoundingClientRect();
  expect(whole.height).toBeGreaterThan(reason.getBoundingClientRect().height);
  expect(reason.getBoundingClientRect().left).toBeCloseTo(whole.left, 0);
});

test('who has a mouse is told to point and of keys, who has a finger to tap', async () => {
  const store = await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await expect.element(page.getByText('Point at a field or a byte to learn who wrote it.')).toBeVisible();
  store.setState({ cursor: -1 });
  await expect.element(page.getByText('Space', { exact: true })).toBeVisible();
});

test('with a finger no key and no pointing is spoken of', async () => {
  withFinger();
  const store = await mount(<PacketPanel />, twoLaptopsOn(), 8);
  await expect.element(page.getByText('Tap a field or a byte to learn who wrote it.')).toBeVisible();
  store.setState({ cursor: -1 });
  await expect.element(page.getByText(/^Below, tap\s+to play/)).toBeVisible();
  await expect.element(page.getByText('Space', { exact: true })).not.toBeInTheDocument();
});
