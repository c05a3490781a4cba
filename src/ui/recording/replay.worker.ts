/** Reads a pair of captures and replays them, away from the page's own thread. @module */
import { describe } from '../../capture/error.ts';
import { openCapture } from '../../capture/open.ts';
import type { CaptureReader } from '../../capture/packet.ts';
import { HOME_FIREWALL, linuxConfig } from '../../router/profiles/linux.ts';
import { type Recording, recordingOf } from '../../world/recording.ts';
import { replay } from '../../world/replay.ts';
import type { ReplayAnswer, ReplayRequest } from './messages.ts';

self.addEventListener('message', ({ data }: MessageEvent<ReplayRequest>) => {
  self.postMessage(answer(data));
});

function answer(request: ReplayRequest): ReplayAnswer {
  const { id } = request;
  const lan = read('LAN', request.lan);
  if (typeof lan === 'string') return { id, ok: false, what: lan };
  const wan = read('WAN', request.wan);
  if (typeof wan === 'string') return { id, ok: false, what: wan };
  const recorded = recordingOf(lan, wan);
  if (!recorded.ok) {
    const { path, expected, received } = recorded.error;
    return { id, ok: false, what: `${path}: expected ${expected}, found ${received}.` };
  }
  if (recorded.value.received.length === 0)
    return { id, ok: false, what: 'No IPv4 packet reaches the router in these files.' };
  const { trace, total, agreed } = replay(recorded.value, configOf(recorded.value, request));
  return { id, ok: true, trace, agreed, packets: total };
}

/** The reader, or what is wrong with the file. */
function read(side: string, bytes: ArrayBuffer): CaptureReader | string {
  const opened = openCapture(new Uint8Array(bytes));
  return opened.ok ? opened.value : `The ${side} file is ${describe(opened.error)}.`;
}

function configOf(recording: Recording, { pptpHelper, firewall }: ReplayRequest) {
  const { lan, wan, translates } = recording;
  const config = linuxConfig({ lan, wan, pptp: pptpHelper, ...(firewall ? HOME_FIREWALL : {}) });
  if (translates) return config;
  return { ...config, interfaces: config.interfaces.map((each) => ({ ...each, masquerade: false })) };
}
