/** What stands where a part of the page is still on its way. What comes at once passes unannounced to the eye. @module */
import styles from './app.module.css';

export function Loading() {
  return (
    <p className={styles.loading} role="status">
      Loading…
    </p>
  );
}

/** The same where nothing else fills the page. */
export function LoadingScreen() {
  return (
    <main className={styles.message} tabIndex={-1}>
      <Loading />
    </main>
  );
}

/** The same for a dialog that was asked for: in front of the page. */
export function LoadingWindow() {
  return (
    <div className={styles.comes}>
      <Loading />
    </div>
  );
}
