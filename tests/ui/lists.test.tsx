import { useDeferredValue, useState } from 'react';
import { flushSync } from 'react-dom';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { Ladder } from '../../src/ui/ladder/ladder.tsx';
import { StepList } from '../../src/ui/lists/step-list.tsx';
import { Log } from '../../src/ui/log/log.tsx';
import { runOf } from '../../src/ui/model/run.ts';
import { Packets } from '../../src/ui/packets/packets.tsx';
import { TablePanel } from '../../src/ui/table/table-panel.tsx';
import { run as play } from '../../src/world/run.ts';
import { mount } from './support/mount.tsx';
import { rawEsp, twoLaptopsOff, twoLaptopsOn } from './support/runs.ts';

const sized = (content: React.ReactNode) => <div style={{ width: 720, height: 320 }}>{content}</div>;
const current = () => document.querySelector('[aria-current="step"]');

test('the ladder goes to the packet that is clicked', async () => {
  const run = twoLaptopsOff();
  const store = await mount(sized(<Ladder run={run} />), run, 1);
  await page.getByRole('button', { name: /^4\. PPTP Start-Control-Connection-Request/ }).click();
  expect(store.getState().cursor).toBe(run.steps[3]!.index);
  await expect.poll(() => current()?.getAttribute('aria-label')).toMatch(/^4\. /);
});

