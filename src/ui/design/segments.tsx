/** One of a few, all in sight: radio buttons drawn as one strip. @module */
import { useId } from 'react';
import styles from './segments.module.css';

interface SegmentsProps {
  readonly legend: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

export function Segments({ legend, options, chosen, onChoose }: SegmentsProps) {
  const name = useId();
  return (
    <fieldset className={styles.segments}>
      <legend className={styles.legend}>{legend}</legend>
      <div className={styles.strip}>
        {options.map((option) => (
          <label key={option.id} className={styles.segment}>
            <input
              type="radio"
              name={name}
              checked={option.id === chosen}
              onChange={() => onChoose(option.id)}
              className={styles.radio}
            />
            <span>{option.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
