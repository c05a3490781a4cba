import { beforeAll, beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import '../../../src/ui/design/base.css';
import '../../../src/ui/design/tokens.css';
import { PROFILES } from '../../../src/router/profiles/index.ts';
import { type Cell, rowOf } from '../../../src/scenarios/matrix.ts';
import { situationOf } from '../../../src/scenarios/matrix-situations.ts';
import type { CellAt } from '../../../src/ui/matrix/cell-words.ts';
import { Grid } from '../../../src/ui/matrix/grid.tsx';
import { GROUPS, VIEWS } from '../../../src/ui/matrix/layout.ts';
import { List } from '../../../src/ui/matrix/list.tsx';
import { Matrix } from '../../../src/ui/matrix/matrix.tsx';
import { createMatrix, type MatrixHandle } from '../../../src/ui/matrix/results.ts';
import { MatrixContext } from '../../../src/ui/matrix/use-matrix.ts';
import { mountScreen } from '../support/mount.tsx';

const L2TP = GROUPS.filter(({ id }) => id === 'l2tp');
const [ALL_ON] = VIEWS;
const L2TP_OFF = VIEWS.find(({ id }) => id === 'l2tp-off')!;

/** Two rows, run with all switches on and with that of L2TP off. */
let cells: readonly Cell[] = [];
beforeAll(() => {
  const places = [ALL_ON, L2TP_OFF].flatMap(({ switches }) => PROFILES.map((profile) => ({ profile, switches })));
  cells = ['l2tp-one', 'l2tp-two'].flatMap((id) => [...rowOf(situationOf(id)!, places)]);
});

let matrix: MatrixHandle;
let opened: CellAt[] = [];
beforeEach(() => {
  opened = [];
  matrix = createMatrix((answer) => ({ post: () => answer(cells), stop: () => {} }));
  matrix.enter();
});

const open = (at: CellAt) => opened.push(at);
const show = (content: React.ReactNode) => render(<MatrixContext value={matrix}>{content}</MatrixContext>);
const grid = (view = ALL_ON) => show(<Grid groups={L2TP} view={view} corner="" onOpen={open} />);
const named = (name: string | RegExp) => page.getByRole('button', { name });
const focused = () => document.activeElement?.getAttribute('aria-label') ?? '';

test('each cell says as a sentence who, where and what became of it', async () => {
  await grid(L2TP_OFF);
  await expect
    .element(named('L2TP, 2 laptops, at DD-WRT, L2TP off: blocked. The rule of a switch drops it.'))
    .toHaveTextContent('blocked');
  await expect.element(page.getByRole('columnheader', { name: 'DD-WRT' })).toBeVisible();
  await expect.element(page.getByRole('rowheader', { name: 'L2TP, 2 laptops' })).toBeVisible();
});

test('a cell opens its run', async () => {
  await grid();
  await named(/^L2TP, 2 laptops, at ASUSWRT/).click();
  expect(opened.map(({ situation, profile }) => [situation.id, profile.id])).toEqual([['l2tp-two', 'asuswrt']]);
});

test('arrow keys walk from cell to cell and stop at the edge; Enter opens', async () => {
  await grid();
  await userEvent.tab();
  expect(focused()).toMatch(/^L2TP, 1 laptop, at Textbook NAPT/);
  await userEvent.keyboard('{ArrowRight}{ArrowDown}');
  expect(focused()).toMatch(/^L2TP, 2 laptops, at Linux 6\.x netfilter/);
  await userEvent.keyboard('{ArrowLeft}{ArrowLeft}{ArrowUp}{ArrowUp}');
  expect(focused()).toMatch(/^L2TP, 1 laptop, at Textbook NAPT/);
  await userEvent.keyboard('{End}');
  expect(focused()).toMatch(/^L2TP, 1 laptop, at pf/);
  await userEvent.keyboard('{Enter}');
  expect(opened.map(({ profile }) => profile.id)).toEqual(['pf']);
});

test('pointing elsewhere does not lead the keyboard astray', async () => {
  await grid();
  await userEvent.tab();
  await named(/^L2TP, 2 laptops, at ASUSWRT/).hover();
  await userEvent.keyboard('{ArrowRight}');
  expect(focused()).toMatch(/^L2TP, 1 laptop, at Linux 6\.x netfilter/);
});

test('the cell that is pointed at is ringed', async () => {
  await grid();
  const cell = named(/^L2TP, 2 laptops, at ASUSWRT/);
  const ring = () => {
    const { outlineStyle, outlineWidth } = getComputedStyle(cell.element());
    return `${outlineStyle} ${outlineWidth}`;
  };
  expect(ring()).toMatch(/^none/);
  await cell.hover();
  await expect.poll(ring).toBe('solid 2px');
});

test('the cell that is written about is ringed, also where no key has led to it', async () => {
  await grid();
  const other = named(/^L2TP, 1 laptop, at pf/);
  await other.click();
  const cell = named(/^L2TP, 2 laptops, at ASUSWRT/);
  (cell.element() as HTMLElement).focus();
  await expect.poll(() => getComputedStyle(cell.element()).outlineWidth).toBe('2px');
  await expect.poll(() => getComputedStyle(cell.element()).outlineStyle).toBe('solid');
  expect(document.querySelectorAll('[data-described="true"]')).toHaveLength(1);
});

test('the sentence counts what differs among the cells that are shown, and leads to the first', async () => {
  await page.viewport(1280, 720);
  await mountScreen(
    <MatrixContext value={matrix}>
      <Matrix />
    </MatrixContext>,
  );
  const lead = named('framed: go to the first');
  await page.getByRole('radio', { name: 'L2TP off' }).click();
  await expect.element(page.getByText('With L2TP off')).toHaveTextContent(/^With L2TP off, \d+ of 420 cells are other/);
  await lead.click();
  expect(focused()).toMatch(/^L2TP, 1 laptop, at DD-WRT, L2TP off: blocked/);
  await expect.element(named(/^L2TP, 1 laptop, at DD-WRT/)).toBeInViewport({ ratio: 1 });
  await page.getByRole('radio', { name: 'IPsec', exact: true }).click();
  await expect
    .element(page.getByText('With L2TP off'))
    .toHaveTextContent(/, 0 of \d+ cells are other than with all on\.$/);
  await expect.element(lead).not.toBeInTheDocument();
});

test('on a narrow screen the sentence counts at the router that is shown', async () => {
  await page.viewport(390, 844);
  await mountScreen(
    <MatrixContext value={matrix}>
      <Matrix />
    </MatrixContext>,
  );
  await page.getByRole('radio', { name: 'L2TP off' }).click();
  await page.getByLabelText('Router', { exact: true }).selectOptions('DD-WRT');
  await expect.element(page.getByText('With L2TP off')).toHaveTextContent(/, 2 of 28 at DD-WRT are other than/);
  await named('framed: go to the first').click();
  expect(focused()).toMatch(/^L2TP, 1 laptop, at DD-WRT/);
});

test('the table is one stop of the tab key', async () => {
  await grid();
  await userEvent.tab();
  await userEvent.tab();
  expect(document.activeElement?.closest('table')).toBeNull();
});

test('a cell that has not been run says so and opens nothing', async () => {
  await grid();
  const cell = named(/^L2TPv3 over IP 115, 1 laptop, at pf, all on: not run yet/);
  await cell.click({ force: true });
  await expect.element(cell).toHaveAttribute('aria-disabled', 'true');
  expect(opened).toEqual([]);
});

test('what differs from all switches on is framed, and nothing else', async () => {
  await grid(L2TP_OFF);
  const changed = (name: RegExp) => named(name).element().querySelector('[data-changed]')?.getAttribute('data-changed');
  await expect.poll(() => changed(/^L2TP, 1 laptop, at DD-WRT/)).toBe('true');
  expect(changed(/^L2TP, 1 laptop, at Tomato/)).toBe('false');
});

test('on a narrow screen there is one router at a time, with the reason below each situation', async () => {
  await show(<List groups={L2TP} view={L2TP_OFF} onOpen={open} />);
  await page.getByLabelText('Router', { exact: true }).selectOptions('DD-WRT');
  await expect
    .element(named(/^L2TP, 1 laptop, at DD-WRT, L2TP off: blocked/))
    .toHaveTextContent('With L2TP passthrough off');
  await page.getByLabelText('Router', { exact: true }).selectOptions('Tomato');
  await named(/^L2TP, 2 laptops, at Tomato/).click();
  expect(opened.map(({ situation, profile }) => [situation.id, profile.id])).toEqual([['l2tp-two', 'tomato']]);
});
