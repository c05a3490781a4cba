/** A sign for each thing that can come of a VPN, drawn so that they differ in shape. @module */
import type { ReactNode } from 'react';
import type { Code } from '../../scenarios/matrix-verdict.ts';

/** In a square of 14; the upright line is the router. */
const SIGNS: Readonly<Record<Code, ReactNode>> = {
  OK: <path d="M2 7.5l3.2 3.2L12 3.6" />,
  'OK≠': (
    <>
      <path d="M2 5.4h10M2 9h10" />
      <path d="M9.2 2L4.8 12.4" />
    </>
  ),
  '1st': (
    <>
      <circle cx="7" cy="7" r="5" />
      <path d="M7 2a5 5 0 0 0 0 10z" fill="currentColor" />
    </>
  ),
  NEW: (
    <>
      <circle cx="7" cy="7" r="5" />
      <path d="M7 2a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  BLK: (
    <>
      <circle cx="7" cy="7" r="5" />
      <path d="M3.5 10.5l7-7" />
    </>
  ),
  'X-out': <path d="M11.6 2v10M2 7h6.4M6 4.4L8.6 7 6 9.6" />,
  'X-in': <path d="M2.4 2v10M12 7H5.6M8 4.4L5.4 7 8 9.6" />,
  ICV: <path d="M7 1.8l4.6 1.7v3.2c0 2.8-1.9 4.7-4.6 5.7-2.7-1-4.6-2.9-4.6-5.7V3.5zM5.3 5.4l3.4 3.4M8.7 5.4L5.3 8.8" />,
  SRV: <path d="M2.4 2.4h9.2v3.8H2.4zM2.4 7.8h5M9 8l3.4 3.8M12.4 8L9 11.8M2.4 7.8v3.8h4.4" />,
  mixed: <path d="M2 4h6M2 7h10M2 10h4" />,
  X: <path d="M7 2v10M2 7h2.6M9.4 7H12" />,
  HOST: (
    <>
      <path d="M2 12V6.4L7 2l5 4.4V12z" />
      <path d="M7 12V8.4" />
    </>
  ),
  IN: <path d="M2 2v10M12 7H4M7.4 3.6L4 7l3.4 3.4" />,
};

export function Sign({ code }: { readonly code: Code }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="0 0 14 14"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {SIGNS[code]}
    </svg>
  );
}
