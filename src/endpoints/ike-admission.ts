/**
 * A responder's side of IKE_SA_INIT (RFC 7296 §1.2, §2.6, §2.7): the door of an IKEv2 server. Nothing is remembered of
 * who is turned away.
 * @module
 */
import { concat, equal, putU16, u32Bytes } from '../lib/bytes.ts';
import { keyPair } from './crypto/key-exchange.ts';
import { hmacSha256 } from './crypto/prf.ts';
import type { Host } from './endpoint.ts';
import { deriveKeys } from './ike-handshake.ts';
import { type Envelope, find, findNotify, notify, type Payload, readOpen, writeOpen } from './ike-message.ts';
import { detectNats, natDetection } from './ike-nat.ts';
import { NOTIFY, PROTOCOL_ID } from './ike-numbers.ts';
import { GROUPS, type IkeServerOptions, TRANSFORMS } from './ike-options.ts';
import { choose } from './ike-proposal.ts';
import { NONCE_LEN } from './ike-sa.ts';
import type { Admitted } from './ike-session.ts';
import { type Origin, Path } from './ipsec-path.ts';

/** The answer to send, and what came of it. */
export interface Admission {
  readonly response: Uint8Array;
  readonly admitted?: Admitted;
}

const COOKIE_SECRET_LEN = 32;
const SPI_LEN = 8;

export class Door {
  private readonly host: Host;
  private readonly options: IkeServerOptions;
  private readonly secret: Uint8Array;

  constructor(host: Host, options: IkeServerOptions) {
    this.host = host;
    this.options = options;
    this.secret = host.rng.bytes(COOKIE_SECRET_LEN);
  }

  /** Undefined where the message is no IKE_SA_INIT request at all. */
  knock(message: Uint8Array, envelope: Envelope, origin: Origin): Admission | undefined {
    const payloads = readOpen(message);
    const theirNonce = payloads && find(payloads, 'nonce')?.data;
    const ke = payloads && find(payloads, 'ke');
    if (!theirNonce || !ke) return undefined;
    const { options } = this;
    if (options.cookies) {
      const cookie = hmacSha256(this.secret, concat(theirNonce, u32Bytes(origin.address), envelope.initiatorSpi));
      const shown = findNotify(payloads, NOTIFY.cookie)?.data;
      if (!shown || !equal(shown, cookie)) return this.turnAway(envelope, notify(NOTIFY.cookie, cookie));
    }
    const groups = options.groups ?? GROUPS;
    const names = options.ikeTransforms ?? TRANSFORMS;
    const choice = choose(find(payloads, 'sa')?.proposals ?? [], PROTOCOL_ID.ike, names, groups);
    if (!choice) return this.turnAway(envelope, notify(NOTIFY.noProposalChosen));
    if (choice.group !== ke.group)
      return this.turnAway(envelope, notify(NOTIFY.invalidKeyExchange, u16Bytes(choice.group)));
    const pair = keyPair(choice.group, this.host.rng)!;
    const shared = pair.shared(ke.data);
    if (!shared) return this.turnAway(envelope, notify(NOTIFY.invalidSyntax));
    const spis = { initiatorSpi: envelope.initiatorSpi, responderSpi: this.host.rng.bytes(SPI_LEN) };
    const nonces = { initiator: theirNonce, responder: this.host.rng.bytes(NONCE_LEN) };
    const own = { address: this.host.address, port: origin.localPort };
    const natTraversal = options.natTraversal ?? true;
    const nats = natTraversal ? detectNats(payloads, envelope, origin, own) : undefined;
    const response = writeOpen({ ...envelope, ...spis, fromInitiator: false, response: true }, [
      { type: 'sa', proposals: [choice.answer] },
      { type: 'ke', group: pair.group, data: pair.publicValue },
      { type: 'nonce', data: nonces.responder },
      ...(nats ? natDetection(spis, own, origin) : []),
    ]);
    const path = new Path(this.host, origin);
    path.encapsulated = nats !== undefined && (nats.here || nats.there);
    const keys = deriveKeys(choice.transform, nonces, shared, spis);
    return {
      response,
      admitted: { spis, transform: choice.transform, keys, nonces, nats, path, request: message, response },
    };
  }

  private turnAway(envelope: Envelope, why: Payload): Admission {
    return { response: writeOpen({ ...envelope, fromInitiator: false, response: true }, [why]) };
  }
}

function u16Bytes(value: number): Uint8Array {
  const bytes = new Uint8Array(2);
  putU16(bytes, 0, value);
  return bytes;
}
