/**
 * Keeps the whole page at hand, so that it opens without a network, and lets nothing out.
 *
 * - One cache a version. It is filled before the version counts for anything, and each file must have the hash that
 *   the build gave it: a page is served from one build or not at all.
 * - A new version waits until no window of the old one is open. The next visit takes it, and the old cache is removed.
 * - What is not the page's own is refused, whoever asks: the page, or one of its workers.
 * @module
 */

/** Written in front of this file when the page is built. */
declare const BUILT: {
  readonly version: string;
  readonly files: readonly { readonly path: string; readonly integrity: string }[];
};

declare const self: ServiceWorkerGlobalScope;

export {};

const { scope } = self.registration;
/** Several pages may share an origin, each in a folder of its own. */
const MINE = `passthrough-lab ${scope} `;
const CACHE = MINE + BUILT.version;
const FILES = new Map(BUILT.files.map(({ path, integrity }) => [new URL(path, scope).href, integrity]));
const PAGE = new URL('index.html', scope).href;

self.addEventListener('install', (event) => event.waitUntil(fill()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('message', (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener('fetch', (event) => {
  const answer = answerTo(event.request);
  if (answer !== undefined) event.respondWith(answer);
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all(
    [...FILES].map(async ([url, integrity]) => {
      // Servers like to send from index.html on to its folder; a page that was sent on may not answer a navigation.
      const asked = url === PAGE ? scope : url;
      const answer = await fetch(asked, { cache: 'no-cache', integrity, credentials: 'same-origin' });
      if (!answer.ok) throw new Error(`${asked}: ${answer.status}`);
      await cache.put(url, answer);
    }),
  );
}

async function takeOver(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith(MINE) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  // On the first visit the window is open already: from now on it needs no network either.
  await self.clients.claim();
}

/** Undefined leaves the request to the browser: files of our own origin that are none of the page's. */
function answerTo(request: Request): Promise<Response> | undefined {
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return Promise.resolve(Response.error());
  const file = url.origin + url.pathname === scope ? PAGE : url.origin + url.pathname;
  if (request.method !== 'GET' || !FILES.has(file)) return undefined;
  return request.mode === 'navigate' ? visit(file, request) : kept(file, request);
}

/** A worker that takes long to go must not keep its visitors waiting. */
const MOST_HANDOVERS = 20;
let handovers = 0;

/** Browsers let an old worker live on for a while after its last window; a visitor of that time is not to miss the new one. */
async function visit(file: string, request: Request): Promise<Response> {
  const { waiting } = self.registration;
  const windows = await self.clients.matchAll({ type: 'window' });
  if (!waiting || windows.length > 0 || handovers >= MOST_HANDOVERS) return kept(file, request);
  handovers++;
  waiting.postMessage('take over');
  return new Response('', { headers: { 'Content-Type': 'text/html', Refresh: '0' } });
}

/** A browser short of room may have thrown the cache away. */
async function kept(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(file, { ignoreVary: true })) ?? fetch(request);
}
