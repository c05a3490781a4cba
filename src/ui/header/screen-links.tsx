/** The ways to the page's screens: plain links, so that Back, a new tab and a bookmark work as everywhere. @module */
import { SCREENS } from '../app/screens.ts';
import { useLab } from '../lab/context.ts';
import { screenLink } from '../lab/lab.ts';
import styles from './screen-links.module.css';

export function ScreenLinks() {
  const screen = useLab((lab) => lab.screen);
  return (
    <nav className={styles.links} aria-label="Screens">
      {SCREENS.map(({ id, name }) => (
        <a key={id} className={styles.link} href={screenLink(id)} aria-current={id === screen ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
