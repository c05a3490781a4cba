/** Name of the house, what is open, and the few things that are always at hand. @module */
import type { ReactNode } from 'react';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { ChevronIcon, MoonIcon, SunIcon } from '../design/icons.tsx';
import { REGION } from '../design/regions.ts';
import { chooseTheme, useTheme } from '../design/theme.ts';
import { Toolbar } from '../design/toolbar.tsx';
import { useStage } from '../session/context.ts';
import { present } from '../session/session.ts';
import styles from './header.module.css';
import { ScreenLinks } from './screen-links.tsx';

interface HeaderProps {
  /** Of what is on the stage; another screen has a heading of its own. */
  readonly title: string | undefined;
  readonly onStage: boolean;
  /** What can be done with what is open. */
  readonly children?: ReactNode;
  readonly onChoose: () => void;
  readonly onOpen: () => void;
  readonly onKeys: () => void;
}

export function Header({ title, onStage, children, onChoose, onOpen, onKeys }: HeaderProps) {
  const { store } = useStage();
  const theme = useTheme();
  const Title = onStage ? 'h1' : 'p';
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <header className={styles.header} {...REGION}>
      <p className={styles.mark}>
        passthrough<span>·</span>lab
      </p>
      <ScreenLinks />
      <Title className={styles.title}>
        <button
          type="button"
          className={names(controls.button, controls.quiet, styles.what)}
          aria-haspopup="dialog"
          onClick={onChoose}
        >
          <span>{(onStage && title) || 'Choose a scenario'}</span>
          <ChevronIcon />
        </button>
      </Title>
      <span className={styles.space} />
      <Toolbar name="What can be done" className={styles.tools}>
        <span className={styles.actions}>{onStage && children}</span>
        <button type="button" className={names(controls.button, styles.roomy)} aria-haspopup="dialog" onClick={onOpen}>
          Your capture…
        </button>
        <button type="button" className={names(controls.button, styles.roomy)} aria-haspopup="dialog" onClick={onKeys}>
          Keys
        </button>
        {onStage && (
          <button
            type="button"
            className={names(controls.button, controls.strong, styles.roomy)}
            onClick={() => present(store, true)}
          >
            Present
          </button>
        )}
        <button
          type="button"
          className={names(controls.button, controls.icon)}
          aria-label={`Switch to ${other} colours`}
          onClick={() => chooseTheme(other)}
        >
          {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
        </button>
      </Toolbar>
    </header>
  );
}
