/** The running Linux kernel as a router, driven through bridge.py. @module */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { hex, toHex } from '../../src/lib/bytes.ts';
import type { RouterConfig } from '../../src/router/config.ts';
import { formatPrefix, type Prefix } from '../../src/wire/address.ts';
import { inNftables, type SetupWriter } from './rules.ts';
import { type KernelEntry, readTable } from './table.ts';
import type { Sight } from './traffic/talk.ts';

interface Answer {
  readonly error?: string;
  readonly out?: readonly (readonly [string, string])[];
  readonly entries?: string;
  readonly expectations?: string;
  readonly kernel?: string;
}

/** Behind which the kernel's router takes everything to be that is on neither of its networks. */
const GATEWAY = '203.0.113.254';

export class Kernel {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: Interface;
  private config: RouterConfig | undefined;
  private setupOf: SetupWriter = inNftables;

  private constructor(process: ChildProcessWithoutNullStreams) {
    this.process = process;
    this.reader = createInterface({ input: process.stdout });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  /** Fails, with what is missing, where this machine cannot be asked. */
  static async start(): Promise<Kernel> {
    const child = spawn('python3', [join(import.meta.dirname, 'bridge.py')], { stdio: 'pipe' });
    child.stderr.pipe(process.stderr);
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', () =>
        reject(new Error('the kernel tests need python3, nft, iptables-restore, conntrack and ip')),
      );
    });
    const kernel = new Kernel(child);
    await kernel.answer();
    return kernel;
  }

  /** A new router with empty tables; the one before is gone. */
  async open(config: RouterConfig, setupOf: SetupWriter = inNftables): Promise<void> {
    this.config = config;
    this.setupOf = setupOf;
    await this.ask({
      op: 'open',
      lan: formatPrefix(addressOf(config, 'lan')),
      wan: formatPrefix(addressOf(config, 'wan')),
      gateway: GATEWAY,
      mtu: Object.fromEntries(config.interfaces.map((each) => [each.name, each.mtu ?? 1500])),
      ...setupOf(config),
    });
  }

  async send(on: string, packet: Uint8Array): Promise<Sight[]> {
    return sights(await this.ask({ op: 'send', on, packet: toHex(packet) }));
  }

  /** Lets real time pass. */
  async wait(seconds: number): Promise<Sight[]> {
    return sights(await this.ask({ op: 'wait', seconds }));
  }

  async flush(): Promise<void> {
    await this.ask({ op: 'flush' });
  }

  async setPptpHelper(on: boolean): Promise<void> {
    await this.reload({ ...this.current(), helpers: on ? ['nf-pptp'] : [] });
  }

  /** Other rules for the router that is open; its table stays. */
  async reload(config: RouterConfig, setupOf: SetupWriter = this.setupOf): Promise<void> {
    this.config = config;
    this.setupOf = setupOf;
    await this.ask({ op: 'rules', rules: setupOf(config).rules });
  }

  async setAddress(name: string, address: Prefix): Promise<void> {
    const config = this.current();
    const old = formatPrefix(addressOf(config, name));
    const interfaces = config.interfaces.map((each) => (each.name === name ? { ...each, address } : each));
    this.config = { ...config, interfaces };
    if (formatPrefix(address) !== old)
      await this.ask({ op: 'address', on: name, old, new: formatPrefix(address), gateway: GATEWAY });
  }

  async table(): Promise<KernelEntry[]> {
    const { entries = '', expectations = '' } = await this.ask({ op: 'table' });
    return readTable(entries, expectations);
  }

  /** The table as conntrack(8) prints it, for reports. */
  async tableText(): Promise<string> {
    const { entries = '', expectations = '' } = await this.ask({ op: 'table' });
    return entries + expectations;
  }

  close(): void {
    this.process.stdin.end();
    this.process.kill();
    this.reader.close();
  }

  private current(): RouterConfig {
    if (!this.config) throw new Error('no router is open');
    return this.config;
  }

  private async ask(request: object): Promise<Answer> {
    this.process.stdin.write(`${JSON.stringify(request)}\n`);
    return await this.answer();
  }

  private async answer(): Promise<Answer> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the bridge to the kernel is gone; its last words are above');
    const answer = JSON.parse(value) as Answer;
    if (answer.error) throw new Error(`the kernel cannot be asked: ${answer.error}`);
    return answer;
  }
}

function sights(answer: Answer): Sight[] {
  return (answer.out ?? []).map(([on, packet]) => ({ on, packet: hex(packet) }));
}

function addressOf(config: RouterConfig, name: string): Prefix {
  const found = config.interfaces.find((each) => each.name === name);
  if (!found) throw new Error(`the kernel's router has interfaces lan and wan, not ${name}`);
  return found.address;
}
