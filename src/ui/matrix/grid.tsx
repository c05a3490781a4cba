/**
 * The matrix on a wide screen: situations down, routers across, their names always in sight. One cell is in the tab
 * order; arrow keys lead to the others, Enter opens a cell's run.
 * @module
 */
import {
  Fragment,
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useContext,
  useEffect,
  useRef,
} from 'react';
import { useShallow } from 'zustand/react/shallow';
import { whyText } from '../../explain/verdicts.ts';
import { PROFILES } from '../../router/profiles/index.ts';
import { type Situation, situationOf } from '../../scenarios/matrix-situations.ts';
import { names } from '../design/class-names.ts';
import { comeBackTo } from '../design/way-back.ts';
import { type CellAt, exceptionText, fateText, whereOf } from './cell-words.ts';
import { Face } from './face.tsx';
import styles from './grid.module.css';
import type { Group, View } from './layout.ts';
import type { CellPlace } from './results.ts';
import { changedIn, MatrixContext, useMatrix, verdictIn } from './use-matrix.ts';

interface GridProps {
  readonly groups: readonly Group[];
  readonly view: View;
  /** What stands in the corner between both heads. */
  readonly corner: ReactNode;
  readonly onOpen: (at: CellAt) => void;
}

/** Row and column of a cell. */
type Spot = readonly [row: number, column: number];

