/** The experiment's link, to be copied: whatever became of the page, what was made in it is not lost. @module */
import { useEffect, useState } from 'react';
import controls from '../design/controls.module.css';
import styles from './app.module.css';

/** Answers the part of the address behind "#"; undefined where there is no experiment yet. */
export type LinkOf = () => Promise<string | undefined>;

export function KeptLink({ linkOf }: { readonly linkOf: LinkOf }) {
  const link = useLink(linkOf);
  const [copied, setCopied] = useState(false);
  if (link === undefined) return null;
  const copy = () =>
    navigator.clipboard.writeText(link).then(
      () => setCopied(true),
      // The link stands there to be copied by hand.
      () => setCopied(false),
    );
  return (
    <div className={styles.kept}>
      <label>
        This link keeps your experiment:
        <input readOnly value={link} onFocus={(event) => event.target.select()} />
      </label>
      <button type="button" className={controls.button} onClick={() => void copy()}>
        {copied ? 'Link copied' : 'Copy the link'}
      </button>
    </div>
  );
}

function useLink(linkOf: LinkOf): string | undefined {
  const [link, setLink] = useState<string>();
  useEffect(() => {
    let wanted = true;
    const show = (hash: string | undefined) => {
      const found = hash ?? location.hash;
      if (wanted && found !== '') setLink(new URL(found, location.href).href);
    };
    // What broke may be what makes links; the address may still hold one.
    linkOf().then(show, () => show(undefined));
    return () => {
      wanted = false;
    };
  }, [linkOf]);
  return link;
}
