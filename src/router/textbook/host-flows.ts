/** The flows of one sorter: at most one for each inside host and server. @module */
import type { Quotation, SortedFlow, Sorting } from '../netfilter/sorting.ts';

export class HostFlows {
  private readonly sorting: Sorting;
  private readonly byRemote = new Map<number, Map<number, SortedFlow>>();

  constructor(sorting: Sorting) {
    this.sorting = sorting;
  }

  find(inside: number, remote: number): SortedFlow | undefined {
    const flow = this.byRemote.get(remote)?.get(inside);
    return flow && this.sorting.isLive(flow) ? flow : undefined;
  }

  add(flow: SortedFlow): SortedFlow {
    const flows = this.byRemote.get(flow.remote) ?? new Map<number, SortedFlow>();
    this.byRemote.set(flow.remote, flows.set(flow.inside, flow));
    return flow;
  }

  remove(flow: SortedFlow): void {
    const flows = this.byRemote.get(flow.remote);
    flows?.delete(flow.inside);
    if (flows?.size === 0) this.byRemote.delete(flow.remote);
  }

  /** By addresses alone: the host's, or where the quotation does not name it, the only one there is. */
  quoted({ inside, remote }: Quotation): SortedFlow | undefined {
    if (inside !== undefined) return this.find(inside, remote);
    const live = [...(this.byRemote.get(remote)?.values() ?? [])].filter((flow) => this.sorting.isLive(flow));
    return live.length === 1 ? live[0] : undefined;
  }
}
