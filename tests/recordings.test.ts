/** Judge a: every recording of a real router, packet by packet, through ours. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openCapture } from '../src/capture/open.ts';
import { linux } from '../src/router/profiles/linux.ts';
import { configOf } from '../src/router/profiles/profile.ts';
import { recordingOf } from '../src/world/recording.ts';
import { replay } from '../src/world/replay.ts';
import { KERNEL_CASES, type KernelCase } from './support/kernel-cases.ts';
import { mustRead } from './support/must-read.ts';

const folder = join(import.meta.dirname, 'recordings');

function capture(name: string, side: 'lan' | 'wan') {
  return mustRead(openCapture(new Uint8Array(readFileSync(join(folder, name, `${side}.pcap`)))));
}

function replayed({ name, pptp = false, firewall = false, circumstances }: KernelCase) {
  const recorded = recordingOf(capture(name, 'lan'), capture(name, 'wan'));
  if (!recorded.ok)
    throw new Error(`${name}: expected ${recorded.error.expected}, received ${recorded.error.received}`);
  const { lan, wan, translates: nat } = recorded.value;
  const config = configOf(linux, { ...linux.defaults, pptp }, { lan, wan, nat, firewall, seed: 1 });
  return replay(recorded.value, config, circumstances);
}

function differences({ trace }: ReturnType<typeof replay>): readonly string[] {
  return trace.occurrences.flatMap((each) =>
    each.kind === 'routed' && each.recorded?.difference !== undefined
      ? [`${(each.time / 1e6).toFixed(3)} s on ${each.on}: ${each.recorded.difference}`]
      : [],
  );
}

describe('every packet leaves our router as it left the recorded one', () => {
  test.for(KERNEL_CASES)('$name', (each) => {
    const result = replayed(each);
    expect(differences(result)).toEqual([]);
    expect([result.agreed, result.total]).toEqual([each.packets, each.packets]);
  });
});

test('the table of cases has every recording', () => {
  const recorded = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  expect(KERNEL_CASES.map(({ name }) => name)).toEqual(recorded.sort());
});

test('a wrong circumstance shows: without the helper the PPTP recordings differ', () => {
  const helped = KERNEL_CASES.filter(({ pptp }) => pptp);
  for (const each of helped) expect(differences(replayed({ ...each, pptp: false })).length).toBeGreaterThan(0);
});
