/** Reads a pair of captures and replays them, away from the page's own thread. @module */
import '../offline/sealed.ts';
import { describe } from '../../capture/error.ts';
import { openCapture } from '../../capture/open.ts';
import type { CaptureReader } from '../../capture/packet.ts';
import { HOME_FIREWALL, linuxConfig } from '../../router/profiles/linux.ts';
import { type Recorded, type Recording, recordingOf } from '../../world/recording.ts';
import { replay } from '../../world/replay.ts';
import type { ReplayAnswer, Replayed, ReplayRequest, RouterSetup } from './messages.ts';

self.addEventListener('message', ({ data }: MessageEvent<ReplayRequest>) => {
  self.postMessage(answer(data));
});

function answer({ id, lan, wan, setup }: ReplayRequest): ReplayAnswer {
  const broken = trouble('LAN', lan) ?? trouble('WAN', wan);
  if (broken) return { id, ok: false, what: broken };
  const recorded = eitherWay(lan, wan);
  if (!recorded.ok) {
    const { path, expected, received } = recorded.error;
    return { id, ok: false, what: `${path}: expected ${expected}, found ${received}.` };
  }
  const recording = recorded.value;
  if (recording.received.length === 0)
    return { id, ok: false, what: 'No IPv4 packet reaches the router in these files.' };
  const replayed = setup ? replayedAs(recording, setup) : best(recording);
  return { id, ok: true, replayed };
}

/** What is wrong with a file, if anything is. */
function trouble(side: string, bytes: ArrayBuffer): string | undefined {
  const opened = openCapture(new Uint8Array(bytes));
  return opened.ok ? undefined : `The ${side} file is ${describe(opened.error)}.`;
}

function reader(bytes: ArrayBuffer): CaptureReader {
  const opened = openCapture(new Uint8Array(bytes));
  if (!opened.ok) throw new Error(describe(opened.error));
  return opened.value;
}

/** Two files handed over the wrong way round are a pair all the same. */
function eitherWay(lan: ArrayBuffer, wan: ArrayBuffer): Recorded {
  const straight = recordingOf(reader(lan), reader(wan));
  if (straight.ok) return straight;
  const swapped = recordingOf(reader(wan), reader(lan));
  return swapped.ok ? swapped : straight;
}

const SETUPS: readonly RouterSetup[] = [
  { pptpHelper: false, firewall: true },
  { pptpHelper: true, firewall: true },
  { pptpHelper: false, firewall: false },
  { pptpHelper: true, firewall: false },
];

/** Captures do not say how their router was set up: the set-up under which ours agrees most is taken for it. */
function best(recording: Recording): Replayed {
  let found = replayedAs(recording, SETUPS[0]!);
  for (const setup of SETUPS.slice(1)) {
    if (found.agreed === found.packets) break;
    const next = replayedAs(recording, setup);
    if (next.agreed > found.agreed) found = next;
  }
  return found;
}

function replayedAs(recording: Recording, setup: RouterSetup): Replayed {
  const { trace, total, agreed } = replay(recording, configOf(recording, setup));
  return { trace, setup, agreed, packets: total };
}

function configOf({ lan, wan, translates }: Recording, { pptpHelper, firewall }: RouterSetup) {
  const config = linuxConfig({ lan, wan, pptp: pptpHelper, ...(firewall ? HOME_FIREWALL : {}) });
  if (translates) return config;
  return { ...config, interfaces: config.interfaces.map((each) => ({ ...each, masquerade: false })) };
}
