/** Text in which names such as "NAT-T" stay whole at the end of a line; what is copied or looked for is as written. @module */
import { createElement, Fragment, type ReactElement } from 'react';
import styles from './unbroken.module.css';

/** Short parts that begin in capitals or numbers: "NAT-T", "MS-CHAPv2", "DD-WRT", and no "Config-Requests". */
const NAMES = /\b([A-Z][A-Za-z0-9]{0,3}(?:-[A-Z0-9][A-Za-z0-9]{0,5})+)\b/;

export function Unbroken({ text }: { readonly text: string }) {
  const parts = text.split(NAMES);
  return createElement(Fragment, null, ...parts.map((part, i) => (i % 2 === 0 ? part : whole(part))));
}

function whole(name: string): ReactElement {
  return <span className={styles.name}>{name}</span>;
}
