/** Light or dark: the system's choice until the reader makes one, which this browser remembers. @module */
import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'theme';
const listeners = new Set<() => void>();

function system(): MediaQueryList {
  return matchMedia('(prefers-color-scheme: dark)');
}

/** A browser may forbid storage; then the choice lasts as long as the page. */
function remembered(): Theme | undefined {
  try {
    const found = localStorage.getItem(KEY);
    return found === 'light' || found === 'dark' ? found : undefined;
  } catch {
    return undefined;
  }
}

export function currentTheme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system().matches ? 'dark' : 'light';
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered: see `remembered`.
  }
  for (const listener of listeners) listener();
}

export function restoreTheme(): void {
  const theme = remembered();
  if (theme) document.documentElement.dataset.theme = theme;
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    system().addEventListener('change', listener);
    return () => {
      listeners.delete(listener);
      system().removeEventListener('change', listener);
    };
  }, currentTheme);
}
