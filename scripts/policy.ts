/**
 * The page's Content-Security-Policy: nothing but its own files, no markup or code from strings, no frames.
 *
 * What it cannot forbid, public/seal.js takes away. The policy is built into the page as a `meta` element, which every
 * server delivers. `npm start` sends it as a header too: only a header can forbid others to frame the page, or bind
 * the page's workers.
 * @module
 */
import type { Plugin } from 'vite';

const DIRECTIVES = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  // The one policy by that name is made in public/seal.js, and lets nothing through but addresses of the page's own.
  "require-trusted-types-for 'script'",
  'trusted-types default',
];

/** For those who serve the page. */
export const HEADERS = {
  'Content-Security-Policy': [...DIRECTIVES, "frame-ancestors 'none'"].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** Both only in what is built: the development server speaks through inline scripts and styles. */
export const policy: Plugin = {
  name: 'policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: DIRECTIVES.join('; ') },
      injectTo: 'head-prepend',
    },
    { tag: 'script', attrs: { src: './seal.js' }, injectTo: 'head-prepend' },
  ],
};
