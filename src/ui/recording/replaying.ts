/** Makes a replay of capture files: what the worker does, apart from its being one. @module */
import { describe } from '../../capture/error.ts';
import { openCapture } from '../../capture/open.ts';
import type { CapturedPacket, CaptureReader } from '../../capture/packet.ts';
import { type RouterConfig, tellsGreByAddresses } from '../../router/config.ts';
import { profileOf } from '../../router/profiles/index.ts';
import { configOf } from '../../router/profiles/profile.ts';
import { recordingOfOne } from '../../world/one-side.ts';
import { type Recorded, type Recording, type RecordingError, recordingOf } from '../../world/recording.ts';
import { replay } from '../../world/replay.ts';
import { tunnelsIn } from '../../world/tunnels.ts';
import type { Progress, ReplayAnswer, RouterSetup } from './messages.ts';

/** Packets that are told one by one; the lists of the page stay quick, and nobody reads more. */
const MOST_TOLD = 4_000;
/** Packets by which a set-up is judged before the whole is replayed with it. */
const TRIAL = 4_000;

export interface CaptureBytes {
  readonly lan: Uint8Array;
  readonly wan?: Uint8Array | undefined;
}

type Report = (progress: Progress) => void;

export function replayOf(files: CaptureBytes, setup: RouterSetup | undefined, report: Report): ReplayAnswer {
  const names = files.wan ? (['The LAN file', 'The WAN file'] as const) : (['This file'] as const);
  const all = [files.lan, ...(files.wan ? [files.wan] : [])];
  const readers: CaptureReader[] = [];
  for (const [i, bytes] of all.entries()) {
    const opened = openCapture(bytes);
    if (!opened.ok) return { ok: false, what: `${names[i]} is ${describe(opened.error)}.` };
    readers.push(opened.value);
  }
  const recorded = recordedIn(files, readers, report);
  const broken = readers.flatMap(({ end }, i) =>
    end?.kind === 'broken' ? [`${names[i]} is ${describe(end.error)}.`] : [],
  );
  if (!recorded.ok) return { ok: false, what: [refusal(recorded.error), ...broken].join(' ') };
  const recording = recorded.value;
  if (recording.received.length === 0) return { ok: false, what: 'No IPv4 packet reaches the router in these files.' };
  const chosen = setup ?? best(recording);
  const config = routerFor(recording, chosen);
  const { trace, total, compared, agreed, unasked, cut } = replay(recording, config, {
    most: MOST_TOLD,
    progress: (done, of) => report({ doing: 'replaying', done, of, unit: 'packets' }),
  });
  const replayed = {
    trace,
    setup: chosen,
    pptpHelper: config.helpers.some((each) => each.endsWith('pptp')),
    greByAddresses: tellsGreByAddresses(config),
    sides: recording.sides,
    packets: total,
    compared,
    agreed,
    unasked,
    cut,
    tunnels: tunnelsIn(recording),
    notices: broken.map((each) => `${each} What stands before that was replayed.`),
  };
  return { ok: true, replayed };
}

function refusal({ path, expected, received }: RecordingError): string {
  const hint = expected === 'a whole packet' ? ' Capture them whole: tcpdump -s 0, in Wireshark no snap length.' : '';
  return `${path.replace(/^./, (letter) => letter.toUpperCase())}: expected ${expected}, found ${received}.${hint}`;
}

/** Two files handed over the wrong way round are a pair all the same. */
function recordedIn({ lan, wan }: CaptureBytes, [first, second]: readonly CaptureReader[], report: Report): Recorded {
  if (!wan || !second) return recordingOfOne(counted(first!, lan.length, report));
  const of = lan.length + wan.length;
  const straight = recordingOf(counted(first!, of, report), counted(second, of, report, lan.length));
  if (straight.ok) return straight;
  const [again, other] = [openCapture(wan), openCapture(lan)];
  const swapped = again.ok && other.ok ? recordingOf(again.value, other.value) : straight;
  return swapped.ok ? swapped : straight;
}

/** Packets between two reports. */
const STRIDE = 4096;

function* counted(reader: CaptureReader, of: number, report: Report, before = 0): Iterable<CapturedPacket> {
  let bytes = before;
  for (const packet of reader) {
    bytes += packet.bytes.length;
    if (packet.number % STRIDE === 0) report({ doing: 'sorting', done: bytes, of, unit: 'bytes' });
    yield packet;
  }
}

const LINUX = { profile: 'linux', switches: { pptp: false, l2tp: true, ipsec: true } } as const;
const LINUX_HELPED = { profile: 'linux', switches: { pptp: true, l2tp: true, ipsec: true } } as const;

const SETUPS: readonly RouterSetup[] = [
  { ...LINUX, firewall: true },
  { ...LINUX_HELPED, firewall: true },
  { ...LINUX, firewall: false },
  { ...LINUX_HELPED, firewall: false },
];

/** Captures do not say how their router was set up: the set-up under which ours agrees most is taken for it. */
function best(recording: Recording): RouterSetup {
  const trial = beginningOf(recording);
  let found = SETUPS[0]!;
  let most = -1;
  for (const setup of SETUPS) {
    const { agreed, compared } = replay(trial, routerFor(trial, setup));
    if (agreed > most) [found, most] = [setup, agreed];
    if (agreed === compared) break;
  }
  return found;
}

function beginningOf(recording: Recording): Recording {
  const last = recording.received[TRIAL];
  if (!last) return recording;
  const { lan, wan } = recording.sent;
  const early = ({ time }: { readonly time: number }) => time <= last.time;
  return {
    ...recording,
    received: recording.received.slice(0, TRIAL),
    sent: { lan: lan.filter(early), wan: wan.filter(early) },
  };
}

function routerFor({ lan, wan, translates: nat, routes }: Recording, setup: RouterSetup): RouterConfig {
  const profile = profileOf(setup.profile);
  if (!profile) throw new Error(`no router profile "${setup.profile}"`);
  const { switches, firewall } = setup;
  const config = configOf(profile, switches, { lan, wan, nat, firewall, seed: 1 });
  return { ...config, routes: [...config.routes, ...routes] };
}
