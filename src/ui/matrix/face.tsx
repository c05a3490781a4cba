/** What a cell shows: a sign and one or two words on the tone of its outcome. @module */
import type { Code } from '../../scenarios/matrix-verdict.ts';
import { names } from '../design/class-names.ts';
import { toneOf, wordsOf } from './cell-words.ts';
import styles from './face.module.css';
import { Sign } from './signs.tsx';

interface FaceProps {
  readonly code: Code;
  /** Another outcome than with all switches on. */
  readonly changed?: boolean;
  readonly wide?: boolean;
}

export function Face({ code, changed = false, wide = false }: FaceProps) {
  return (
    <span
      className={names(styles.face, wide && styles.wide)}
      data-tone={toneOf(code)}
      data-code={code}
      data-changed={changed}
    >
      <Sign code={code} />
      {wordsOf(code).short}
    </span>
  );
}
