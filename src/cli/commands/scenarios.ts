/** `passthrough-lab scenarios`: what there is to run. @module */
import { describeClaim } from '../../scenarios/claim.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import type { Family } from '../../scenarios/scenario.ts';
import { type Command, EXIT } from '../command.ts';
import { toJson } from '../json.ts';
import { flag } from '../options.ts';

const options = { json: flag('one JSON array with an object for each scenario, one a line') };

const FAMILIES: Readonly<Record<Family, string>> = {
  pptp: 'PPTP',
  l2tp: 'L2TP',
  ipsec: 'IPsec',
  ordinary: 'Ordinary TCP and UDP',
  around: 'Ways around passthrough',
  network: 'What happens around a tunnel',
};

export const scenariosCommand: Command<typeof options> = {
  name: 'scenarios',
  summary: 'the built-in scenarios',
  operands: [],
  options,
  about: `
Lists the built-in scenarios: the name by which "run" knows each, and what it is about. With --json also its story, its
experiment as data, what it claims, and what other switch positions change.

Exit status: 0.`,
  async run({ values }, terminal) {
    await terminal.out(values.json ? asJson() : asText());
    return EXIT.ok;
  },
};

function asText(): string {
  const width = Math.max(...SCENARIOS.map(({ id }) => id.length));
  return Object.entries(FAMILIES)
    .map(([family, name]) => {
      const lines = SCENARIOS.filter((each) => each.family === family).map(
        ({ id, title }) => `  ${id.padEnd(width)}  ${title}\n`,
      );
      return `${name}\n${lines.join('')}`;
    })
    .join('\n');
}

function asJson(): string {
  const lines = SCENARIOS.map(({ claims, variants = [], ...scenario }) => {
    const also = variants.map((variant) => ({ ...variant, claims: variant.claims.map(describeClaim) }));
    return toJson({ ...scenario, claims: claims.map(describeClaim), variants: also });
  });
  return `[\n${lines.join(',\n')}\n]\n`;
}
