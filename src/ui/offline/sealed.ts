/**
 * Imported first by each worker that sees captures, for its effect: takes all that speaks to a network from it.
 * A worker is bound by no policy that stands in the page.
 * @module
 */
const WAYS_OUT = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebTransport',
  'EventSource',
  'RTCPeerConnection',
  'FontFace',
  'caches',
  'importScripts',
  'Worker',
  'SharedWorker',
];

for (let scope: object | null = globalThis; scope; scope = Object.getPrototypeOf(scope))
  for (const name of WAYS_OUT)
    if (Object.hasOwn(scope, name))
      Object.defineProperty(scope, name, { value: undefined, writable: false, configurable: false });
