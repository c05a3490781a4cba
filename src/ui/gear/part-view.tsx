/** The lines of one file, each with what it is for and the switch that makes it, and a button that copies the file. @module */
import { type CSSProperties, Fragment, useId, useState } from 'react';
import type { GearLine, GearPart } from '../../gear/gear.ts';
import { textOf } from '../../gear/text.ts';
import controls from '../design/controls.module.css';
import { Unbroken } from '../design/unbroken.tsx';
import styles from './gear-view.module.css';
import { hueOf, MakerName } from './maker.tsx';

interface PartViewProps {
  readonly part: GearPart;
  /** What begins a comment there. */
  readonly comment: string;
}

export function PartView({ part, comment }: PartViewProps) {
  const id = useId();
  return (
    <section className={styles.part} aria-labelledby={id}>
      <div className={styles.place}>
        <h3 id={id}>{part.place}</h3>
        <CopyButton text={textOf(part.lines, comment)} what={part.place} />
      </div>
      <ol className={styles.lines}>
        {statementsOf(part.lines).map(({ at, code, why, by }) => (
          <li key={at} className={styles.statement} data-by={by === 'router' ? by : by.switch} style={hueOf(by)}>
            <code className={styles.code}>
              {code.map((line, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is known by its place, and may stand twice
                <span key={place} className={styles.line} style={{ '--indent': indentOf(line) } as CSSProperties}>
                  {line.split(' ').map((word, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a word is known by its place, and may stand twice
                    <Fragment key={at}>
                      {at > 0 && ' '}
                      <span className={styles.word}>{word}</span>
                    </Fragment>
                  ))}
                </span>
              ))}
            </code>
            {why && (
              <span className={styles.why}>
                <MakerName by={by} /> <Unbroken text={why} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface Statement {
  readonly at: number;
  readonly code: readonly string[];
  readonly why: string | undefined;
  readonly by: GearLine['by'];
}

/** Lines that only belong to the one before them stand with it, where the same asks for them. */
function statementsOf(lines: readonly GearLine[]): readonly Statement[] {
  const statements: Statement[] = [];
  for (const [at, { text, why, by }] of lines.entries()) {
    const before = statements.at(-1);
    if (before && why === undefined && sameMaker(before.by, by))
      statements[statements.length - 1] = { ...before, code: [...before.code, text] };
    else statements.push({ at, code: [text], why, by });
  }
  return statements;
}

/** In letters; a tab is drawn as wide as two. */
function indentOf(line: string): number {
  const indent = line.slice(0, line.length - line.trimStart().length);
  return indent.length + indent.split('\t').length - 1;
}

function sameMaker(a: GearLine['by'], b: GearLine['by']): boolean {
  return a === 'router' || b === 'router' ? a === b : a.switch === b.switch;
}

function CopyButton({ text, what }: { readonly text: string; readonly what: string }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied('yes');
    } catch {
      setCopied('refused');
    }
    setTimeout(() => setCopied('no'), 4000);
  };
  const says = { no: 'Copy', yes: 'Copied', refused: 'Select the lines to copy them' }[copied];
  return (
    <>
      <button type="button" className={controls.button} aria-label={`${says}: ${what}`} onClick={() => void copy()}>
        {says}
      </button>
      <span className={controls.hidden} aria-live="polite">
        {copied === 'yes' ? `${what} is on the clipboard.` : ''}
      </span>
    </>
  );
}