test('up and down walk along the ladder, and the focus goes with them', async () => {
  const run = twoLaptopsOff();
  const store = await mount(sized(<Ladder run={run} />), run, 3);
  (current() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toMatch(/^5\. /);
  await userEvent.keyboard('{ArrowUp}');
  await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toMatch(/^4\. /);
  expect(store.getState().cursor).toBe(run.steps[3]!.index);
});

test('only the lines in view exist, and the present one is in view', async () => {
  const run = twoLaptopsOn();
  await mount(sized(<Ladder run={run} />), run, 90);
  await expect.poll(() => current()?.getAttribute('aria-label')).toMatch(/^90\. /);
  await expect.element(page.getByRole('button', { name: /^90\. / })).toBeInViewport();
  expect(document.querySelectorAll('ol button').length).toBeLessThan(50);
});

test('no row is cut in half under the head of the ladder, wherever the present one is', async () => {
  const run = twoLaptopsOn();
  const store = await mount(sized(<Ladder run={run} />), run, 1);
  for (const number of [40, 20, run.steps.length]) {
    store.setState({ cursor: run.steps[number - 1]!.index });
    await expect.poll(() => current()?.getAttribute('aria-label')).toMatch(new RegExp(`^${number}\\. `));
    const box = document.querySelector('ol')!.parentElement!;
    // It is scrolled a moment after its rows are drawn.
    await expect.poll(() => box.scrollTop).toBeGreaterThan(0);
    expect(box.scrollTop % current()!.clientHeight).toBe(0);
  }
});

/** A long list in a box, without what its rows are about. */
function boxed(current: number, row: (index: number) => React.ReactNode) {
  return (
    <div style={{ display: 'grid', gridTemplateRows: 'minmax(0, 1fr)', height: 320 }}>
      <StepList
        name="Rows"
        count={500}
        rowHeight={28}
        current={current}
        move={() => {}}
        row={(index, top) => <div style={{ position: 'absolute', top, height: 28 }}>{row(index)}</div>}
      />
    </div>
  );
}

test('a jump draws the rows where the list is about to stand, and none where it stood', async () => {
  const drawn: number[] = [];
  const list = (current: number) =>
    boxed(current, (index) => {
      drawn.push(index);
      return `Row ${index}`;
    });
  const { rerender } = await render(list(0));
  await expect.element(page.getByText('Row 9', { exact: true })).toBeInViewport();
  drawn.length = 0;
  await rerender(list(300));
  await expect.element(page.getByText('Row 300', { exact: true })).toBeInViewport();
  expect(Math.min(...drawn)).toBeGreaterThan(250);
});

/** Takes a while, so that React pauses in the middle of the list and hears of the next place. */
function SlowRow({ index }: { readonly index: number }) {
  for (const until = performance.now() + 3; performance.now() < until; );
  return `Row ${index}`;
}

test('a list is where its rows are, also where a drawing was given up for a newer one', async () => {
  let goTo = (_: number) => {};
  function List() {
    const [wanted, setWanted] = useState(0);
    goTo = setWanted;
    return boxed(useDeferredValue(wanted), (index) => <SlowRow key={index} index={index} />);
  }
  await render(<List />);
  await expect.element(page.getByText('Row 0', { exact: true })).toBeInViewport();
  // The newer one is in view where the list was about to stand for the one that was given up.
  for (const [given, kept] of [[300, 298] as const, [100, 102] as const]) {
    flushSync(() => goTo(given));
    await new Promise((next) => setTimeout(next, 8));
    flushSync(() => goTo(kept));
    await expect.element(page.getByText(`Row ${kept}`, { exact: true })).toBeInViewport();
  }
});

test('a stopped packet is told from the others by more than colour', async () => {
  const run = twoLaptopsOff();
  await mount(sized(<Ladder run={run} />), run, 12);
  await expect.element(page.getByRole('button', { name: /^12\. .*stopped, no entry fits/ })).toBeVisible();
  expect(document.querySelectorAll('[data-stopped="true"] circle').length).toBeGreaterThan(0);
});

test('typing narrows the list of packets down, and says to how many', async () => {
  const run = twoLaptopsOn();
  await mount(sized(<Packets run={run} />), run, 1);
  await page.getByRole('searchbox').fill('outgoing request');
  await expect.element(page.getByText('2 of 106')).toBeVisible();
  await expect.element(page.getByRole('button', { name: /^8\. PPTP Outgoing-Call-Request/ })).toBeVisible();
  await page.getByLabelText('Which packets').selectOptions('only stopped');
  await expect.element(page.getByText('No packet fits.')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.element(page.getByText('106 of 106')).toBeVisible();
});

test('on a telephone a packet’s row has a line for the packet and one for the router', async () => {
  await page.viewport(390, 844);
  const run = twoLaptopsOff();
  await mount(
    <div style={{ height: 320 }}>
      <Packets run={run} />
    </div>,
    run,
    12,
  );
  const row = page.getByRole('button', { name: /^12\. / });
  const name = row.getByTitle('GRE Call ID 27183 · LCP Configuration Request').element();
  const fate = row.getByTitle('no entry fits').element();
  expect(name.scrollWidth).toBeLessThanOrEqual(name.clientWidth);
  expect(fate.getBoundingClientRect().top).toBeGreaterThanOrEqual(name.getBoundingClientRect().bottom);
});

test('a display filter narrows the list down, and while it is no filter yet says what is expected', async () => {
  const run = twoLaptopsOn();
  await mount(sized(<Packets run={run} />), run, 1);
  await page.getByRole('searchbox').fill('pptp.control_message_type ==');
  await expect.element(page.getByText('Not a filter yet: expected a value, received the end.')).toBeVisible();
  await expect.element(page.getByText('106 of 106')).toBeVisible();
  await page.getByRole('searchbox').fill('pptp.control_message_type == 7');
  await expect.element(page.getByText('2 of 106')).toBeVisible();
  await expect.element(page.getByText('Not a filter yet')).not.toBeInTheDocument();
});

test('in a narrowed list the arrow keys skip what is not shown', async () => {
  const run = twoLaptopsOn();
  const store = await mount(sized(<Packets run={run} />), run, 8);
  await page.getByRole('searchbox').fill('outgoing request');
  await expect.element(page.getByText('2 of 106')).toBeVisible();
  (current() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}');
  expect(store.getState().cursor).toBe(run.steps[33]!.index);
});

test('the table shows the entries of this step and what the step did to them', async () => {
  const run = twoLaptopsOn();
  await mount(sized(<TablePanel run={run} />), run, 11);
  const row = page.getByRole('row', { name: /^GRE entry/ });
  await expect.element(row).toHaveTextContent('192.168.1.10 Call ID 13330');
  await expect.element(row).toHaveTextContent('203.0.113.1 Call ID 35752');
  await expect.element(page.getByRole('row', { name: /^TCP entry/ })).toHaveTextContent('ESTABLISHED');
});

test('of several tables in little room, the entry of this step is seen whole', async () => {
  const run = runOf(play(scenarioOf('carrier-grade-nat')!.experiment));
  const store = await mount(
    <div style={{ width: 720, height: 150 }}>
      <TablePanel run={run} />
    </div>,
    run,
    0,
  );
  const box = page.getByRole('region', { name: 'Connection tables' }).element();
  const routed = run.steps.filter(({ occurrence, fate }) => occurrence.kind === 'routed' && fate === 'through');
  for (const step of routed.slice(0, 12)) {
    store.setState({ cursor: step.index });
    await expect
      .poll(() => {
        const row = document.querySelector('tr[data-used="true"], tr[data-change]')?.getBoundingClientRect();
        const seen = box.getBoundingClientRect();
        return row && row.top >= seen.top - 1 && row.bottom <= seen.bottom + 1;
      })
      .toBe(true);
  }
});

test('an entry can be chosen, and let go', async () => {
  const run = twoLaptopsOn();
  const store = await mount(sized(<TablePanel run={run} />), run, 1);
  const button = page.getByRole('button', { name: /^TCP entry/ });
  await button.click();
  expect(store.getState().selection).toMatchObject({ kind: 'entry' });
  await button.click();
  expect(store.getState().selection).toBeUndefined();
});

test('an empty table says so', async () => {
  const run = twoLaptopsOn();
  await mount(sized(<TablePanel run={run} />), run, 0);
  await expect.element(page.getByText('The table of the router is empty.')).toBeVisible();
});

test('what a stopped packet looked for and did not find stands in the table as nobody’s', async () => {
  const run = twoLaptopsOff();
  const store = await mount(sized(<TablePanel run={run} />), run, 12);
  await expect.element(page.getByRole('row', { name: '? GRE Call ID 27183 nobody' })).toBeVisible();
  store.setState({ cursor: run.steps[9]!.index });
  await expect.element(page.getByText('nobody')).not.toBeInTheDocument();
});

test('on a telephone the table has three lines a row, and nothing of it lies beyond the edge', async () => {
  await page.viewport(390, 844);
  const run = twoLaptopsOn();
  await mount(
    <div style={{ height: 320 }}>
      <TablePanel run={run} />
    </div>,
    run,
    11,
  );
  const box = page.getByRole('region', { name: 'Connection tables' }).element();
  expect(box.scrollWidth).toBe(box.clientWidth);
  const [, inside, outside] = page
    .getByRole('row', { name: /^GRE entry/ })
    .element()
    .querySelectorAll('td');
  for (const cell of [inside!, outside!]) expect(cell.scrollWidth).toBeLessThanOrEqual(cell.clientWidth);
  expect(outside!.getBoundingClientRect().top).toBeGreaterThanOrEqual(inside!.getBoundingClientRect().bottom);
  expect(outside).toHaveTextContent('outside 203.0.113.1 Call ID 35752');
});

test('where the log has nothing of what was asked for, it says so in its words', async () => {
  const run = rawEsp();
  await mount(sized(<Log run={run} />), run, 0);
  await page.getByLabelText('Show').selectOptions('what somebody did');
  await expect.element(page.getByText(/^Nobody intervenes in this run/)).toBeVisible();
  await page.getByLabelText('Show').selectOptions('the tunnels');
  await expect.element(page.getByText('Nobody begins a tunnel in this run.')).toBeVisible();
});

test('the log can be narrowed down, and a line leads to its step', async () => {
  const run = twoLaptopsOff();
  const store = await mount(sized(<Log run={run} />), run, 0);
  await page.getByLabelText('Show').selectOptions('what was stopped');
  const stopped = run.steps.filter(({ fate }) => fate === 'stopped');
  await expect.element(page.getByText(`${stopped.length} lines`)).toBeVisible();
  await page.getByRole('list', { name: 'Log' }).getByRole('button').first().click();
  expect(store.getState().cursor).toBe(stopped[0]?.index);
});
