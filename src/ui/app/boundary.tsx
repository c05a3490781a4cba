/** Catches a mistake of ours, says so, and offers the way back. @module */
import { Component, type ReactNode } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import styles from './app.module.css';

interface BoundaryState {
  readonly message: string | undefined;
}

export class Boundary extends Component<{ readonly children: ReactNode }, BoundaryState> {
  override state: BoundaryState = { message: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    const { message } = this.state;
    if (message === undefined) return this.props.children;
    return (
      <main className={styles.broken}>
        <h1>This is a mistake of ours</h1>
        <p>The page cannot go on. What it says of itself: {message}</p>
        <button type="button" className={names(controls.button, controls.strong)} onClick={() => location.reload()}>
          Start again
        </button>
      </main>
    );
  }
}
