import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-react';
import '../../../src/ui/design/base.css';
import '../../../src/ui/design/tokens.css';
import { scenarioOf } from '../../../src/scenarios/index.ts';
import { Outcome } from '../../../src/ui/lab/outcome.tsx';
import { runOf } from '../../../src/ui/model/run.ts';
import { run as play } from '../../../src/world/run.ts';

const colourOf = (element: Element) => getComputedStyle(element).color;

/** Where a colour stands in the page's own list of them. */
function colour(name: string): string {
  const sample = document.createElement('p');
  sample.style.color = `var(--${name})`;
  document.body.append(sample);
  const found = colourOf(sample);
  sample.remove();
  return found;
}

test.each([
  ['pptp-two-laptops-same-call-id', 'Neither connection is up in the end.', 'drop', 'drop'],
  ['all-kinds-at-once', '5 of 6 connections are up in the end.', 'ink', 'drop'],
  ['sstp', 'Both connections are up in the end.', 'ok', 'ok'],
])(
  'how %s ends is in the colour of what came of all, its mark in that of what failed',
  async (id, says, text, mark) => {
    await render(<Outcome run={runOf(play(scenarioOf(id)!.experiment))} />);
    const line = page.getByText(says).element();
    expect(colourOf(line)).toBe(colour(text));
    expect(colourOf(line.querySelector('svg')!)).toBe(colour(mark));
  },
);
