import { expect, test } from 'vitest';
import { icvOf } from '../../../src/endpoints/ah-packet.ts';
import { toHex } from '../../../src/lib/bytes.ts';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { compare, type LayerRows } from '../../../src/ui/model/compare.ts';
import { coveredBy, rowAt, rowById, spanOf } from '../../../src/ui/model/coverage.ts';
import { runOf } from '../../../src/ui/model/run.ts';
import { viewOf } from '../../../src/ui/model/step-view.ts';
import { checksum } from '../../../src/wire/checksum.ts';
import { run } from '../../../src/world/run.ts';
import { everyRun, twoLaptopsOn } from '../support/runs.ts';

const CHECKSUMS = ['ip.checksum', 'tcp.checksum', 'udp.checksum', 'icmp.checksum'];

/** Puts the covered bytes one behind the other, each span padded to even length, as the one's complement sum takes them. */
function gathered(bytes: Uint8Array, layers: readonly LayerRows[], key: string): Uint8Array {
  const row = layers.flatMap((layer) => layer.rows).find((each) => each.key === key)!;
  const spans = coveredBy(layers, row, 'before');
  const parts = spans.map(([from, to]) => {
    const part = bytes.slice(from, to);
    // The protocol number is summed as the low byte of a 16-bit word.
    return part.length === 1 ? Uint8Array.of(0, part[0]!) : part;
  });
  const pseudo = key === 'tcp.checksum' || key === 'udp.checksum';
  const length = spans.at(-1)![1] - spans.at(-1)![0];
  const all = pseudo ? [Uint8Array.of(length >> 8, length), ...parts] : parts;
  return Uint8Array.from(all.flatMap((part) => [...part]));
}

test('the bytes named as covered are those whose sum makes the checksum right', () => {
  let checked = 0;
  for (const [name, make] of everyRun) {
    const run = make();
    for (const step of run.steps) {
      const bytes = viewOf(run, step)!.incoming.frame.bytes;
      const layers = compare(bytes);
      for (const key of CHECKSUMS) {
        const row = layers.flatMap((layer) => layer.rows).find((each) => each.key === key);
        if (row?.before?.check !== 'right') continue;
        const sum = gathered(bytes, layers, key);
        expect(checksum(sum, 0, sum.length), `${name}, step ${step.number}, ${key}`).toBe(0);
        checked++;
      }
    }
  }
  expect(checked).toBeGreaterThan(200);
});

test('the bytes named as covered by AH are those on which its integrity value depends, and no others', () => {
  const keying = { spi: 7, transform: 'hmac-sha2-256-128', key: new Uint8Array(32).fill(3) } as const;
  const { bytes } = runOf(run(scenarioOf('ah-one-laptop')!.experiment)).steps.flatMap(({ occurrence }) =>
    occurrence.kind === 'routed' && occurrence.frame.bytes[9] === 51 ? [occurrence.frame] : [],
  )[0]!;
  const layers = compare(bytes);
  const icv = layers.flatMap((layer) => layer.rows).find(({ key }) => key === 'ah.icv');
  const covered = coveredBy(layers, icv, 'before');
  const whole = toHex(icvOf(keying, bytes));
  for (const at of bytes.keys()) {
    // The header's length says where everything is.
    if (at === 0) continue;
    const other = bytes.slice();
    other[at] = ~other[at]!;
    const matters = toHex(icvOf(keying, other)) !== whole;
    expect(
      covered.some(([from, to]) => at >= from && at < to),
      `byte ${at}`,
    ).toBe(matters);
  }
});

test('fields that are no checksums cover nothing', () => {
  const run = twoLaptopsOn();
  const { layers } = viewOf(run, run.steps[7])!;
  for (const row of layers.flatMap((layer) => layer.rows))
    if (!row.key.endsWith('checksum')) expect(coveredBy(layers, row, 'before')).toEqual([]);
});

test('a byte leads to the smallest field around it, and that field back to the byte', () => {
  const run = twoLaptopsOn();
  const { layers, incoming } = viewOf(run, run.steps[7])!;
  incoming.frame.bytes.forEach((_, at) => {
    const row = rowAt(layers, 'before', at);
    expect(row, `byte ${at}`).toBeDefined();
    const [from, to] = spanOf(rowById(layers, row?.id), 'before')!;
    expect(at >= from && at < to).toBe(true);
    for (const other of layers.flatMap((layer) => layer.rows)) {
      const span = spanOf(other, 'before');
      if (span && at >= span[0] && at < span[1]) expect(to - from).toBeLessThanOrEqual(span[1] - span[0]);
    }
  });
});

test('the Call ID stands at bytes 64 and 65 of the call request', () => {
  const run = twoLaptopsOn();
  const { layers } = viewOf(run, run.steps[7])!;
  expect(rowAt(layers, 'before', 64)?.key).toBe('pptp.call_id');
  expect(spanOf(rowAt(layers, 'after', 65), 'after')).toEqual([64, 66]);
});
