import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { profileOf } from '../../../src/router/profiles/index.ts';
import { SWITCHES, type Switches } from '../../../src/router/profiles/profile.ts';
import '../../../src/ui/design/base.css';
import '../../../src/ui/design/tokens.css';
import { GearDialog } from '../../../src/ui/gear/gear-dialog.tsx';
import type { RouterSetup } from '../../../src/world/experiment.ts';

afterEach(cleanup);

function dialog(id: string, switches: Switches, more: Partial<RouterSetup> = {}) {
  const profile = profileOf(id)!;
  const places = { lan: '192.168.1.1/24', wan: '203.0.113.1/24' };
  const setup: RouterSetup = { id: 'router', name: 'Router', profile: id, switches, ...places, ...more };
  const flip = vi.fn();
  const onClose = vi.fn();
  const views = SWITCHES.map((family) => ({ name: family, family, on: switches[family], says: '.', flip }));
  render(<GearDialog profile={profile} setup={setup} switches={views} onClose={onClose} />);
  return { flip, onClose };
}

const ON: Switches = { pptp: true, l2tp: true, ipsec: true };
const line = (text: string) =>
  screen.getAllByRole('listitem').find((each) => each.querySelector('code')?.textContent?.includes(text));

test('a line that a switch makes has the name of the switch and its position beside it', () => {
  dialog('linksys', { ...ON, ipsec: false });
  expect(line('udp dport 500 drop')).toHaveTextContent('IPsec passthrough off');
  expect(line('oifname "wan" masquerade')).not.toHaveTextContent('passthrough');
});

test('switches without a line here are named', () => {
  dialog('linksys', { ...ON, ipsec: false });
  expect(screen.getByText(/No line here: PPTP passthrough on, L2TP passthrough on\./)).toBeVisible();
});

test('the first target was tested; others say that they were only read, and where', async () => {
  dialog('linux', ON);
  expect(screen.getByRole('region', { name: 'Tested' })).toHaveTextContent('did what this router does');
  await userEvent.click(screen.getByRole('tab', { name: 'Cisco IOS' }));
  expect(screen.getByRole('region', { name: 'Read only, not tested' })).toBeVisible();
  expect(screen.getByRole('region', { name: 'Read in' })).toHaveTextContent('NAT Support for IPsec ESP Phase II');
});

test('what the target cannot do stands beside the lines, with the switch that asks for it', () => {
  dialog('textbook', { pptp: false, l2tp: false, ipsec: true });
  const cannot = within(screen.getByRole('region', { name: 'Cannot be done here' }));
  expect(cannot.getByText(/nothing that tells ESP apart by SPI/)).toHaveTextContent('IPsec passthrough on');
});

test('the switches of the router are at hand', async () => {
  const { flip } = dialog('linksys', ON);
  await userEvent.click(screen.getByRole('switch', { name: 'l2tp' }));
  expect(flip).toHaveBeenCalledOnce();
});

test('how the router is set otherwise than its model shows too', () => {
  dialog('dd-wrt', ON, { firewall: false, timeouts: { udpAnswered: 77 } });
  expect(line('nf_conntrack_udp_timeout_stream = 77')).toBeVisible();
  expect(line('iifname "wan" drop')).toBeUndefined();
});

test('Escape closes it', async () => {
  const { onClose } = dialog('linux', ON);
  await userEvent.keyboard('{Escape}');
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
});
