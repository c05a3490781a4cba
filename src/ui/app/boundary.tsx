/** Catches what broke, says so, and keeps the experiment: its link, another try, a fresh start. @module */
import { Component, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { names } from '../design/class-names.ts';
import controls from '../design/controls.module.css';
import { CrossIcon } from '../design/icons.tsx';
import header from '../header/header.module.css';
import styles from './app.module.css';
import { KeptLink, type LinkOf } from './kept-link.tsx';
import { dismiss, problems, wordsFor } from './problems.ts';

interface BoundaryProps {
  readonly children: ReactNode;
  readonly linkOf: LinkOf;
}

interface BoundaryState {
  /** In a record of its own: anything may be thrown, undefined too. */
  readonly broken: { readonly error: unknown } | undefined;
}

export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { broken: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { broken: { error } };
  }

  /** With what is on the stage. */
  private readonly reload = async (): Promise<void> => {
    const link = await this.props.linkOf().catch(() => undefined);
    if (link !== undefined) history.replaceState(null, '', link);
    location.reload();
  };

  private readonly again = async (): Promise<void> => {
    const fatal = problems.getState().problem?.fatal === true;
    if (fatal || wordsFor(this.state.broken?.error).needsLoading) {
      await this.reload();
      return;
    }
    dismiss();
    this.setState({ broken: undefined });
  };

  override render() {
    const { broken } = this.state;
    if (!broken)
      return (
        <>
          <FatalProblem />
          <ProblemNotice linkOf={this.props.linkOf} reload={this.reload} />
          {this.props.children}
        </>
      );
    const { title, says } = wordsFor(broken.error);
    return (
      <main className={styles.broken}>
        <p className={header.mark}>
          passthrough<span>·</span>lab
        </p>
        <h1>{title}</h1>
        <p>{says}</p>
        <KeptLink linkOf={this.props.linkOf} />
        <p className={styles.choices}>
          <button type="button" className={names(controls.button, controls.strong)} onClick={() => void this.again()}>
            Try again
          </button>
          <a className={controls.button} href="./">
            Start fresh
          </a>
        </p>
        <p>
          Starting fresh opens the first scenario. What you changed is then only in the link, if you have copied it.
        </p>
      </main>
    );
  }
}

/** What the page cannot begin without is as good as a mistake in drawing it. */
function FatalProblem() {
  const problem = useStore(problems, (state) => state.problem);
  if (problem?.fatal) throw problem.error;
  return null;
}

interface ProblemNoticeProps {
  readonly linkOf: LinkOf;
  readonly reload: () => Promise<void>;
}

/** Once, when it comes: the page may have been scrolled far down. */
function intoView(notice: HTMLElement | null): void {
  notice?.scrollIntoView({ block: 'nearest' });
}

/** Something failed beside the page, which goes on. */
function ProblemNotice({ linkOf, reload }: ProblemNoticeProps) {
  const problem = useStore(problems, (state) => state.problem);
  if (!problem || problem.fatal) return null;
  const { title, says } = wordsFor(problem.error);
  return (
    <section className={styles.problem} role="alert" ref={intoView}>
      <h2>
        <CrossIcon />
        {title}
      </h2>
      <p>{says}</p>
      <KeptLink linkOf={linkOf} />
      <p className={styles.choices}>
        <button type="button" className={names(controls.button, controls.strong)} onClick={dismiss}>
          Close
        </button>
        <button type="button" className={controls.button} onClick={() => void reload()}>
          Reload
        </button>
      </p>
    </section>
  );
}
