import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { scenarioOf } from '../../src/scenarios/index.ts';
import { runOf, stepAt } from '../../src/ui/model/run.ts';
import { labelOf } from '../../src/ui/model/sentence.ts';
import { NoteCard } from '../../src/ui/packet/note-card.tsx';
import { run as play } from '../../src/world/run.ts';
import { mount } from './support/mount.tsx';

test('a symptom offers what would have let the packet through that is behind it', async () => {
  const run = runOf(play(scenarioOf('pptp-two-laptops-same-call-id')!.experiment));
  const step = run.steps.find((each) => labelOf(run, each).startsWith('Laptop A shows Error 806'))!;
  let applied = false;
  const cure = {
    label: 'Turn it on',
    apply: () => {
      applied = true;
    },
  };
  await mount(<NoteCard run={run} step={step} cure={cure} />, run, step.number);
  await page.getByRole('region', { name: 'Why' }).getByRole('button', { name: 'Turn it on' }).click();
  expect(applied).toBe(true);
});

test('a symptom says what is behind it, leads to the packet that was stopped, and gives its reason', async () => {
  const run = runOf(play(scenarioOf('pptp-two-laptops-same-call-id')!.experiment));
  const step = run.steps.find((each) => labelOf(run, each).startsWith('Laptop A shows Error 806'))!;
  const store = await mount(<NoteCard run={run} step={step} />, run, step.number);
  await expect
    .element(page.getByRole('heading', { level: 2, name: /^Laptop A shows Error 806: The VPN / }))
    .toBeVisible();
  await expect
    .element(page.getByRole('region', { name: 'What it means' }))
    .toHaveTextContent(/all that the user gets to read\. What is behind it: no LCP packet/);
  await expect.element(page.getByRole('region', { name: 'Why' })).toHaveTextContent(/^Stopped at the router: /);
  await page.getByRole('button', { name: /^Packet \d+, GRE/ }).click();
  const shown = run.steps[stepAt(run, store.getState().cursor)]!;
  expect(shown.fate).toBe('stopped');
  expect(labelOf(run, shown)).toMatch(/Laptop A to VPN server: stopped/);
});
