import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import '../../src/ui/design/base.css';
import '../../src/ui/design/tokens.css';
import { Switches } from '../../src/ui/setup/switches.tsx';

afterEach(cleanup);

test('a switch has a name, a position and a line that says what it does there', async () => {
  const flip = vi.fn();
  render(
    <Switches switches={[{ name: 'PPTP passthrough', family: 'pptp', on: false, says: 'Off: nobody reads.', flip }]} />,
  );
  const knob = screen.getByRole('switch', { name: 'PPTP passthrough', checked: false });
  expect(knob).toHaveAccessibleDescription('Off: nobody reads.');
  await userEvent.click(knob);
  expect(flip).toHaveBeenCalledOnce();
});

test('a switch is flipped by the keyboard too', async () => {
  const flip = vi.fn();
  render(<Switches switches={[{ name: 'PPTP passthrough', family: 'pptp', on: true, says: 'On.', flip }]} />);
  screen.getByRole('switch').focus();
  await userEvent.keyboard(' ');
  expect(flip).toHaveBeenCalledOnce();
});

test('a switch that does nothing here can be turned all the same, and says so in either position', async () => {
  const flip = vi.fn();
  const says = 'Linux has nothing to switch here: L2TP is UDP.';
  render(<Switches switches={[{ name: 'L2TP passthrough', family: 'l2tp', on: true, says, idle: true, flip }]} />);
  const knob = screen.getByRole('switch', { name: 'L2TP passthrough' });
  expect(getComputedStyle(knob).backgroundColor).toBe('rgba(0, 0, 0, 0)');
  expect(getComputedStyle(knob).borderStyle).toBe('dashed');
  expect(knob).toHaveAccessibleDescription(says);
  await userEvent.click(knob);
  expect(flip).toHaveBeenCalledOnce();
});

test('on a projector switches are small in the narrow panel only', async () => {
  await page.viewport(1280, 720);
  const each = { name: 'PPTP passthrough', family: 'pptp', on: false, says: 'Off.', flip: vi.fn() } as const;
  const width = (room: number) => {
    const { unmount } = render(
      <div style={{ width: room }}>
        <Switches switches={[each]} />
      </div>,
    );
    const found = screen.getByRole('switch').offsetWidth;
    unmount();
    return found;
  };
  expect(width(280)).toBeLessThan(width(900));
});

test('a name with a hyphen is not broken there, and is read as it is written', () => {
  const says = 'Off: IPsec in UDP (NAT-T) passes all the same.';
  render(
    <div style={{ width: 150 }}>
      <Switches switches={[{ name: 'IPsec passthrough', family: 'ipsec', on: false, says, flip: vi.fn() }]} />
    </div>,
  );
  expect(screen.getByText(/^Off: IPsec/)).toHaveTextContent(says);
  expect(screen.getByText('NAT-T').getClientRects()).toHaveLength(1);
  expect(getComputedStyle(screen.getByText('NAT-T')).whiteSpace).toBe('nowrap');
});

test('the switch worth trying says so, to the eye and to the ear, and nothing moves for it', () => {
  const each = { name: 'PPTP passthrough', family: 'pptp', on: false, says: 'Off.', flip: vi.fn() } as const;
  const { rerender } = render(<Switches switches={[each]} />);
  const look = () => {
    const row = screen.getByRole('listitem');
    return { ring: getComputedStyle(row).boxShadow, height: row.offsetHeight };
  };
  const plain = look();
  rerender(<Switches switches={[{ ...each, pointed: true }]} />);
  expect(screen.getByRole('switch')).toHaveAccessibleDescription('Try this Off.');
  expect(look().ring).not.toBe(plain.ring);
  expect(look().height).toBe(plain.height);
});
