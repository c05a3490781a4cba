/** The routers that can be set against each other. @module */
import type { RouterConfig } from '../../src/router/config.ts';
import type { EntryView, Outcome } from '../../src/router/outcome.ts';
import { Router } from '../../src/router/router.ts';
import { formatIpv4 } from '../../src/wire/address.ts';
import type { Kernel } from './kernel.ts';
import type { Contender } from './lockstep.ts';
import { inNftables, type SetupWriter } from './rules.ts';
import type { KernelEntry } from './table.ts';
import type { Sight, Step } from './traffic/talk.ts';

export class KernelContender implements Contender {
  readonly name = 'kernel';
  private readonly kernel: Kernel;
  private readonly setupOf: SetupWriter;
  private openedAt = 0;

  constructor(kernel: Kernel, setupOf: SetupWriter = inNftables) {
    this.kernel = kernel;
    this.setupOf = setupOf;
  }

  async open(config: RouterConfig): Promise<void> {
    await this.kernel.open(config, this.setupOf);
    this.openedAt = clock();
  }

  async take(step: Step): Promise<readonly Sight[]> {
    if (step.do === 'send') return await this.kernel.send(step.on, step.packet);
    if (step.do === 'until') return await this.kernel.wait(Math.max(0, this.openedAt + step.seconds - clock()));
    if (step.do === 'flush') await this.kernel.flush();
    else if (step.do === 'helper') await this.kernel.setPptpHelper(step.on);
    else await this.kernel.setAddress('wan', { address: step.wan, length: 24 });
    return [];
  }

  async table(): Promise<readonly KernelEntry[]> {
    return await this.kernel.table();
  }

  async explain(): Promise<string> {
    return `kernel's table:\n${await this.kernel.tableText()}`;
  }
}

/** Ours. Its time is the machine's, as the kernel's is. */
export class RouterContender implements Contender {
  readonly name = 'ours';
  private router: Router | undefined;
  private last: Outcome | undefined;
  private wan = 0;

  async open(config: RouterConfig): Promise<void> {
    this.router = new Router(config);
    this.wan = config.interfaces[1]!.address.address;
  }

  async take(step: Step): Promise<readonly Sight[]> {
    const router = this.current();
    const now = clock();
    if (step.do === 'send') {
      this.last = router.receive(step.on, step.packet.slice(), now);
      return this.last.out;
    }
    if (step.do === 'flush') router.flush(now);
    else if (step.do === 'helper') router.setHelpers(step.on ? ['nf-pptp'] : []);
    else if (step.do === 'address' && step.wan !== this.wan) {
      router.setAddress('wan', { address: step.wan, length: 24 }, now);
      this.wan = step.wan;
    }
    return [];
  }

  async table(): Promise<readonly KernelEntry[]> {
    const now = clock();
    return this.current()
      .entries(now)
      .map((entry) => ({ ...entry, ...asKernelShows(entry, now) }));
  }

  async explain(): Promise<string> {
    const verdict = `ours: ${this.last?.verdict} ${JSON.stringify(this.last?.reasons)}`;
    const table = await this.table();
    return `${verdict}\nour table:\n${table.map((entry) => entry.text).join('\n')}`;
  }

  private current(): Router {
    if (!this.router) throw new Error('no router is open');
    return this.router;
  }
}

/** Seconds, near enough to the kernel's clock for the time stamps it writes. */
function clock(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}

function asKernelShows(entry: EntryView, now: number): KernelEntry {
  const { kind, original, reply, state, flags, helper, expiresAt } = entry;
  const ends = [original, reply].map(
    ({ source, destination, type, code }) =>
      `${formatIpv4(source.address)} ${source.key} > ${formatIpv4(destination.address)} ${destination.key}${type === undefined ? '' : ` type ${type} code ${code}`}`,
  );
  const left = expiresAt - now;
  const text = `${kind} ${original.protocol} ${left.toFixed(1)} ${state ?? ''} ${ends.join(' | ')} ${JSON.stringify(flags)} ${helper ?? ''}`;
  return {
    kind,
    original,
    reply,
    state,
    assured: flags.assured,
    seenReply: flags.seenReply,
    left,
    helper,
    text,
  };
}
