/** What an exported file says of each packet: the why card's words. @module */
import type { Ending } from '../../world/export-pcapng.ts';
import type { Run } from '../model/run.ts';
import { viewOf } from '../model/step-view.ts';

const LOST: Readonly<Record<Extract<Ending, { kind: 'lost' }>['why'], string>> = {
  loss: 'on the link',
  cable: 'no cable, or nobody awake at its end',
  'nobody-there': 'nobody has this address',
};

export function commentsOn(run: Run): (ending: Ending) => string | undefined {
  const steps = new Map(run.steps.map((step) => [step.occurrence, step]));
  return (ending) => {
    if (ending.kind === 'lost') return `Lost: ${LOST[ending.why]}.`;
    const words = viewOf(run, steps.get(ending))?.reasons[0]?.words;
    if (!words) return undefined;
    const router = run.nodes.get(ending.node)?.name ?? ending.node;
    return `${router}, ${ending.outcome.verdict}: ${words.student}\n${words.engineer}\n${words.source}`;
  };
}
