/**
 * How IKEv2 finds a NAT (RFC 7296 §2.23): each end says, as hashes, which addresses and ports it believes the packet
 * carries; the other compares with what arrived.
 *
 *     NAT_DETECTION_… = SHA-1(SPIi | SPIr | address | port)
 *
 * @module
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { concat, equal, putU16, putU32 } from '../lib/bytes.ts';
import { notify, type Payload } from './ike-message.ts';
import { NOTIFY } from './ike-numbers.ts';

export interface Socket {
  readonly address: number;
  readonly port: number;
}

export interface Spis {
  readonly initiatorSpi: Uint8Array;
  readonly responderSpi: Uint8Array;
}

export function natHash({ initiatorSpi, responderSpi }: Spis, { address, port }: Socket): Uint8Array {
  const socket = new Uint8Array(6);
  putU32(socket, 0, address);
  putU16(socket, 4, port);
  return sha1(concat(initiatorSpi, responderSpi, socket));
}

export function natDetection(spis: Spis, source: Socket, destination: Socket): readonly Payload[] {
  return [
    notify(NOTIFY.natDetectionSource, natHash(spis, source)),
    notify(NOTIFY.natDetectionDestination, natHash(spis, destination)),
  ];
}

export interface Nats {
  /** Our address is not what the peer sent to: we keep the mapping alive. */
  readonly here: boolean;
  /** The peer's address is not what it believes: we follow it where its mapping moves. */
  readonly there: boolean;
}

/** `source` and `destination` are those of the packet as it arrived. Undefined where the peer does not do NAT-T. */
export function detectNats(
  payloads: readonly Payload[],
  spis: Spis,
  source: Socket,
  destination: Socket,
): Nats | undefined {
  const hashes = (type: number) =>
    payloads.flatMap((payload) => (payload.type === 'notify' && payload.notify === type ? [payload.data] : []));
  const sources = hashes(NOTIFY.natDetectionSource);
  const destinations = hashes(NOTIFY.natDetectionDestination);
  if (sources.length === 0 || destinations.length === 0) return undefined;
  // A peer with several addresses may send several sources; one that fits is enough.
  const matches = (believed: readonly Uint8Array[], socket: Socket) =>
    believed.some((hash) => equal(hash, natHash(spis, socket)));
  return { here: !matches(destinations, destination), there: !matches(sources, source) };
}