export function Grid({ groups, view, corner, onOpen }: GridProps) {
  const { store } = useContext(MatrixContext);
  const table = useRef<HTMLTableElement>(null);
  const situations = groups.flatMap((group) => group.situations);
  const [row, column] = useSpot(situations);
  const pointed = useMatrix((results) => results.pointed);
  const focus = useCallback((at: CellPlace) => store.setState({ place: at, pointed: at }), [store]);
  const point = useCallback((at: CellPlace) => store.setState({ pointed: at }), [store]);
  useReturn(table, row, column);

  function move(event: KeyboardEvent): void {
    const next = spotAfter(event, [row, column], [situations.length - 1, PROFILES.length - 1]);
    if (!next) return;
    event.preventDefault();
    buttonAt(table.current, next)?.focus();
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked is ARIA's grid
    <table ref={table} role="grid" className={styles.grid} aria-label="Situations by router" onKeyDown={move}>
      <Head view={view} corner={corner} pointed={pointed?.profile} />
      {groups.map((group) => (
        <tbody key={group.id}>
          <tr>
            <th scope="rowgroup" colSpan={PROFILES.length + 1} className={styles.group}>
              <span>{group.name}</span>
            </th>
          </tr>
          {group.situations.map((situation) => (
            <Row
              key={situation.id}
              situation={situation}
              view={view}
              column={situations[row] === situation ? column : undefined}
              pointed={situation.id === pointed?.situation ? pointed.profile : undefined}
              onFocus={focus}
              onPoint={point}
              onOpen={onOpen}
            />
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** The cell in the tab order: the one that was last gone to, or else the first. */
function useSpot(situations: readonly Situation[]): Spot {
  const place = useMatrix((results) => results.place);
  const row = situations.findIndex(({ id }) => id === place?.situation);
  const column = PROFILES.findIndex(({ id }) => id === place?.profile);
  return [Math.max(0, row), Math.max(0, column)];
}

/** Whoever comes back finds the cell from which the run was opened. */
function useReturn(table: RefObject<HTMLTableElement | null>, row: number, column: number): void {
  const began = useRef(useMatrix((results) => results.place));
  useEffect(() => {
    const button = buttonAt(table.current, [row, column]);
    if (began.current && button) comeBackTo(button);
    began.current = undefined;
  }, [table, row, column]);
}

interface HeadProps extends Pick<GridProps, 'view' | 'corner'> {
  /** The router whose column is pointed at. */
  readonly pointed: string | undefined;
}

function Head({ view, corner, pointed }: HeadProps) {
  return (
    <thead>
      <tr>
        <td className={styles.corner}>{corner}</td>
        {PROFILES.map((profile) => (
          <th key={profile.id} scope="col" className={styles.router} data-pointed={profile.id === pointed}>
            <RouterName name={profile.name} />
            <span className={styles.position}>{exceptionText(profile, view)}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** "DIR-300" stays in one piece. */
function RouterName({ name }: { readonly name: string }) {
  return name.split(' ').map((word, place) => (
    <Fragment key={word}>
      {place > 0 && ' '}
      <span className={styles.word}>{word}</span>
    </Fragment>
  ));
}

interface RowProps {
  readonly situation: Situation;
  readonly view: View;
  /** Of the cell in the tab order, if it is in this row. */
  readonly column: number | undefined;
  /** The router at which the cell is that is written about, if it is in this row. */
  readonly pointed: string | undefined;
  readonly onFocus: (at: CellPlace) => void;
  readonly onPoint: (at: CellPlace) => void;
  readonly onOpen: (at: CellAt) => void;
}

const Row = memo(function Row({ situation, view, column, pointed, onFocus, onPoint, onOpen }: RowProps) {
  const verdicts = useMatrix(
    useShallow((results) => PROFILES.map((profile) => verdictIn(results, situation, profile, view))),
  );
  const changed = useMatrix(
    useShallow((results) => PROFILES.map((profile) => changedIn(results, situation, profile, view))),
  );
  return (
    <tr data-pointed={pointed !== undefined}>
      <th scope="row" className={styles.situation}>
        {situation.title}
      </th>
      {PROFILES.map((profile, index) => {
        const verdict = verdicts[index];
        const at = { situation, profile, view };
        const place = { situation: situation.id, profile: profile.id };
        return (
          <td key={profile.id} className={styles.cell}>
            <button
              type="button"
              className={names(styles.open, !verdict && styles.unknown)}
              tabIndex={index === (column ?? -1) ? 0 : -1}
              aria-label={`${whereOf(at)}: ${fateText(verdict)}`}
              aria-disabled={!verdict}
              data-described={profile.id === pointed}
              onFocus={() => onFocus(place)}
              onMouseEnter={() => onPoint(place)}
              onClick={() => verdict && onOpen(at)}
            >
              {verdict ? <Face code={verdict.code} changed={changed[index] === true} /> : '·'}
            </button>
          </td>
        );
      })}
    </tr>
  );
});

/** The cell that is looked at, in full: what came of it and why. */
export function Detail({ view }: { readonly view: View }) {
  const place = useMatrix(({ pointed }) => pointed);
  const situation = situationOf(place?.situation ?? '');
  const profile = PROFILES.find(({ id }) => id === place?.profile);
  const verdict = useMatrix((results) => situation && profile && verdictIn(results, situation, profile, view));
  if (!situation || !profile)
    return <p className={styles.detail}>Point at a cell to read what came of it; open it to see it happen.</p>;
  return (
    <p className={styles.detail}>
      <b>{whereOf({ situation, profile, view })}</b>: {fateText(verdict)} {verdict && whyText(verdict)}
    </p>
  );
}

function buttonAt(table: HTMLTableElement | null, [row, column]: Spot): HTMLButtonElement | undefined {
  const rows = [...(table?.tBodies ?? [])].flatMap((body) => [...body.rows].slice(1));
  return rows[row]?.cells[column + 1]?.querySelector('button') ?? undefined;
}

/** Where a key leads to from a cell; undefined for keys that lead nowhere. */
function spotAfter({ key, ctrlKey }: KeyboardEvent, [row, column]: Spot, [bottom, right]: Spot): Spot | undefined {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, value));
  switch (key) {
    case 'ArrowUp':
      return [within(row - 1, bottom), column];
    case 'ArrowDown':
      return [within(row + 1, bottom), column];
    case 'ArrowLeft':
      return [row, within(column - 1, right)];
    case 'ArrowRight':
      return [row, within(column + 1, right)];
    case 'PageUp':
      return [within(row - PAGE, bottom), column];
    case 'PageDown':
      return [within(row + PAGE, bottom), column];
    case 'Home':
      return [ctrlKey ? 0 : row, 0];
    case 'End':
      return [ctrlKey ? bottom : row, right];
    default:
      return undefined;
  }
}

const PAGE = 8;
