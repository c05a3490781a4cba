/** Many scenarios in a row: totals, and one shrunk example for each kind of difference. @module */
import {
  type Contender,
  type Difference,
  lockstep,
  type Run,
  type RunOptions,
  shrink,
  signatureOf,
} from './lockstep.ts';
import { type Scenario, scenario, type Wishes } from './traffic/traffic.ts';

export interface Campaign {
  /** Packets sent in and compared, a scenario ending with its first difference. */
  readonly packets: number;
  readonly scenarios: number;
  readonly agreed: number;
  /** Packets by the first word of what they are. */
  readonly kinds: ReadonlyMap<string, number>;
  /** By signature: how often, and the smallest example. */
  readonly differences: ReadonlyMap<string, { readonly times: number; readonly example: Difference }>;
  /** Differences that another run of the same scenario did not show: one router drew what the other did not. */
  readonly chances: readonly Difference[];
  /** Seeds of paced scenarios for which the machine was too slow, again and again. */
  readonly late: readonly number[];
}

const ATTEMPTS = 8;

async function inTime(left: Contender, right: Contender, plan: Scenario, options: RunOptions): Promise<Run> {
  let run = await lockstep(left, right, plan, options);
  for (let attempt = 1; run.late && attempt < ATTEMPTS; attempt++) run = await lockstep(left, right, plan, options);
  return run;
}

export interface CampaignOptions extends RunOptions, Wishes {
  readonly from: number;
  readonly to: number;
}

export async function campaign(left: Contender, right: Contender, options: CampaignOptions): Promise<Campaign> {
  const kinds = new Map<string, number>();
  const differences = new Map<string, { times: number; example: Difference }>();
  const chances: Difference[] = [];
  const late: number[] = [];
  let packets = 0;
  let agreed = 0;
  for (let seed = options.from; seed <= options.to; seed++) {
    const plan = scenario(seed, options);
    let run = await inTime(left, right, plan, options);
    if (run.difference) {
      const again = await inTime(left, right, plan, options);
      if (!again.difference) {
        chances.push(run.difference);
        run = again;
      }
    }
    if (run.late) late.push(seed);
    packets += run.packets;
    for (const [kind, count] of run.kinds) kinds.set(family(kind), (kinds.get(family(kind)) ?? 0) + count);
    if (run.difference) await note(run.difference);
    else if (!run.late) agreed++;
  }
  return { packets, scenarios: options.to - options.from + 1, agreed, kinds, differences, chances, late };

  async function note(found: Difference): Promise<void> {
    const known = differences.get(signatureOf(found));
    if (known) known.times++;
    else differences.set(signatureOf(found), { times: 1, example: await shrink(left, right, found, options) });
  }
}

function family(what: string): string {
  return what.split(' ')[0]!;
}

export function summary(result: Campaign): string {
  const kinds = [...result.kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`);
  const chances =
    result.chances.length === 0
      ? ''
      : `; by chance, gone when run again: ${result.chances.map(signatureOf).join('; ')}`;
  const late = result.late.length === 0 ? '' : `; too slow to judge: ${result.late.join(', ')}`;
  return `${result.agreed} of ${result.scenarios} scenarios agree, ${result.packets} packets: ${kinds.join(', ')}${chances}${late}`;
}

/** Every kind of difference with its example, the most frequent first; nothing where there is none. */
export function reports(result: Campaign): string {
  const examples = [...result.differences].sort((a, b) => b[1].times - a[1].times);
  return examples
    .map(([signature, { times, example }]) => `=== ${times} times: ${signature}\n${example.report}`)
    .join('\n\n');
}
