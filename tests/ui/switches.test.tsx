import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
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

test('where there is nothing to switch, the switch cannot be flipped and says why', () => {
  render(<Switches switches={[{ name: 'L2TP passthrough', family: 'l2tp', on: true, says: 'Nothing to switch.' }]} />);
  const knob = screen.getByRole('switch', { name: 'L2TP passthrough' });
  expect(knob).toBeDisabled();
  expect(knob).toHaveAccessibleDescription('Nothing to switch.');
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
