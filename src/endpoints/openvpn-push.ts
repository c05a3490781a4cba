/**
 * OpenVPN's control messages after the keys: what the server pushes to a client, and farewells. Text, ended by a zero.
 * @module
 */

import { utf8ToBytes } from '@noble/hashes/utils.js';
import { formatIpv4, parseIpv4 } from '../wire/address.ts';
import { latin1 } from '../wire/writer.ts';
import { seconds } from './endpoint.ts';

export const PUSH_REQUEST = 'PUSH_REQUEST';
/** With "protocol-flags cc-exit", a farewell by the control channel. */
export const EXIT = 'EXIT';

export interface PushReply {
  /** The client's address inside. */
  readonly address: number;
  readonly gateway: number;
  readonly peerId: number;
  readonly ping: number;
  readonly pingRestart: number;
}

export function encodeText(text: string): Uint8Array {
  return utf8ToBytes(`${text}\0`);
}

/** The whole texts at the front of `bytes`, and what is left. */
export function readTexts(bytes: Uint8Array): { readonly texts: readonly string[]; readonly rest: Uint8Array } {
  const texts: string[] = [];
  let from = 0;
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, from)) {
    texts.push(latin1(bytes.subarray(from, end)));
    from = end + 1;
  }
  return { texts, rest: bytes.subarray(from) };
}

export function pushReply(reply: PushReply): string {
  return [
    'PUSH_REPLY',
    `route-gateway ${formatIpv4(reply.gateway)}`,
    'topology subnet',
    `ping ${reply.ping / seconds(1)}`,
    `ping-restart ${reply.pingRestart / seconds(1)}`,
    `ifconfig ${formatIpv4(reply.address)} 255.255.255.0`,
    `peer-id ${reply.peerId}`,
    'cipher AES-256-GCM',
    'protocol-flags cc-exit tls-ekm',
  ].join(',');
}

/** Undefined where the text is no reply that we can follow: it must give an address, and keys exported from TLS. */
export function readPushReply(text: string): PushReply | undefined {
  const [kind, ...options] = text.split(',');
  if (kind !== 'PUSH_REPLY') return undefined;
  const values = new Map(options.map((option) => option.split(' ')).map(([name = '', ...rest]) => [name, rest]));
  const first = (name: string) => values.get(name)?.[0] ?? '';
  const address = parseIpv4(first('ifconfig'));
  const exported = values.get('protocol-flags')?.includes('tls-ekm') || first('key-derivation') === 'tls-ekm';
  if (address === undefined || !exported || first('cipher') !== 'AES-256-GCM') return undefined;
  return {
    address,
    gateway: parseIpv4(first('route-gateway')) ?? 0,
    peerId: Number(first('peer-id') || 0xffffff),
    ping: seconds(Number(first('ping') || 0)),
    pingRestart: seconds(Number(first('ping-restart') || 0)),
  };
}
