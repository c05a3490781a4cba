/** Has the browser keep the page for times without a network. @module */

/** Does nothing where browsers keep no pages: on insecure addresses, and on the development server. */
export async function keepForOffline(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const known = navigator.serviceWorker.controller !== null;
  try {
    const registration = await navigator.serviceWorker.register('./sw.js', { updateViaCache: 'none' });
    if (known) await registration.update();
  } catch {
    // No network, or a browser that keeps nothing: the page is as good as it was, and there is nothing to tell.
  }
}
