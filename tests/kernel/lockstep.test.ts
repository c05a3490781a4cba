/**
 * Our router against the running kernel. For a long run, with totals on standard error:
 *
 *   LOCKSTEP_SEEDS=1-500 npx vitest run --project outside tests/kernel/lockstep
 *
 * LOCKSTEP_ONLY=tcp,pptp takes those conversations alone; LOCKSTEP_STEPS=3000 makes each scenario longer; LOCKSTEP_PACED=1
 * lets real time pass between rounds, with short timeouts; LOCKSTEP_REPORT=FILE writes the full reports there.
 */
import { writeFileSync } from 'node:fs';
import { env } from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { campaign, reports, summary } from './campaign.ts';
import { KernelContender, RouterContender } from './contenders.ts';
import { Kernel } from './kernel.ts';
import { CONVERSATIONS, type ConversationName } from './traffic/traffic.ts';

const STEPS = { steps: 200, tableEvery: 100 };
/** Ten rounds of traffic, in as many times 1.2 seconds. */
const PACED = { steps: 300, tableEvery: 100, paced: true };
/** On a busy machine a packet may come too late for its timer: nothing can be said of that run, so it is run again. */
const ON_TIME = { retry: 4 };
const kernels: Kernel[] = [];

beforeAll(async () => {
  kernels.push(await Kernel.start(), await Kernel.start());
});

afterAll(() => {
  for (const kernel of kernels) kernel.close();
});

test('two kernels agree with each other: the traffic can be repeated, and only draws are renamed', async () => {
  const [a, b] = kernels.map((kernel) => new KernelContender(kernel));
  const result = await campaign(a!, b!, { ...STEPS, from: 1, to: 8 });
  expect(reports(result)).toBe('');
  expect(result.packets).toBeGreaterThan(1000);
});

test('two kernels let entries run out alike', ON_TIME, async () => {
  const [a, b] = kernels.map((kernel) => new KernelContender(kernel));
  const result = await campaign(a!, b!, { ...PACED, from: 1, to: 1 });
  expect([reports(result), result.late]).toEqual(['', []]);
});

test('entries run out in our router when they do in the kernel', ON_TIME, async () => {
  const result = await campaign(new KernelContender(kernels[0]!), new RouterContender(), { ...PACED, from: 1, to: 1 });
  expect([reports(result), result.late]).toEqual(['', []]);
  expect(result.packets).toBeGreaterThan(200);
});

test('our router does what the kernel does, packet for packet and entry for entry', async () => {
  const [from = 1, to = 40] = (env.LOCKSTEP_SEEDS ?? '').split('-').filter(Boolean).map(Number);
  const only = (Object.keys(CONVERSATIONS) as ConversationName[]).filter((name) =>
    env.LOCKSTEP_ONLY?.split(',').includes(name),
  );
  const result = await campaign(new KernelContender(kernels[0]!), new RouterContender(), {
    ...(env.LOCKSTEP_PACED ? PACED : STEPS),
    ...(env.LOCKSTEP_STEPS ? { steps: Number(env.LOCKSTEP_STEPS) } : {}),
    from,
    to,
    only: only.length > 0 ? only : undefined,
  });
  console.error(summary(result));
  const chances = result.chances.map(({ report }) => `by chance:\n${report}`).join('\n\n');
  if (env.LOCKSTEP_REPORT) writeFileSync(env.LOCKSTEP_REPORT, `${summary(result)}\n\n${reports(result)}\n\n${chances}`);
  expect(reports(result)).toBe('');
  expect(result.packets).toBeGreaterThan(100 * (to - from));
}, 36_000_000);
