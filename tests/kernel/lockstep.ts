/** Two routers, the same traffic, step by step; the first difference ends the run and is shrunk to its bones. @module */
import { toHex } from '../../src/lib/bytes.ts';
import type { RouterConfig } from '../../src/router/config.ts';
import type { TupleView } from '../../src/router/reason.ts';
import { Renaming } from './renaming.ts';
import { inNftables } from './rules.ts';
import type { KernelEntry } from './table.ts';
import type { Sight, Step } from './traffic/talk.ts';
import { ROUND_LIMIT, type Scenario, traffic } from './traffic/traffic.ts';

/** One of the two routers. */
export interface Contender {
  readonly name: string;
  open(config: RouterConfig): Promise<void>;
  take(step: Step): Promise<readonly Sight[]>;
  table(): Promise<readonly KernelEntry[]>;
  /** What it has to say about the last step and its tables, for a report. */
  explain(): Promise<string>;
}

export interface Difference {
  readonly scenario: Scenario;
  readonly at: number;
  readonly what: string;
  readonly why: string;
  readonly report: string;
}

export interface Run {
  readonly packets: number;
  /** Packets sent in, by what kind of packet they were. */
  readonly kinds: ReadonlyMap<string, number>;
  readonly difference?: Difference;
  /** The machine was too slow for a paced scenario: what it showed says nothing. */
  readonly late?: true;
}

export interface RunOptions {
  /** How many steps to take. */
  readonly steps: number;
  /** If given, only these are really taken. */
  readonly taken?: ReadonlySet<number>;
  /** Compare the tables after every so many steps. */
  readonly tableEvery?: number;
}

export async function lockstep(
  left: Contender,
  right: Contender,
  scenario: Scenario,
  options: RunOptions,
): Promise<Run> {
  await left.open(scenario.config);
  await right.open(scenario.config);
  const renaming = new Renaming(
    scenario.config.interfaces.map((each) => each.address.address),
    scenario.paced,
  );
  const talks = [traffic(scenario), traffic(scenario)] as const;
  let told: readonly [readonly Sight[], readonly Sight[]] = [[], []];
  const kinds = new Map<string, number>();
  const history: string[] = [];
  let packets = 0;
  const begun = performance.now();
  let roundBegan = 0;
  for (let at = 0; at < options.steps; at++) {
    const [a, b] = [talks[0].next(told[0]).value as Step, talks[1].next(told[1]).value as Step];
    told = [[], []];
    if (options.taken && !options.taken.has(at)) continue;
    const outs = [expected(await left.take(a)), expected(await right.take(b))] as const;
    told = outs;
    if (a.do === 'until') roundBegan = a.seconds;
    if (a.do === 'send') packets++;
    if (a.do === 'send') kinds.set(kindOf(a), (kinds.get(kindOf(a)) ?? 0) + 1);
    if (a.do === 'flush') renaming.forget();
    if (a.do === 'address') renaming.addAddress(a.wan);
    history.push(
      `#${at} ${stepText(a, b, left.name, right.name)}\n${outsText(outs[0], outs[1], left.name, right.name)}`,
    );
    let why = a.do === b.do ? renaming.difference([a, b], outs[0], outs[1]) : 'the traffic itself went apart';
    const last = at === options.steps - 1;
    if (!why && (last || (at + 1) % (options.tableEvery ?? 1e9) === 0))
      why = tableDifference(renaming, await left.table(), await right.table());
    if (scenario.paced && performance.now() > begun + 1000 * (roundBegan + ROUND_LIMIT))
      return { packets, kinds, late: true };
    if (!why) continue;
    const explained = `${await left.explain()}\n${await right.explain()}`;
    const report = [`seed ${scenario.seed}, ${setupText(scenario)}`, ...history, `DIFFERENCE: ${why}`, explained].join(
      '\n',
    );
    return { packets, kinds, difference: { scenario, at, what: kindOf(a), why, report } };
  }
  return { packets, kinds };
}

/**
 * Without what a router sends when a datagram to itself stays incomplete too long: a router of ours has no clock of its
 * own and is silent then.
 */
function expected(sights: readonly Sight[]): readonly Sight[] {
  return sights.filter(({ packet }) => !(packet[9] === 1 && packet[20] === 11 && packet[21] === 1 && packet[8] === 64));
}

/** Seconds that one difference may be shrunk for. */
const PATIENCE = 60;

