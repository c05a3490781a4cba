/** How every test starts Chromium: without a sandbox (CI runs as root) and with no network of its own. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** scripts/setup.mjs finds or installs a browser and hands its path on as CHROME_PATH. */
export const executable = process.env.CHROME_PATH ? { executablePath: process.env.CHROME_PATH } : {};
