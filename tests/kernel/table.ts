/** The kernel's connection table, read from what conntrack(8) prints. @module */
import type { Peer, TupleView } from '../../src/router/reason.ts';
import { ipv4 } from '../../src/wire/address.ts';

export interface KernelEntry {
  readonly kind: 'connection' | 'expectation';
  readonly original: TupleView;
  /** Of a connection; an expectation repeats its only tuple. */
  readonly reply: TupleView;
  readonly state: string | undefined;
  readonly assured: boolean;
  readonly seenReply: boolean;
  /** Seconds left. */
  readonly left: number;
  readonly helper: string | undefined;
  /** The line itself. */
  readonly text: string;
}

export function readTable(entries: string, expectations: string): KernelEntry[] {
  const lines = (text: string) => text.split('\n').filter((line) => line !== '');
  return [...lines(entries).map(connection), ...lines(expectations).map(expectation)];
}

/** "tcp 6 431999 ESTABLISHED src=… dst=… sport=… dport=… [UNREPLIED] src=… … [ASSURED] mark=0 helper=pptp use=1" */
function connection(text: string): KernelEntry {
  const words = text.split(/\s+/);
  const protocol = Number(words[1]);
  const [, first = '', second = ''] = text.split(/(?=src=)/);
  return {
    kind: 'connection',
    original: tuple(protocol, first),
    reply: tuple(protocol, second),
    state: /^[A-Z_0-9]+$/.test(words[3] ?? '') ? words[3] : undefined,
    assured: text.includes('[ASSURED]'),
    seenReply: !text.includes('[UNREPLIED]'),
    left: Number(words[2]),
    helper: /helper=(\S+)/.exec(text)?.[1],
    text,
  };
}

/** "300 proto=47 src=… dst=… srckey=0x… dstkey=0x… mask-src=… … master-src=… …" */
function expectation(text: string): KernelEntry {
  const own = text.split('mask-src=')[0]!;
  const only = tuple(Number(/proto=(\d+)/.exec(text)?.[1]), own.slice(own.indexOf('src=')));
  return {
    kind: 'expectation',
    original: only,
    reply: only,
    state: undefined,
    assured: false,
    seenReply: false,
    left: Number(text.split(/\s+/)[0]),
    helper: undefined,
    text,
  };
}

function tuple(protocol: number, text: string): TupleView {
  const value = (name: string) => new RegExp(`(?:^| )${name}=(\\S+)`).exec(text)?.[1];
  const number = (name: string) => Number(value(name) ?? 0);
  const end = (side: 'src' | 'dst', key: string): Peer => ({
    address: ipv4(value(side) ?? '0.0.0.0'),
    key: number(key),
  });
  if (protocol === 1)
    return {
      protocol,
      source: end('src', 'id'),
      destination: end('dst', ''),
      type: number('type'),
      code: number('code'),
    };
  const [from, to] = protocol === 47 ? ['srckey', 'dstkey'] : ['sport', 'dport'];
  return { protocol, source: end('src', from!), destination: end('dst', to!) };
}
