import { expect, test } from 'vitest';
import type { EntryView } from '../../../src/router/outcome.ts';
import { entryText } from '../../../src/ui/model/entry.ts';
import { viewOf } from '../../../src/ui/model/step-view.ts';
import { rowsAt, type TableRow } from '../../../src/ui/model/table.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import { scene } from '../../../src/ui/stage/scene.ts';
import { endsOfRows } from '../../../src/ui/stage/table-ends.ts';
import { ipv4 } from '../../../src/wire/address.ts';
import { twoLaptopsOff } from '../support/runs.ts';

const OWN = [ipv4('192.168.1.1'), ipv4('203.0.113.1')];
const LAPTOP = ipv4('192.168.1.10');
const SERVER = ipv4('198.51.100.10');

type End = readonly [address: number, key: number];

function rowOf(id: number, from: End, to: End, nat: 'source' | 'destination' | 'none', protocol = 47): TableRow {
  const peer = ([address, key]: End) => ({ address, key });
  const wan = { address: OWN[1]!, key: from[1] };
  const inside = { address: LAPTOP, key: to[1] };
  const entry: EntryView = {
    id,
    kind: 'connection',
    original: { protocol, source: peer(from), destination: peer(to) },
    reply: {
      protocol,
      source: nat === 'destination' ? inside : peer(to),
      destination: nat === 'source' ? wan : peer(from),
    },
    flags: { assured: false, seenReply: false, sourceNat: nat === 'source', destinationNat: nat === 'destination' },
    expiresAt: 30,
  };
  return { entry, change: undefined, used: false, inTheWay: false };
}

const called = rowOf(1, [LAPTOP, 40000], [SERVER, 1723], 'source', 6);
const letIn = rowOf(2, [SERVER, 61563], [OWN[1]!, 7], 'destination');
const forItself = rowOf(3, [SERVER, 0], [OWN[1]!, 27183], 'none');

function linesOf(rows: readonly TableRow[], letters: number, stray = false) {
  const ends = endsOfRows(rows, rows, OWN, letters, stray);
  return rows.map((row) => ends.get(row)!);
}

test('the host at home stands inside, also where the other side began', () => {
  expect(entryText(letIn.entry)).toMatchObject({
    inside: '192.168.1.10 Call ID 7',
    remote: '198.51.100.10 Call ID 61563',
    outside: '203.0.113.1 Call ID 7',
  });
  expect(linesOf([letIn], 40)).toMatchObject([{ inside: '192.168.1.10 Call ID 7', fate: 'Call ID 7' }]);
});

test('addresses at home have one form in all rows, and a Call ID never stands without whose it is', () => {
  const insides = (letters: number) => linesOf([called, letIn], letters).map(({ inside }) => inside);
  expect(insides(40)).toEqual(['192.168.1.10:40000', '192.168.1.10 Call ID 7']);
  expect(insides(25)).toEqual(['192.168.1.10:40000', '192.168.1.10 ID 7']);
  expect(insides(20)).toEqual(['.10:40000', '.10 ID 7']);
  expect(insides(8)).toEqual(['.10:40000', '.10 7']);
});

test('the far end is told in full, and what the router keeps for itself says so', () => {
  const [line] = linesOf([forItself], 22);
  expect(line).toMatchObject({
    inside: 'the router',
    fate: 'for itself',
    remote: ['with 198.51.100.10 Call ID 0', 'with 198.51.100.10 ID 0'],
  });
});

test('an address of elsewhere is not shortened', () => {
  const elsewhere = rowOf(4, [ipv4('100.64.0.9'), 500], [SERVER, 500], 'source', 17);
  expect(linesOf([elsewhere], 8)[0]?.inside).toBe('100.64.0.9:500');
});

test('an expected flow is for the laptop whose call announced it', () => {
  const { entry } = rowOf(-1, [SERVER, 61563], [OWN[1]!, 7], 'none');
  const expected: TableRow = { ...letIn, entry: { ...entry, kind: 'expectation', master: 1 } };
  expect(linesOf([called, expected], 40)[1]).toMatchObject({ inside: '192.168.1.10', fate: 'expected' });
});

test('where nobody takes a packet, its way ends at "for me", and what was noted comes after that', () => {
  const run = twoLaptopsOff();
  const step = run.steps[11]!;
  const did = viewOf(run, step)!.stages.map(({ stage, did }) => `${stage} ${did}`);
  expect(did.slice(-2)).toEqual(['input stop', 'confirm act']);
  expect(rowsAt(run.trace)('router', step.index).at(-1)?.change?.kind).toBe('created');
  const layout = layoutOf(run.trace.nodes, 742, 333);
  const shapes = scene({ run, cursor: step.index, progress: 1, layout, selection: undefined });
  const height = (text: string) => shapes.find((shape) => shape.kind === 'text' && shape.text === text);
  const [nobody, itself] = [height('? GRE Call ID 27183'), height('new, for itself')];
  expect(nobody).toMatchObject({ y: expect.toSatisfy((y: number) => y < (itself as { y: number }).y) });
});
