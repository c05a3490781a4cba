/** What can be taken away from an experiment: a link to it, and its packets as a file for Wireshark. @module */
import { useState } from 'react';
import controls from '../design/controls.module.css';
import { useLab, useLabHandle } from './context.ts';
import type { Played } from './engine.ts';
import styles from './lab.module.css';

export function LabActions({ played }: { readonly played: Played }) {
  const engine = useLab((lab) => lab.engine);
  return (
    <>
      <ShareButton />
      <button
        type="button"
        className={controls.button}
        onClick={() => engine && download(fileName(played), engine.pcapng(played))}
      >
        Export .pcapng
      </button>
    </>
  );
}

type Shared = 'no' | 'copied' | { readonly link: string };

/** The address itself takes the link on, so that it can be copied by hand where a browser keeps its clipboard shut. */
function ShareButton() {
  const lab = useLabHandle();
  const [shared, setShared] = useState<Shared>('no');
  const share = async () => {
    const link = await lab.link();
    if (link === undefined) return;
    history.replaceState(null, '', link);
    try {
      await navigator.clipboard.writeText(location.href);
      setShared('copied');
      setTimeout(() => setShared('no'), 4000);
    } catch {
      setShared({ link: location.href });
    }
  };
  return (
    <>
      <button type="button" className={controls.button} onClick={() => void share()}>
        {shared === 'copied' ? 'Link copied' : 'Share link'}
      </button>
      <span className={controls.hidden} aria-live="polite">
        {shared === 'copied' ? 'The link is on the clipboard.' : ''}
      </span>
      {typeof shared === 'object' && (
        <div className={styles.byHand}>
          <label>
            The browser did not allow copying. Copy the link yourself:
            <input
              readOnly
              value={shared.link}
              ref={(input) => input?.select()}
              onKeyDown={({ key }) => key === 'Escape' && setShared('no')}
            />
          </label>
          <button type="button" className={controls.button} onClick={() => setShared('no')}>
            Close
          </button>
        </div>
      )}
    </>
  );
}

function fileName({ chosen: { origin } }: Played): string {
  return `${origin.kind === 'own' ? 'experiment' : origin.id}.pcapng`;
}

function download(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  // The browser reads it after this click is over.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
