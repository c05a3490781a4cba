/** What somebody does in the middle of a run: to routers, cables and tunnels, or with a packet of his own making. @module */
import type { Stack } from '../endpoints/stack.ts';
import { fromHex } from '../lib/bytes.ts';
import type { TableChange } from '../router/outcome.ts';
import { REBOOT } from './bounds.ts';
import type { Cables } from './cables.ts';
import type { Intervention } from './experiment.ts';
import { type Network, prefixOf } from './network.ts';
import type { Ground } from './platform.ts';
import type { RunningRouter } from './running-router.ts';

/** What interventions take hold of. */
export interface Grip {
  readonly ground: Ground;
  readonly network: Network;
  readonly cables: Cables;
  readonly routers: ReadonlyMap<string, RunningRouter>;
  /** By node. A router has one where it is an end of tunnels itself. */
  readonly stacks: ReadonlyMap<string, Stack>;
  /** The node's user dials or hangs up. */
  readonly user: (node: string, does: 'start' | 'stop') => void;
  readonly tell: (node: string, what: string, changes?: readonly TableChange[]) => void;
}

export class Interventions {
  private readonly grip: Grip;

  constructor(grip: Grip) {
    this.grip = grip;
  }

  intervene(what: Intervention): void {
    const { tell, user, cables } = this.grip;
    switch (what.do) {
      case 'switch':
        this.running(what.router).flip(what.name, what.on);
        tell(what.router, `switch ${what.name} ${what.on ? 'on' : 'off'}`);
        break;
      case 'reboot':
        this.reboot(what.router);
        break;
      case 'flush':
        tell(what.router, 'flush', this.running(what.router).router.flush(this.seconds));
        break;
      case 'wan-address':
        this.readdress(what.router, what.address);
        break;
      case 'cable':
        cables.plug(what.node, what.uplink, what.plugged);
        tell(what.node, cableDeed(what.uplink, what.plugged));
        break;
      case 'start':
      case 'stop':
        tell(what.node, what.do);
        user(what.node, what.do);
        break;
      case 'packet':
        tell(what.from, 'packet');
        this.inject(what.from, fromHex(what.hex));
        break;
    }
  }

  private running(id: string): RunningRouter {
    const running = this.grip.routers.get(id);
    if (!running) throw new Error(`no router "${id}"`);
    return running;
  }

  private get seconds(): number {
    return this.grip.ground.now / 1_000_000;
  }

  /** The provider gives the router another address; a tunnel that ends on it follows. */
  private readdress(id: string, wan: string): void {
    const { network, stacks, tell } = this.grip;
    const { address } = prefixOf(wan);
    const before = network.setWanAddress(id, address);
    tell(id, `wan-address ${wan}`, this.running(id).setWanAddress(wan, this.seconds));
    stacks.get(id)?.readdress(before, address);
  }

  /** Told again while it is away, it begins again from there. */
  private reboot(id: string): void {
    const { ground, stacks, tell } = this.grip;
    const running = this.running(id);
    tell(id, 'reboot', running.goDown(this.seconds));
    const mine = running.reboots;
    stacks.get(id)?.stop();
    ground.plan(ground.now + REBOOT, () => {
      if (running.reboots !== mine) return;
      running.comeBack();
      stacks.get(id)?.start();
    });
  }

  private inject(from: string, packet: Uint8Array | undefined): void {
    if (packet && packet.length >= 20) this.grip.ground.send(from, packet, undefined);
  }
}

function cableDeed(uplink: string | undefined, plugged: boolean): string {
  return `${uplink === undefined ? 'cable' : `${uplink} cable`} ${plugged ? 'plugged in' : 'pulled'}`;
}
