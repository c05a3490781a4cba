/** How far the opening of captures has got, and the way out of it. @module */
import controls from '../design/controls.module.css';
import { useLibrary, useLibraryHandle } from './context.ts';
import type { Progress } from './messages.ts';
import styles from './replay-progress.module.css';

const DOING: Readonly<Record<Progress['doing'], string>> = {
  reading: 'Reading',
  sorting: 'Sorting packets',
  replaying: 'Replaying',
};

export function ReplayProgress() {
  const library = useLibraryHandle();
  const loading = useLibrary((state) => state.loading);
  if (!loading) return null;
  const { title, progress } = loading;
  return (
    <section className={styles.bar} aria-label="Opening captures">
      <b className={styles.title}>{title}</b>
      <progress
        aria-label={progress ? DOING[progress.doing] : 'Opening'}
        max={1}
        {...(progress ? { value: progress.of > 0 ? progress.done / progress.of : 0 } : {})}
      />
      <span className={styles.count}>{progress ? countText(progress) : 'Opening …'}</span>
      <button type="button" className={controls.button} onClick={library.cancel}>
        Cancel
      </button>
    </section>
  );
}

/** "Replaying: 12,000 of 90,000 packets" */
function countText({ doing, done, of, unit }: Progress): string {
  const many = (count: number) => (unit === 'bytes' ? (count / 1e6).toFixed(1) : count.toLocaleString('en'));
  return `${DOING[doing]}: ${many(done)} of ${many(of)} ${unit === 'bytes' ? 'MB' : 'packets'}`;
}
