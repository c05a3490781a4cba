/** What went wrong where nobody waited for it: kept, so that the page can say it. @module */
import { createStore } from 'zustand/vanilla';

export interface Problem {
  readonly error: unknown;
  /** The page cannot begin without what failed. */
  readonly fatal: boolean;
}

export const problems = createStore<{ readonly problem: Problem | undefined }>(() => ({ problem: undefined }));

export function report(error: unknown, fatal = false): void {
  console.error(error);
  problems.setState({ problem: { error, fatal } });
}

export function dismiss(): void {
  problems.setState({ problem: undefined });
}

/** Errors that reached nobody. Without an error object they are a browser's own remarks, or of somebody else's script. */
export function watchForProblems(): void {
  addEventListener('error', ({ error }) => {
    if (error) report(error);
  });
  addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    report(event.reason);
  });
}

/** What each browser says when a part of the page does not come. */
const NOT_FETCHED = /dynamically imported module|module script failed|unable to preload|failed to fetch/i;

export interface ProblemWords {
  readonly title: string;
  readonly says: string;
  /** Drawing the page anew would ask for the same and fail: it has to be loaded anew. */
  readonly needsLoading: boolean;
}

export function wordsFor(error: unknown): ProblemWords {
  const message = error instanceof Error ? error.message : String(error);
  if (NOT_FETCHED.test(message))
    return {
      title: 'Part of the page could not be loaded',
      says: 'Check your connection and try again. Once loaded as a whole, the page works offline.',
      needsLoading: true,
    };
  return {
    title: 'Something went wrong on our side',
    says: `Details: ${message || 'none'}`,
    needsLoading: false,
  };
}
