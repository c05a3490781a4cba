/** How the links of FreeBSD's libalias read in the table and on the stage. */
import { expect, test } from 'vitest';
import { libalias } from '../../../src/router/profiles/libalias.ts';
import { experimentOf, situationOf } from '../../../src/scenarios/matrix-situations.ts';
import { entryState, entryText } from '../../../src/ui/model/entry.ts';
import { holdsOf, type Run, runOf } from '../../../src/ui/model/run.ts';
import { rowsAt, tableAt } from '../../../src/ui/model/table.ts';
import { layoutOf } from '../../../src/ui/stage/layout.ts';
import { scene } from '../../../src/ui/stage/scene.ts';
import { changeText, timeLeft } from '../../../src/ui/table/changes.ts';
import { run } from '../../../src/world/run.ts';

const runOfSituation = (id: string): Run => runOf(run(experimentOf(situationOf(id)!, libalias, libalias.defaults)));

/** The step at which something is said for the first time. */
function indexOf({ steps }: Run, code: string): number {
  const step = steps.find(
    ({ occurrence }) => occurrence.kind === 'routed' && occurrence.outcome.reasons.some((each) => each.code === code),
  );
  if (!step) throw new Error(`nothing says ${code}`);
  return step.index;
}

const entriesAt = (made: Run, cursor: number, protocol: number) =>
  tableAt(made.trace, 'router', cursor).filter((each) => each.original.protocol === protocol);

test('of two laptops with one server, the table says who gets the answers and to whom the other’s go', () => {
  const made = runOfSituation('gre-two');
  const taken = indexOf(made, 'answers-taken');
  expect(entriesAt(made, taken, 47).map(entryState)).toEqual(['answers go to 192.168.1.11', 'gets all answers']);
});

test('the step in which they were taken is shown at both entries, and playing holds there', () => {
  const made = runOfSituation('gre-two');
  const taken = indexOf(made, 'answers-taken');
  const said = rowsAt(made.trace)('router', taken).map(changeText).filter(Boolean);
  expect(said).toEqual(['answers go to 192.168.1.11', 'new']);
  expect(holdsOf(made)).toContain(taken);
});

test('the stage says beside the loser that it gets no answers', () => {
  const made = runOfSituation('gre-two');
  const layout = layoutOf(made.trace.nodes, 742, 433);
  const shapes = scene({
    run: made,
    cursor: indexOf(made, 'answers-taken'),
    progress: 1,
    layout,
    selection: undefined,
  });
  const texts = shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
  expect(texts.filter((text) => text === 'no answers')).toHaveLength(1);
});

test('a PPTP call is shown with all three numbers, and without an end', () => {
  const made = runOfSituation('pptp-two-same');
  const last = made.steps.at(-1)!.index;
  const calls = entriesAt(made, last, 47);
  expect(calls.map((each) => entryText(each).inside)).toEqual(['192.168.1.10 Call ID 7', '192.168.1.11 Call ID 7']);
  expect(entryText(calls[0]!)).toMatchObject({ outside: '203.0.113.1 Call ID 7' });
  expect(calls[1]!.reply.destination.key).toBeGreaterThanOrEqual(0x8000);
  for (const call of calls) {
    expect(call.original.destination.key).toBeGreaterThan(0);
    expect([entryState(call), timeLeft(call, 1e9)]).toEqual(['CALL · answered', 'no end']);
  }
});

test('a link whose time is over is there until it is swept', () => {
  const made = runOfSituation('gre-two');
  const [link] = entriesAt(made, indexOf(made, 'answers-taken'), 47);
  expect(timeLeft(link!, (link!.expiresAt + 1) * 1e6)).toBe('until swept');
});

test('a note about pieces names the packet and who gets them', () => {
  const made = runOfSituation('gre-one');
  const [link] = entriesAt(made, indexOf(made, 'entry-created'), 47);
  const pieces = { ...link!, piecesOf: 4660 };
  expect([entryText(pieces).protocol, entryState(pieces)]).toEqual(['pieces', 'of packet 4660']);
});
