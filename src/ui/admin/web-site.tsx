/** An admin page in a browser: log in, find the page, set, save, restart. @module */
import { type CSSProperties, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Switches, SwitchName } from '../../router/profiles/profile.ts';
import { Unbroken } from '../design/unbroken.tsx';
import frame from './admin-window.module.css';
import { closedDesk, type Desk, flipsTo, isEmpty, shown, staged } from './desk.ts';
import { Menu } from './menu.tsx';
import { firstOf, isAt, type WebPages } from './pages.ts';
import type { Router } from './router.ts';
import styles from './web-site.module.css';

interface WebSiteProps {
  readonly pages: WebPages;
  readonly router: Router;
  readonly onWatch: () => void;
}

export function WebSite({ pages, router, onWatch }: WebSiteProps) {
  const [desk, setDesk] = useState<Desk>(() => closedDesk(firstOf(pages.menu[0]!)));
  if (router.away)
    return (
      <Site pages={pages} shows="away">
        <Away onWatch={onWatch} />
      </Site>
    );
  if (desk.since !== router.boots)
    return (
      <Site pages={pages} shows="login">
        <Login
          name={router.profile.name}
          again={desk.since !== undefined}
          enter={() => setDesk({ ...desk, since: router.boots, staged: {}, saved: {}, notice: undefined })}
        />
      </Site>
    );
  return (
    <Site pages={pages} shows="pages">
      <div className={styles.banner}>
        <b>{router.profile.name}</b>
        <button type="button" className={styles.plain} onClick={() => setDesk({ ...desk, since: undefined })}>
          Log out
        </button>
      </div>
      <Menu
        pages={pages}
        place={desk.place}
        go={(place) => setDesk({ ...desk, place, staged: {}, notice: undefined })}
      />
      <Page pages={pages} router={router} desk={desk} setDesk={setDesk} />
    </Site>
  );
}

interface SiteProps {
  readonly pages: WebPages;
  readonly shows: 'away' | 'login' | 'pages';
  readonly children: ReactNode;
}

function Site({ pages: { layout, night, accent }, shows, children }: SiteProps) {
  const site = useRef<HTMLDivElement>(null);
  // What had the focus is gone with what was shown before: it must not fall out of the window.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown is what it depends on
  useEffect(() => {
    if (document.activeElement === document.body) site.current?.focus();
  }, [shows]);
  return (
    <div
      ref={site}
      tabIndex={-1}
      className={styles.site}
      style={{ '--accent': `var(--${accent})` } as CSSProperties}
      data-layout={layout}
      data-night={night === true}
      data-away={shows === 'away'}
    >
      {children}
    </div>
  );
}

function Away({ onWatch }: { readonly onWatch: () => void }) {
  return (
    <section className={styles.away} aria-label="Rebooting">
      <p role="status">
        <b>Rebooting…</b> The router answers nobody for three seconds, and has forgotten every connection.
      </p>
      <button type="button" className={frame.button} onClick={onWatch}>
        Watch the stage
      </button>
    </section>
  );
}

interface LoginProps {
  readonly name: string;
  /** The restart has ended what one was logged in with. */
  readonly again: boolean;
  readonly enter: () => void;
}

/** What is typed here is read by nobody: the fields keep it to themselves. */
function Login({ name, again, enter }: LoginProps) {
  const id = useId();
  return (
    <form
      className={styles.login}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        enter();
      }}
    >
      <h3>{name}</h3>
      {again && <p role="status">You are logged out. Log in again.</p>}
      <label htmlFor={`${id}-name`}>User name</label>
      <input id={`${id}-name`} type="text" autoComplete="off" spellCheck={false} defaultValue="admin" />
      <label htmlFor={`${id}-password`}>Password</label>
      <input id={`${id}-password`} type="password" autoComplete="off" aria-describedby={`${id}-toy`} />
      <button type="submit" className={frame.button}>
        Log in
      </button>
      <p className={styles.toy} id={`${id}-toy`}>
        This is a toy: any name and password will do. Never type a real one.
      </p>
    </form>
  );
}

interface PageProps {
  readonly pages: WebPages;
  readonly router: Router;
  readonly desk: Desk;
  readonly setDesk: (desk: Desk) => void;
}