/** Takes steps away as long as the last difference stays, then tells the run that is left. */
export async function shrink(
  left: Contender,
  right: Contender,
  found: Difference,
  options: RunOptions,
): Promise<Difference> {
  let best = found;
  let kept = Array.from({ length: found.at + 1 }, (_, i) => i);
  const signature = signatureOf(found);
  const deadline = performance.now() + PATIENCE * 1000;
  for (let size = Math.ceil(kept.length / 4); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let from = kept.length - 1 - size; from > -size; from -= size) {
      const fewer = kept.filter((_, i) => i < Math.max(0, from) || i >= from + size || i === kept.length - 1);
      if (fewer.length === kept.length || performance.now() > deadline) continue;
      const taken = new Set(fewer);
      const again = await lockstep(left, right, found.scenario, { ...options, steps: found.at + 1, taken });
      if (!again.difference || signatureOf(again.difference) !== signature) continue;
      best = again.difference;
      kept = fewer.filter((i) => i <= best.at);
    }
  return best;
}

/** Differences of one cause tend to have one signature. */
export function signatureOf(difference: Difference): string {
  const why = difference.why.split('\n')[0]!;
  // A difference in the tables says itself what it is about; the packet before the look says nothing.
  return why.startsWith('table')
    ? why.replace(/-?\d+ against -?\d+/, 'N against N')
    : `${difference.what.replace(/\d+/g, 'N')}: ${why.replace(/ \d{3,} /g, ' N ')}`;
}

function tableDifference(
  renaming: Renaming,
  left: readonly KernelEntry[],
  right: readonly KernelEntry[],
): string | undefined {
  const unmatched = [...right];
  for (const entry of left) {
    const at = unmatched.findIndex((other) => sameFlow(renaming, entry, other));
    if (at < 0) return `table: ${nameOf(entry)} only on the left\n  ${entry.text}`;
    const [other] = unmatched.splice(at, 1);
    const field = (['state', 'assured', 'seenReply', 'helper'] as const).find((name) => entry[name] !== other![name]);
    if (field)
      return `table: ${nameOf(entry)} has ${field} ${entry[field]} against ${other![field]}\n  ${entry.text}\n  ${other!.text}`;
    if (Math.abs(entry.left - other!.left) > TIME_SLACK)
      return `table: ${nameOf(entry)} has ${entry.left} against ${Math.round(other!.left)} seconds left\n  ${entry.text}\n  ${other!.text}`;
  }
  const extra = unmatched[0];
  return extra && `table: ${nameOf(extra)} only on the right\n  ${extra.text}`;
}

/** Seconds: one for the kernel's rounding, the rest for the way here. */
const TIME_SLACK = 1.4;

function nameOf(entry: KernelEntry): string {
  return `${entry.kind} of protocol ${entry.original.protocol} ${entry.state ?? ''}`.trim();
}

function sameFlow(renaming: Renaming, a: KernelEntry, b: KernelEntry): boolean {
  return (
    a.kind === b.kind &&
    sameTuple(renaming, a.original, b.original) &&
    (a.kind === 'expectation' || sameTuple(renaming, a.reply, b.reply))
  );
}

function sameTuple(renaming: Renaming, x: TupleView, y: TupleView): boolean {
  return (
    x.protocol === y.protocol &&
    x.source.address === y.source.address &&
    x.destination.address === y.destination.address &&
    (x.type ?? 0) === (y.type ?? 0) &&
    (x.code ?? 0) === (y.code ?? 0) &&
    renaming.same(x.protocol, x.source.key, y.source.key) &&
    renaming.same(x.protocol, x.destination.key, y.destination.key)
  );
}

function kindOf(step: Step): string {
  return step.do === 'send' ? step.what : step.do;
}

function setupText(scenario: Scenario): string {
  const { helpers, interfaces } = scenario.config;
  const rules = inNftables(scenario.config).rules.text.split('\n').slice(1, -2).join(' ');
  const mtu = interfaces.map((each) => `${each.name} ${each.mtu}`).join(', ');
  return `helper ${helpers.length > 0 ? 'on' : 'off'}, mtu ${mtu}, ${scenario.conversations.join(', ')}\nrules ${rules}`;
}

function stepText(a: Step, b: Step, left: string, right: string): string {
  if (a.do !== 'send' || b.do !== 'send') return JSON.stringify(a);
  const [x, y] = [toHex(a.packet), toHex(b.packet)];
  return x === y
    ? `${a.what}, on ${a.on}\n  in            ${x}`
    : `${a.what}, on ${a.on}\n  in  ${pad(left)}${x}\n  in  ${pad(right)}${y}`;
}

function outsText(a: readonly Sight[], b: readonly Sight[], left: string, right: string): string {
  const text = (name: string, sights: readonly Sight[]) =>
    sights.length === 0
      ? [`  out ${pad(name)}nothing`]
      : sights.map((sight) => `  out ${pad(name)}${sight.on} ${toHex(sight.packet)}`);
  return [...text(left, a), ...text(right, b)].join('\n');
}

function pad(name: string): string {
  return `${name}:`.padEnd(10);
}
