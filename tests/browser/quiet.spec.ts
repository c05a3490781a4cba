import { createSocket, type Socket } from 'node:dgram';
import { expect, type Page, test } from '@playwright/test';
import { situations } from '../../src/ui/recording/catalogue.ts';
import { PassthroughLab } from './driver.ts';
import { serve } from './folder-server.ts';

test('once loaded, the page asks nobody for anything, whatever is opened', async ({ page, context }) => {
  const server = await serve('dist');
  const lab = new PassthroughLab(page);
  const asked: string[] = [];
  context.on('request', (request) => asked.push(request.url()));
  await lab.openAtFirstDrop(server.url);
  await lab.untilKept();
  const before = server.asked.length;
  for (const situation of situations.slice(0, 4)) {
    await lab.openRecording(situation.title, situation.on ? 'on' : undefined);
    await lab.pause();
  }
  await lab.openOwn('tests/recordings/openvpn-udp/lan.pcap', 'tests/recordings/openvpn-udp/wan.pcap');
  await expect(page.getByText(/byte for byte, with all 29 packets/)).toBeVisible();
  await lab.openScenario('OpenVPN over UDP: two laptops');
  await lab.replaceRouter('OpenWrt');
  await lab.flip('IPsec passthrough');
  for (const tab of ['Packets', 'Table', 'Ladder'] as const) await lab.show(tab);
  await page.keyboard.press('?');
  // A font may be asked for late: the browser has it, and its server hears nothing.
  expect(server.asked.slice(before)).toEqual([]);
  expect(asked.filter((url) => new URL(url).origin !== new URL(server.url).origin)).toEqual([]);
  await server.stop();
});

test('the page could not speak to others if it wanted to', async ({ page }) => {
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  const answers = await page.evaluate(async () => {
    const refused = async (attempt: () => Promise<unknown>) =>
      attempt().then(
        () => 'went out',
        () => 'refused',
      );
    const image = new Promise((resolve, reject) => {
      const picture = new Image();
      picture.onload = resolve;
      picture.onerror = reject;
      picture.src = 'https://example.org/leak.png';
    });
    return Promise.all([refused(() => fetch('https://example.org/leak')), refused(() => image)]);
  });
  expect(answers).toEqual(['refused', 'refused']);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

/** Somebody on this machine who would answer WebRTC's first question, and counts how often it is asked. */
async function stunServer(): Promise<{ readonly port: number; readonly heard: () => number; readonly socket: Socket }> {
  let heard = 0;
  const socket = createSocket('udp4');
  socket.on('message', () => heard++);
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  return { port: socket.address().port, heard: () => heard, socket };
}

/** Tries to send by WebRTC from this window and from every fresh one that a script can come by. */
async function tryWebRtc(page: Page, port: number): Promise<readonly string[]> {
  return page.evaluate(async (stun) => {
    const inserted = (make: () => Element | null) => () => {
      const frame = make() as HTMLIFrameElement;
      document.body.append(frame);
      return frame.contentWindow!;
    };
    const marked = (put: (markup: string) => void) => () => {
      put('<iframe></iframe>');
      return frames[0]!;
    };
    const ways: Record<string, () => Window | null> = {
      'this window': () => window,
      'a frame': inserted(() => document.createElement('iframe')),
      'a frame in capitals': inserted(() => document.createElement('IFRAME')),
      'a frame of a namespace': inserted(() => document.createElementNS('http://www.w3.org/1999/xhtml', 'h:iframe')),
      'a frame of another document': inserted(() =>
        document.implementation.createHTMLDocument().createElement('iframe'),
      ),
      'an object': inserted(() => document.createElement('object')),
      'markup in place': marked((markup) => {
        document.body.insertAdjacentHTML('beforeend', markup);
      }),
      'markup inside': marked((markup) => {
        document.body.appendChild(document.createElement('div')).innerHTML = markup;
      }),
      'markup parsed': inserted(() =>
        new DOMParser().parseFromString('<iframe></iframe>', 'text/html').querySelector('iframe'),
      ),
      'markup of a range': marked((markup) => {
        document.body.append(document.createRange().createContextualFragment(markup));
      }),
      'markup written': marked((markup) => document.write(markup)),
      'another window': () => window.open('about:blank'),
    };
    const came: string[] = [];
    for (const [way, fresh] of Object.entries(ways)) {
      try {
        const { RTCPeerConnection } = fresh() as unknown as typeof globalThis;
        const connection = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${stun}` }] });
        connection.createDataChannel('leak');
        await connection.setLocalDescription(await connection.createOffer());
        came.push(way);
      } catch {
        // Refused, as it should be.
      }
    }
    return came;
  }, port);
}

test('WebRTC, which no policy forbids, sends nothing: neither from the page nor from a fresh frame', async ({
  page,
}) => {
  const [control, judge] = await Promise.all([stunServer(), stunServer()]);
  const lab = new PassthroughLab(page);
  await page.goto('about:blank');
  expect(await tryWebRtc(page, control.port)).toContain('this window');
  await expect.poll(control.heard).toBeGreaterThan(0);
  await lab.openAtFirstDrop();
  expect(await tryWebRtc(page, judge.port)).toEqual([]);
  // As long as it took the empty page to be heard, and longer.
  await page.waitForTimeout(2000);
  expect(judge.heard()).toBe(0);
  control.socket.close();
  judge.socket.close();
});

test('the worker that reads captures has nothing to speak with', async ({ page }) => {
  await new PassthroughLab(page).openAtFirstDrop();
  const worker = page.workers().find((each) => each.url().includes('replay.worker'));
  const ways = await worker!.evaluate(() => {
    const names = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'WebTransport', 'Worker', 'caches'];
    return names.filter((name) => (globalThis as unknown as Record<string, unknown>)[name] !== undefined);
  });
  expect(ways).toEqual([]);
});

test('the page’s service worker lets no request out to others, whoever makes it', async ({ page }) => {
  const server = await serve('dist');
  const other = await serve('dist');
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop(server.url);
  await lab.untilKept();
  // Such a worker is bound by no policy: the page's own stands in the page alone.
  const [worker, handle] = await Promise.all([
    page.waitForEvent('worker'),
    page.evaluateHandle(() => new Worker('./seal.js')),
  ]);
  const answer = await worker.evaluate(
    (url) =>
      fetch(url, { mode: 'no-cors' }).then(
        () => 'went out',
        () => 'refused',
      ),
    other.url,
  );
  expect(answer).toBe('refused');
  expect(other.asked).toEqual([]);
  await handle.dispose();
  await Promise.all([server.stop(), other.stop()]);
});

test('nothing is complained about in the console', async ({ page }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  const lab = new PassthroughLab(page);
  await lab.openAtFirstDrop();
  for (const tab of ['Packets', 'Table', 'Ladder'] as const) await lab.show(tab);
  await lab.flip('PPTP passthrough');
  await lab.pause();
  await page.keyboard.press('End');
  expect(complaints).toEqual([]);
});
