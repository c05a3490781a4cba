// Runs before all other scripts and shuts what the Content-Security-Policy leaves open.
//
// WebRTC sends UDP to whom it likes: no directive that browsers know forbids it. So its constructors are removed, and
// with them the ways to a fresh window in which they would be back: frames, and windows opened by a script.
// Frames that are written as markup need no mention here: the page's policy refuses markup from strings.
(() => {
  const gone = { value: undefined, writable: false, configurable: false };
  const WAYS_OUT = ['RTCPeerConnection', 'webkitRTCPeerConnection', 'open', 'documentPictureInPicture'];
  for (const name of WAYS_OUT) Object.defineProperty(window, name, gone);

  const FRAMES = /^(.*:)?(iframe|frame|frameset|object|embed|fencedframe|portal)$/i;
  for (const [name, at] of [
    ['createElement', 0],
    ['createElementNS', 1],
  ]) {
    const create = Document.prototype[name];
    const value = function (...given) {
      const element = String(given[at]);
      if (FRAMES.test(element)) throw new Error(`This page makes no <${element}>: a frame could speak to others.`);
      return create.apply(this, given);
    };
    Object.defineProperty(Document.prototype, name, { value, writable: false, configurable: false });
  }

  // The one policy there may be: workers come from our own folder, and no string ever becomes markup or code.
  window.trustedTypes?.createPolicy('default', {
    createScriptURL: (address) => {
      const url = new URL(address, document.baseURI);
      if (!url.href.startsWith(new URL('.', document.baseURI).href)) throw new Error(`${url} is none of our scripts`);
      return url.href;
    },
  });
})();
