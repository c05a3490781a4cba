/** The stages of a router in the page's own words; engineers know them by their hooks. @module */
import type { StageName } from '../../router/outcome.ts';

/** What the stages are called on the stage and beside it. */
export const STAGE_LABELS: Readonly<Record<StageName, string>> = {
  ingress: 'in',
  defragment: 'put together',
  conntrack: 'look up',
  helper: 'helper',
  'destination-nat': 'dest. NAT',
  routing: 'route',
  forward: 'filter',
  input: 'for me',
  'source-nat': 'NAT',
  confirm: 'note down',
  egress: 'out',
};
