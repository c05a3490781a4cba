/** A router behind a line protocol: one JSON object in, one out. Knows nothing of processes or streams. @module */
import { fromHex } from '../lib/bytes.ts';
import type { RouterConfig } from '../router/config.ts';
import { Router } from '../router/router.ts';
import { type Prefix, parsePrefix } from '../wire/address.ts';
import { toJson } from './json.ts';

/** What is wrong with a line: which part, what was expected there, what was found. */
class Complaint extends Error {
  constructor(path: string, expected: string, received: unknown) {
    super(`${path}: expected ${expected}, received ${shortened(received)}`);
  }
}

type Request = Readonly<Record<string, unknown>>;

/** The four things a line can ask; a line asks exactly one. */
const ASKS = ['packet', 'set', 'show', 'flush'] as const;

export class RouterSession {
  private readonly router: Router;
  private readonly switched: (pptp: boolean) => RouterConfig;
  private addresses: ReadonlyMap<string, number>;
  private now = 0;

  /** `switched`: how the router is set up in each position of its PPTP switch. Default: as the `linux` profile. */
  constructor(
    config: RouterConfig,
    switched: (pptp: boolean) => RouterConfig = (pptp) => ({ ...config, helpers: pptp ? ['nf-pptp'] : [] }),
  ) {
    this.router = new Router(config);
    this.addresses = new Map(config.interfaces.map(({ name, address }) => [name, address.address]));
    this.switched = switched;
  }

  /** Answers one line with one line, whatever it holds. Undefined stands for a line too long to be kept. */
  answer(line: string | undefined): string {
    try {
      return toJson(this.reply(read(line)));
    } catch (error) {
      return toJson({ error: error instanceof Complaint ? error.message : `internal error: ${String(error)}` });
    }
  }

  private reply(request: Request): unknown {
    const asked = ASKS.filter((ask) => ask in request);
    const [ask] = asked;
    if (!ask || asked.length > 1) throw new Complaint('line', `one of ${ASKS.join(', ')}`, Object.keys(request));
    // Read everything first: a line that is refused changes nothing.
    const now = this.timeOf(request);
    switch (ask) {
      case 'packet': {
        const packet = packetOf(request);
        const on = this.interfaceOf(request);
        this.now = now;
        const { out, verdict, reasons, stages, changes } = this.router.receive(on, packet, now);
        return { out, verdict, reasons, stages, changes };
      }
      case 'set': {
        const settings = this.settingsOf(request);
        this.now = now;
        return { set: request.set, changes: settings.flatMap((apply) => apply(now)) };
      }
      case 'show':
        only('show', request.show);
        this.now = now;
        return { conntrack: this.router.entries(now) };
      case 'flush': {
        only('flush', request.flush);
        this.now = now;
        return { flushed: 'conntrack', changes: this.router.flush(now) };
      }
    }
  }

  /** A line without a time happens at the time of the line before. */
  private timeOf(request: Request): number {
    const { t = this.now } = request;
    if (typeof t !== 'number' || !Number.isFinite(t) || t < this.now)
      throw new Complaint('t', `seconds, at least the ${this.now} of the line before`, t);
    return t;
  }

  private interfaceOf(request: Request): string {
    const name = request.in;
    if (typeof name === 'string' && this.router.names.includes(name)) return name;
    throw new Complaint('in', this.router.names.map((each) => JSON.stringify(each)).join(' or '), name);
  }

  /** What to do for each setting, once all of them are understood. */
  private settingsOf(request: Request) {
    const { set } = request;
    if (!isObject(set)) throw new Complaint('set', 'an object', set);
    const addresses = new Map(this.addresses);
    const settings = Object.entries(set).map(([name, value]) => {
      if (name === 'pptp') {
        if (typeof value !== 'boolean') throw new Complaint('set.pptp', 'true or false', value);
        return () => {
          const { helpers, forward, input } = this.switched(value);
          this.router.setHelpers(helpers);
          this.router.setChains(forward, input);
          return [];
        };
      }
      if (!this.router.names.includes(name)) throw new Complaint('set', `pptp, ${this.router.names.join(', ')}`, name);
      const address = prefixOf(`set.${name}`, value);
      addresses.set(name, address.address);
      return (now: number) => this.router.setAddress(name, address, now);
    });
    if (new Set(addresses.values()).size < addresses.size)
      throw new Complaint('set', 'an address of its own for each interface', set);
    this.addresses = addresses;
    return settings;
  }
}

function read(line: string | undefined): Request {
  if (line === undefined) throw new Complaint('line', 'at most a million characters', 'more');
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Complaint('line', 'a JSON object', line);
  }
  if (!isObject(value)) throw new Complaint('line', 'a JSON object', value);
  return value;
}

function packetOf(request: Request): Uint8Array {
  const { packet } = request;
  const bytes = typeof packet === 'string' ? fromHex(packet) : undefined;
  if (!bytes) throw new Complaint('packet', 'an IPv4 packet in hex, two digits a byte', packet);
  return bytes;
}

function prefixOf(path: string, value: unknown): Prefix {
  const prefix = typeof value === 'string' ? parsePrefix(value) : undefined;
  if (!prefix) throw new Complaint(path, 'an address with its network, as 203.0.113.1/24', value);
  return prefix;
}

function only(path: string, value: unknown): void {
  if (value !== 'conntrack') throw new Complaint(path, '"conntrack"', value);
}

function isObject(value: unknown): value is Request {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SHOWN = 60;

function shortened(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