function Page({ pages, router, desk, setDesk }: PageProps) {
  if (isAt(pages.passthrough.at, desk.place))
    return <Passthrough pages={pages} router={router} desk={desk} setDesk={setDesk} />;
  if (isAt(pages.reboot.at, desk.place)) return <Restart pages={pages} router={router} desk={desk} />;
  return (
    <section className={styles.content} aria-label={desk.place.at(-1) ?? ''}>
      <h3>{desk.place.at(-1)}</h3>
      <p>Nothing on this page concerns VPNs. A real one would have much more on it.</p>
    </section>
  );
}

function Passthrough(props: PageProps) {
  const { passthrough } = props.pages;
  return (
    <section className={styles.content} aria-label={passthrough.title}>
      <h3>{passthrough.title}</h3>
      {passthrough.rows.length > 0 ? (
        <PassthroughForm {...props} />
      ) : (
        <>
          <p>
            <Unbroken text={props.router.profile.switches.pptp.on.says} />
          </p>
          <p>There is nothing to switch here.</p>
        </>
      )}
    </section>
  );
}

function PassthroughForm({ pages: { passthrough, save, apply }, router, desk, setDesk }: PageProps) {
  const positions = shown(desk, router.switches);
  const toDo = { ...desk.saved, ...desk.staged };
  const notice = desk.notice ?? (isEmpty(desk.staged) ? '' : 'Changed, and not saved.');
  const status = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (notice !== '') status.current?.scrollIntoView({ block: 'nearest' });
  }, [notice]);
  const takeEffect = () => {
    router.act((at) => flipsTo(router.id, toDo, router.switches, at));
    setDesk({ ...desk, staged: {}, saved: {}, notice: 'Saved, and in effect for what begins from now on.' });
  };
  const keep = () => {
    const how = apply ? `press ${apply} or restart` : 'restart';
    setDesk({ ...desk, staged: {}, saved: toDo, notice: `Saved, but not in effect until you ${how}.` });
  };
  return (
    <>
      <Rows
        passthrough={passthrough}
        positions={positions}
        set={(name, on) => setDesk(staged(desk, router.switches, name, on))}
      />
      <div className={styles.buttons}>
        <button type="button" className={frame.button} onClick={save.takes === 'at-once' ? takeEffect : keep}>
          {save.label}
        </button>
        {apply && (
          <button type="button" className={frame.button} onClick={takeEffect}>
            {apply}
          </button>
        )}
        <p ref={status} className={styles.notice} role="status">
          {notice}
        </p>
      </div>
    </>
  );
}

interface RowsProps {
  readonly passthrough: WebPages['passthrough'];
  readonly positions: Switches;
  readonly set: (name: SwitchName, on: boolean) => void;
}

function Rows({ passthrough: { rows, control, words }, positions, set }: RowsProps) {
  return (
    <div className={styles.rows}>
      {rows.map(({ name, label }) =>
        control === 'check' ? (
          <label key={name} className={styles.check}>
            <input type="checkbox" checked={positions[name]} onChange={({ target }) => set(name, target.checked)} />
            {label}
          </label>
        ) : (
          <Choice key={name} label={label} words={words} on={positions[name]} set={(on) => set(name, on)} />
        ),
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly words: readonly [on: string, off: string];
  readonly on: boolean;
  readonly set: (on: boolean) => void;
}

function Choice({ label, words, on, set }: ChoiceProps) {
  const id = useId();
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      {words.map((word, index) => (
        <label key={word}>
          <input type="radio" name={id} checked={on === (index === 0)} onChange={() => set(index === 0)} />
          {word}
        </label>
      ))}
    </fieldset>
  );
}

function Restart({ pages, router, desk }: Omit<PageProps, 'setDesk'>) {
  const title = desk.place.at(-1) ?? '';
  const reboot = () => {
    router.act((at) => [
      ...flipsTo(router.id, desk.saved, router.switches, at),
      { at, do: 'reboot', router: router.id },
    ]);
    router.carryOn();
  };
  return (
    <section className={styles.content} aria-label={title}>
      <h3>{title}</h3>
      <p>The router is away for some seconds and forgets every connection. What was saved is in effect afterwards.</p>
      <div className={styles.buttons}>
        <button type="button" className={frame.button} onClick={reboot}>
          {pages.reboot.label}
        </button>
      </div>
    </section>
  );
}
