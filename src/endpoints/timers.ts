/** Named timers together with what each leads to. A host knows only names; an endpoint's parts think in actions. @module */
import type { Host } from './endpoint.ts';

export class Timers {
  private readonly host: Host;
  private readonly prefix: string;
  private readonly actions: Map<string, () => void>;

  constructor(host: Host, prefix = '', actions = new Map<string, () => void>()) {
    this.host = host;
    this.prefix = prefix;
    this.actions = actions;
  }

  /** For a part of the endpoint: the same timers under names of its own. */
  within(part: string): Timers {
    return new Timers(this.host, `${this.prefix}${part}/`, this.actions);
  }

  /** Setting a name again moves it and replaces its action. */
  set(name: string, delay: number, action: () => void): void {
    this.actions.set(this.prefix + name, action);
    this.host.setTimer(this.prefix + name, delay);
  }

  clear(name: string): void {
    if (this.actions.delete(this.prefix + name)) this.host.clearTimer(this.prefix + name);
  }

  isSet(name: string): boolean {
    return this.actions.has(this.prefix + name);
  }

  /** Clears all timers of this part and of the parts within it. */
  clearAll(): void {
    for (const name of [...this.actions.keys()])
      if (name.startsWith(this.prefix)) {
        this.actions.delete(name);
        this.host.clearTimer(name);
      }
  }

  /** What `Endpoint.timer` calls, on the outermost set, with the whole name. */
  fire(name: string): void {
    const action = this.actions.get(name);
    this.actions.delete(name);
    action?.();
  }
}
