import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseTheme, restoreTheme, useTheme } from '../../src/ui/design/theme.ts';

const root = document.documentElement;

function forget() {
  cleanup();
  localStorage.clear();
  delete root.dataset.theme;
}

beforeEach(forget);
afterEach(forget);

test('until somebody chooses, the system decides', () => {
  const { result } = renderHook(useTheme);
  expect(result.current).toBe(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  expect(root.dataset.theme).toBeUndefined();
});

test('a choice is seen at once and remembered', () => {
  const { result } = renderHook(useTheme);
  act(() => chooseTheme('dark'));
  expect(result.current).toBe('dark');
  delete root.dataset.theme;
  restoreTheme();
  expect(root.dataset.theme).toBe('dark');
});

test('what is remembered wrongly is ignored', () => {
  localStorage.setItem('theme', 'plaid');
  restoreTheme();
  expect(root.dataset.theme).toBeUndefined();
});
