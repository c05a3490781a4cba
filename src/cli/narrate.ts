/** Tells an occurrence of a run in words: a line of the list, and the comment on a packet in an export. @module */
import { leftOutText } from '../explain/cut.ts';
import { explain, ranked } from '../explain/reasons.ts';
import type { Words } from '../explain/words.ts';
import * as gre from '../wire/gre.ts';
import * as ipv4 from '../wire/ipv4.ts';
import type { Ending } from '../world/export-pcapng.ts';
import { oneLine } from '../world/one-line.ts';
import type { Occurrence } from '../world/trace.ts';

type Routed = Extract<Occurrence, { kind: 'routed' }>;

/** What happened, in a word, and the rest of the line. */
export interface Told {
  readonly what: string;
  readonly rest: string;
}

const LOST = {
  loss: 'lost on the link',
  cable: 'no cable, or nobody awake at its end',
  'nobody-there': 'nobody there',
};

export function tell(occurrence: Occurrence): Told {
  switch (occurrence.kind) {
    case 'sent':
    case 'received':
      return { what: occurrence.kind, rest: oneLine(occurrence.frame.bytes) };
    case 'lost':
      return { what: 'lost', rest: `${oneLine(occurrence.frame.bytes)}  [${LOST[occurrence.why]}]` };
    case 'routed': {
      const short = why(occurrence)?.short;
      return {
        what: occurrence.outcome.verdict,
        rest: `${oneLine(occurrence.frame.bytes)}${short === undefined ? '' : `  [${short}]`}`,
      };
    }
    case 'phase':
      return { what: occurrence.status, rest: `${occurrence.session}: ${occurrence.phase}` };
    case 'symptom': {
      const { system, code, text, missing } = occurrence;
      return { what: 'symptom', rest: `${system}${code === undefined ? '' : ` ${code}`}: ${text} (${missing})` };
    }
    case 'intervention':
      return { what: 'done', rest: occurrence.what };
    case 'left-out': {
      const { packets, bytes, wholeLength } = occurrence;
      return { what: 'left out', rest: leftOutText(packets, oneLine(bytes, wholeLength), bytes.length, wholeLength) };
    }
    case 'passed-over':
      return { what: 'passed', rest: `${occurrence.packets} more packets, ${occurrence.ended} of them ended here` };
  }
}

/** Why, in two sentences and with where to look it up. */
export function comment(ending: Ending): string | undefined {
  if (ending.kind === 'lost') return `Lost: ${LOST[ending.why]}.`;
  const words = why(ending);
  if (!words) return undefined;
  return `${ending.node}, ${ending.outcome.verdict}: ${words.student}\n${words.engineer}\n${words.source}`;
}

/** The reason that matters most. */
function why({ frame, outcome }: Routed): Words | undefined {
  const [first] = ranked(outcome.reasons);
  if (!first) return undefined;
  const ip = ipv4.parse(frame.bytes);
  const inside = ip.ok && ip.value.protocol === gre.PROTOCOL ? gre.parse(ip.value.payload) : undefined;
  const callId = inside?.ok && inside.value.version === 1 ? { callId: inside.value.callId } : {};
  return explain(first, ip.ok ? { protocol: ip.value.protocol, ...callId } : undefined);
}
