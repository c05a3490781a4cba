import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { userEvent } from 'vitest/browser';
import { Boundary } from '../../src/ui/app/boundary.tsx';
import { dismiss, report } from '../../src/ui/app/problems.ts';

const LINK = '#scenario=pptp-two-laptops&router=linux&on=&seed=1&at=12';
const linkOf = async () => LINK;

/** React and the page both tell the console of what broke; that is not what is looked at here. */
const quiet = vi.spyOn(console, 'error').mockImplementation(() => {});

afterEach(() => {
  cleanup();
  dismiss();
  quiet.mockClear();
});

function breaking() {
  const state = { broken: true };
  function Child() {
    if (state.broken) throw new Error('the packet has no bytes');
    return <p>The page itself</p>;
  }
  return { state, Child };
}

test('what breaks is said, with the experiment’s link and two ways on', async () => {
  const { Child } = breaking();
  render(
    <Boundary linkOf={linkOf}>
      <Child />
    </Boundary>,
  );
  expect(screen.getByRole('heading', { name: 'Something went wrong on our side' })).toBeVisible();
  expect(screen.getByText(/the packet has no bytes/)).toBeVisible();
  const link = await screen.findByRole<HTMLInputElement>('textbox', { name: 'This link keeps your experiment:' });
  expect(new URL(link.value).hash).toBe(LINK);
  expect(screen.getByRole('link', { name: 'Start fresh' })).toHaveAttribute('href', './');
});

test('another try shows the page again where the cause is gone', async () => {
  const { state, Child } = breaking();
  render(
    <Boundary linkOf={linkOf}>
      <Child />
    </Boundary>,
  );
  state.broken = false;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('The page itself')).toBeVisible();
});

test('where the link cannot be made, the address is the link', async () => {
  const { Child } = breaking();
  history.replaceState(null, '', LINK);
  render(
    <Boundary linkOf={() => Promise.reject(new Error('broken too'))}>
      <Child />
    </Boundary>,
  );
  const link = await screen.findByRole<HTMLInputElement>('textbox', { name: 'This link keeps your experiment:' });
  expect(new URL(link.value).hash).toBe(LINK);
  history.replaceState(null, '', ' ');
});

test('a part that cannot be fetched is told from a mistake', () => {
  function Child(): never {
    throw new TypeError('Failed to fetch dynamically imported module: http://x/assets/matrix.js');
  }
  render(
    <Boundary linkOf={linkOf}>
      <Child />
    </Boundary>,
  );
  expect(screen.getByRole('heading', { name: 'Part of the page could not be loaded' })).toBeVisible();
});

test('what fails beside the page is said, and the page goes on', async () => {
  render(
    <Boundary linkOf={linkOf}>
      <p>The page itself</p>
    </Boundary>,
  );
  report(new Error('the clipboard fell down'));
  expect(await screen.findByRole('alert')).toHaveTextContent('the clipboard fell down');
  expect(screen.getByText('The page itself')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Close' }));
  expect(screen.queryByRole('alert')).toBeNull();
});

test('what the page cannot begin without takes its place', async () => {
  render(
    <Boundary linkOf={linkOf}>
      <p>The page itself</p>
    </Boundary>,
  );
  report(new Error('no engine'), true);
  expect(await screen.findByRole('heading', { name: 'Something went wrong on our side' })).toBeVisible();
  expect(screen.queryByText('The page itself')).toBeNull();
});
