/** The router's own admin page in a little window, as its owner meets it: what is done there is done in the world. @module */
import { type ReactNode, useCallback, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import controls from '../design/controls.module.css';
import { CrossIcon } from '../design/icons.tsx';
import { REGION } from '../design/regions.ts';
import { homeOf } from '../lab/chosen.ts';
import { useLabHandle } from '../lab/context.ts';
import type { Played } from '../lab/engine.ts';
import { isRebooting, rebootsAt, switchesAt } from '../lab/moment.ts';
import { useSession, useStage } from '../session/context.ts';
import styles from './admin-window.module.css';
import { ADMIN } from './catalogue.ts';
import type { Router } from './router.ts';
import { Terminal } from './terminal.tsx';
import { WebSite } from './web-site.tsx';

interface AdminWindowProps {
  readonly played: Played;
  readonly onClose: () => void;
}

export function AdminWindow({ played, onClose }: AdminWindowProps) {
  const router = useRouter(played);
  const admin = ADMIN[played.profile.id];
  const address = homeOf(played.chosen).lan.replace(/\/.*/, '');
  if (!admin) return null;
  if (admin.kind === 'shell')
    return (
      <Window title="Terminal" bar={`ssh root@${address}`} onClose={onClose}>
        <Terminal key={played.profile.id} shell={admin} router={router} onWatch={onClose} />
      </Window>
    );
  return (
    <Window title="Router" bar={`http://${address}/`} onClose={onClose}>
      <WebSite key={played.profile.id} pages={admin} router={router} onWatch={onClose} />
    </Window>
  );
}

/** The router at home as its pages know it at the cursor. */
function useRouter({ run, chosen, profile }: Played): Router {
  const lab = useLabHandle();
  const { store } = useStage();
  const cursor = useSession((session) => session.cursor);
  const { id, switches } = homeOf(chosen);
  return {
    id,
    profile,
    switches: switchesAt(run, id, switches, cursor),
    away: isRebooting(run, id, cursor),
    boots: rebootsAt(run, id, cursor),
    act: lab.act,
    carryOn: () => store.setState({ playing: true }),
  };
}

interface WindowProps {
  readonly title: string;
  /** What its address bar says. */
  readonly bar: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

/** It does not shut off the page behind it: one wants to see there what one does here. */
function Window({ title, bar, children, onClose }: WindowProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.show(), []);
  const close = useCallback(() => {
    dialog.current?.close();
    onClose();
  }, [onClose]);
  useEffect(() => {
    // Wherever the focus is, as with every dialog; one that lies above this one closes first.
    const press = ({ key }: KeyboardEvent) => key === 'Escape' && !document.querySelector(':modal') && close();
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [close]);
  return createPortal(
    <dialog ref={dialog} className={styles.window} aria-labelledby={heading} {...REGION}>
      <div className={styles.frame}>
        <h2 className={controls.hidden} id={heading}>
          {title} at {bar}
        </h2>
        <span className={styles.dots} aria-hidden="true" />
        <p className={styles.bar}>{bar}</p>
        <button type="button" className={styles.close} aria-label="Close the window" onClick={close}>
          <CrossIcon size={14} />
        </button>
      </div>
      {children}
    </dialog>,
    document.body,
  );
}
