/** A router of an experiment while it runs: how it is set by now, and whether it is there. @module */
import type { TableChange } from '../router/outcome.ts';
import { profileOf } from '../router/profiles/index.ts';
import { chainsOf, helpersOf, type Switches, type SwitchName } from '../router/profiles/profile.ts';
import type { Router } from '../router/router.ts';
import type { RouterSetup } from './experiment.ts';
import { prefixOf } from './network.ts';
import { routerOf } from './router-of.ts';

export class RunningRouter {
  /** False while it reboots. */
  up = true;
  /** How often it was told to start anew. */
  reboots = 0;
  router: Router;
  private readonly seed: number;
  /** With the WAN address of now. */
  private setup: RouterSetup;
  private switches: Switches;

  constructor(seed: number, setup: RouterSetup) {
    this.seed = seed;
    this.setup = setup;
    this.switches = setup.switches;
    this.router = routerOf(seed, setup, setup.switches, 0);
  }

  /** A flip without a reboot does what it really does: rules change at once, helpers for new connections only. */
  flip(name: SwitchName, on: boolean): void {
    this.switches = { ...this.switches, [name]: on };
    const profile = profileOf(this.setup.profile)!;
    const { forward, input } = chainsOf(profile, this.switches, this.setup.firewall);
    this.router.setChains(forward, input);
    this.router.setHelpers(helpersOf(profile, this.switches));
  }

  /** The address is kept over a reboot. */
  setWanAddress(wan: string, seconds: number): readonly TableChange[] {
    this.setup = { ...this.setup, wan };
    return this.router.setAddress('wan', prefixOf(wan), seconds);
  }

  goDown(seconds: number): readonly TableChange[] {
    this.reboots++;
    this.up = false;
    return this.router.flush(seconds);
  }

  comeBack(): void {
    this.router = routerOf(this.seed, this.setup, this.switches, this.reboots);
    this.up = true;
  }
}
