import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Toolbar } from '../../src/ui/design/toolbar.tsx';

afterEach(cleanup);

const bar = (names: readonly string[]) => (
  <>
    <Toolbar name="Deeds">
      {names.map((name) => (
        <button key={name} type="button" disabled={name === 'Shut'}>
          {name}
        </button>
      ))}
    </Toolbar>
    <button type="button">After</button>
  </>
);
const button = (name: string) => screen.getByRole('button', { name });

test('a toolbar is one stop, to which the tab key comes back where one was', async () => {
  render(bar(['One', 'Shut', 'Two', 'Three']));
  await userEvent.tab();
  expect(button('One')).toHaveFocus();
  await userEvent.keyboard('{ArrowRight}');
  expect(button('Two')).toHaveFocus();
  await userEvent.tab();
  expect(button('After')).toHaveFocus();
  await userEvent.tab({ shift: true });
  expect(button('Two')).toHaveFocus();
});

test('where the button one was at is gone, the first that is left is the stop', async () => {
  const { rerender } = render(bar(['One', 'Two', 'Three']));
  button('Three').focus();
  rerender(bar(['One', 'Two']));
  await expect.poll(() => button('One').tabIndex).toBe(0);
  expect(button('Two').tabIndex).toBe(-1);
});

test('the arrow keys are the toolbar’s for who came by keyboard, and the page’s after a click', async () => {
  const page = vi.fn();
  const hear = (event: KeyboardEvent) => !event.defaultPrevented && page(event.key);
  document.addEventListener('keydown', hear);
  render(bar(['One', 'Two']));
  await userEvent.tab();
  await userEvent.keyboard('{ArrowRight}{ArrowRight}');
  expect(page).not.toHaveBeenCalledWith('ArrowRight');
  await userEvent.click(button('One'));
  await userEvent.keyboard('{ArrowRight}');
  document.removeEventListener('keydown', hear);
  expect(page).toHaveBeenCalledWith('ArrowRight');
  expect(button('One')).toHaveFocus();
});
