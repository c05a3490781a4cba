/** The matrix on a narrow screen: one router at a time, its situations below each other. @module */
import { useContext } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { whyText } from '../../explain/verdicts.ts';
import { PROFILES } from '../../router/profiles/index.ts';
import type { Profile } from '../../router/profiles/profile.ts';
import controls from '../design/controls.module.css';
import { useWayBack } from '../design/way-back.ts';
import { type CellAt, exceptionText, fateText, whereOf } from './cell-words.ts';
import { Face } from './face.tsx';
import type { Group, View } from './layout.ts';
import styles from './list.module.css';
import { changedIn, MatrixContext, routerIn, useMatrix, verdictIn } from './use-matrix.ts';

interface ListProps {
  readonly groups: readonly Group[];
  readonly view: View;
  readonly onOpen: (at: CellAt) => void;
}

export function List({ groups, view, onOpen }: ListProps) {
  const { store } = useContext(MatrixContext);
  const profile = useMatrix(routerIn);
  const exception = exceptionText(profile, view);
  const wayBack = useWayBack('matrix');
  return (
    <div className={styles.one} {...wayBack}>
      <label className={styles.router}>
        <span>Router</span>
        <select
          aria-label="Router"
          value={profile.id}
          onChange={({ target }) => store.setState({ place: { situation: '', profile: target.value } })}
        >
          {PROFILES.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        {exception && <span>{exception}</span>}
      </label>
      {groups.map((group) => (
        <section key={group.id} aria-labelledby={`group-${group.id}`}>
          <h2 className={controls.heading} id={`group-${group.id}`}>
            {group.name}
          </h2>
          <Situations group={group} profile={profile} view={view} onOpen={onOpen} />
        </section>
      ))}
    </div>
  );
}

interface SituationsProps extends Omit<ListProps, 'groups'> {
  readonly group: Group;
  readonly profile: Profile;
}

function Situations({ group, profile, view, onOpen }: SituationsProps) {
  const { store } = useContext(MatrixContext);
  const verdicts = useMatrix(
    useShallow((results) => group.situations.map((each) => verdictIn(results, each, profile, view))),
  );
  const changed = useMatrix(
    useShallow((results) => group.situations.map((each) => changedIn(results, each, profile, view))),
  );
  return (
    <ul className={styles.list}>
      {group.situations.map((situation, index) => {
        const verdict = verdicts[index];
        const at = { situation, profile, view };
        return (
          <li key={situation.id}>
            <button
              type="button"
              className={styles.item}
              data-opens={situation.id}
              aria-label={`${whereOf(at)}: ${fateText(verdict)}`}
              aria-disabled={!verdict}
              onClick={() => {
                if (!verdict) return;
                store.setState({ place: { situation: situation.id, profile: profile.id } });
                onOpen(at);
              }}
            >
              <span className={styles.title}>{situation.title}</span>
              {verdict ? <Face code={verdict.code} changed={changed[index] === true} wide /> : <span>·</span>}
              {verdict && <span className={styles.why}>{whyText(verdict)}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
