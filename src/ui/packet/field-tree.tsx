/** Both sides of a packet as a tree of fields: one row a field, the changed ones marked. @module */
import { type CSSProperties, useId, useRef } from 'react';
import type { Field } from '../../wire/layer.ts';
import controls from '../design/controls.module.css';
import { useOneStop } from '../design/one-stop.ts';
import type { FieldRow, LayerRows } from '../model/compare.ts';
import styles from './field-tree.module.css';
import { type Pointing, useHover } from './pointing.ts';

export interface FieldTreeProps {
  readonly pointing: Pointing;
  readonly layers: readonly LayerRows[];
  /** Headings of the two sides; one alone where the packet has but one. */
  readonly sides: readonly [string, string?];
  /** Only the fields that changed, and the innermost layer. */
  readonly brief: boolean;
}

export function FieldTree({ layers, sides, brief, pointing }: FieldTreeProps) {
  const box = useRef<HTMLDivElement>(null);
  useHover(box, pointing, rowUnder);
  useOneStop(box, 'tr button', 'down');
  return (
    <div ref={box} className={styles.layers}>
      <div className={styles.sides} aria-hidden="true">
        <span />
        <span>{sides[0]}</span>
        <span>{sides[1]}</span>
      </div>
      {layers.map((layer, i) => (
        <LayerRowsView
          key={layer.id}
          layer={layer}
          sides={sides}
          brief={brief && (i < layers.length - 1 || layer.rows.length > 12)}
          open={layer.changed > 0 || i === layers.length - 1}
          pointing={pointing}
        />
      ))}
    </div>
  );
}

function rowUnder(target: HTMLElement): string | undefined {
  return target.closest<HTMLElement>('[data-field]')?.dataset.field;
}

interface LayerProps {
  readonly layer: LayerRows;
  readonly sides: readonly [string, string?];
  readonly brief: boolean;
  readonly open: boolean;
  readonly pointing: Pointing;
}

function LayerRowsView({ layer, sides, brief, open, pointing }: LayerProps) {
  const caption = useId();
  const both = sides[1] !== undefined;
  const rows = brief ? layer.rows.filter((row) => (both ? row.changed : row.depth === 0)) : layer.rows;
  return (
    <details open={open} style={{ '--hue': `var(--${layer.family})` } as CSSProperties}>
      <summary className={styles.head}>
        <span className={styles.badge}>{layer.label}</span>
        <span className={styles.layerName} id={caption}>
          {layer.name}
        </span>
        {layer.changed > 0 && <span className={styles.changes}>{layer.changed} changed</span>}
      </summary>
      <p className={styles.summary}>{(layer.before ?? layer.after)?.summary}</p>
      {rows.length > 0 && (
        <table className={styles.table} aria-labelledby={caption}>
          <thead className={controls.hidden}>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">{sides[0]}</th>
              {both && <th scope="col">{sides[1]}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.id} row={row} both={both} pointing={pointing} />
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function Row({ row, both, pointing }: { readonly row: FieldRow; readonly both: boolean; readonly pointing: Pointing }) {
  const { lit, selected, light, choose } = pointing;
  const chosen = selected === row.id;
  return (
    <tr
      className={styles.row}
      data-field={row.id}
      data-changed={row.changed}
      data-lit={lit === row.id}
      data-selected={chosen}
    >
      <th scope="row" style={{ paddingLeft: 2 + row.depth * 12 }}>
        <button
          type="button"
          className={styles.pick}
          aria-pressed={chosen}
          onClick={() => choose(chosen ? undefined : row.id)}
          onFocus={() => light(row.id)}
          onBlur={() => light(undefined)}
        >
          {row.name}
        </button>
      </th>
      <td>{row.before && <Value field={row.before} />}</td>
      {both && <td className={row.changed ? undefined : styles.same}>{row.after && <Value field={row.after} />}</td>}
    </tr>
  );
}

function Value({ field }: { readonly field: Field }) {
  return (
    <>
      {field.display}
      {field.check === 'wrong' && <strong className={styles.wrong}>wrong</strong>}
      {field.check === 'absent' && <span className={styles.wrong}>none sent</span>}
    </>
  );
}
