/** Who takes part in an experiment, as the trace lists them: clients, routers from the inside out, servers, a stranger. @module */
import { ipv4 } from '../wire/address.ts';
import type { Experiment } from './experiment.ts';
import { type Network, uplinksOf } from './network.ts';
import type { TraceNode } from './trace.ts';

export function nodesOf({ clients, routers, servers, stranger }: Experiment, network: Network): readonly TraceNode[] {
  const node = (kind: TraceNode['kind'], { id, name }: { readonly id: string; readonly name: string }): TraceNode => ({
    id,
    kind,
    name,
    addresses: network.addressesOf(id),
  });
  return [
    ...clients.map((each) => ({ ...node('client', each), vpn: each.vpn.kind })),
    ...routers.map((each) => {
      const uplinks = uplinksOf(each).map(({ name }) => name);
      return { ...node('router', each), ...(uplinks.length > 0 ? { uplinks } : {}) };
    }),
    ...servers.map((each) => node('server', each)),
    ...(stranger ? [{ ...node('stranger', { id: 'stranger', name: 'Stranger' }), addresses: [ipv4(stranger)] }] : []),
  ];
}
