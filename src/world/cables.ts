/** Which cables are pulled: all of a node's, or those of some of a router's uplinks. @module */
import type { Network } from './network.ts';

export class Cables {
  private readonly network: Network;
  private readonly pulled = new Set<string>();

  constructor(network: Network) {
    this.network = network;
  }

  /** `uplink`: one of a router that has several; left out, all the node's cables. */
  plug(node: string, uplink: string | undefined, plugged: boolean): void {
    const cable = uplink === undefined ? node : `${node}/${uplink}`;
    if (plugged) this.pulled.delete(cable);
    else this.pulled.add(cable);
  }

  /** Does nothing get through to or from this address of the node? */
  isCut(node: string, address: number): boolean {
    return this.pulled.has(node) || this.pulled.has(`${node}/${this.network.uplinkAt(node, address)}`);
  }
}
