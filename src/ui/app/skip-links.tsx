/** Past all that stands before what one came for. Seen only by those who go there with the keyboard. @module */
import { type Skip, skip } from '../design/regions.ts';
import styles from './skip-links.module.css';

/** Buttons: the page's addresses have their own use for what stands behind a "#". */
export function SkipLinks({ skips }: { readonly skips: readonly Skip[] }) {
  return (
    <nav className={styles.links} aria-label="Skip">
      {skips.map((each) => (
        <button key={each.name} type="button" className={styles.link} onClick={() => skip(each)}>
          {each.name}
        </button>
      ))}
    </nav>
  );
}
