/** How an experiment ends, in a line: how many of the tunnels are up. @module */
import type { Trace } from '../../world/trace.ts';
import { names } from '../design/class-names.ts';
import { CheckIcon, CrossIcon } from '../design/icons.tsx';
import type { Run } from '../model/run.ts';
import setup from '../setup/setup.module.css';
import styles from './lab.module.css';
import { standingsAt } from './standing.ts';

/** Where some hold and some do not, the colour of what failed is for the mark alone. */
export function Outcome({ run }: { readonly run: Run }) {
  const { works, says, holding } = outcomeOf(run.trace);
  const colour = works ? setup.works : holding > 0 ? styles.partly : setup.fails;
  return (
    <p className={names(setup.outcome, colour)}>
      {works ? <CheckIcon /> : <CrossIcon />}
      {says}
    </p>
  );
}

export interface HowItEnds {
  readonly works: boolean;
  readonly says: string;
  /** How many connections are up, at both their ends. */
  readonly holding: number;
}

/** At its end: a tunnel that was up and broke again does not count. */
export function outcomeOf(trace: Trace): HowItEnds {
  const standings = standingsAt(trace, trace.occurrences.length - 1);
  const clients = trace.nodes.filter(({ kind }) => kind === 'client');
  const up = clients.filter(({ id }) => standings.get(id)?.phase?.status === 'up').length;
  // A laptop may take itself for connected when its server has long given it up.
  const servers = trace.nodes.filter(({ kind }) => kind === 'server');
  const alone = up === clients.length && servers.some(({ id }) => standings.get(id)?.symptom);
  if (!alone) return { works: up === clients.length, says: said(up, clients.length), holding: up };
  const one = clients.length === 1 ? clients[0]?.name : 'One of them';
  return { works: false, says: `${one} takes itself for connected, and the server has given it up.`, holding: up - 1 };
}

function said(up: number, all: number): string {
  if (all === 1) return up === 1 ? 'The connection is up in the end.' : 'The connection is not up in the end.';
  if (up === all)
    return all === 2 ? 'Both connections are up in the end.' : `All ${all} connections are up in the end.`;
  if (up === 0)
    return all === 2 ? 'Neither connection is up in the end.' : `None of ${all} connections is up in the end.`;
  return `${up} of ${all} connections ${up === 1 ? 'is' : 'are'} up in the end.`;
}
