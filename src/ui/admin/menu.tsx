/** The menu of an admin page: its entries, and the pages of the one that is open. @module */
import { firstOf, type Place, type WebPages } from './pages.ts';
import styles from './web-site.module.css';

interface MenuProps {
  readonly pages: WebPages;
  readonly place: Place;
  readonly go: (place: Place) => void;
}

export function Menu({ pages, place, go }: MenuProps) {
  const present = pages.menu.find(({ name }) => name === place[0]);
  return (
    <nav className={styles.menu} aria-label="Menu of the router">
      <ul className={styles.groups}>
        {pages.menu.map((group) => (
          <li key={group.name}>
            <button
              type="button"
              className={styles.entry}
              aria-current={group === present ? (group.pages ? 'true' : 'page') : undefined}
              onClick={() => go(firstOf(group))}
            >
              {group.name}
            </button>
            {group === present && group.pages && pages.layout !== 'tabs' && (
              <Pages group={group.name} pages={group.pages} place={place} go={go} />
            )}
          </li>
        ))}
      </ul>
      {present?.pages && pages.layout === 'tabs' && (
        <Pages group={present.name} pages={present.pages} place={place} go={go} />
      )}
    </nav>
  );
}

interface PagesProps {
  readonly group: string;
  readonly pages: readonly string[];
  readonly place: Place;
  readonly go: (place: Place) => void;
}

function Pages({ group, pages, place, go }: PagesProps) {
  return (
    <ul className={styles.pages}>
      {pages.map((page) => (
        <li key={page}>
          <button
            type="button"
            className={styles.sub}
            aria-current={page === place[1] ? 'page' : undefined}
            onClick={() => go([group, page])}
          >
            {page}
          </button>
        </li>
      ))}
    </ul>
  );
}
