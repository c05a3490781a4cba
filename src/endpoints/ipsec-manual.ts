/**
 * IPsec without IKE: ESP or AH with associations that an administrator placed at both ends (RFC 4301 §4.5.1). It is how
 * "ESP without NAT traversal" and AH are shown with nothing else around them, as a client with one peer or as a server
 * with several.
 * @module
 */
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { formatIpv4, type Prefix } from '../wire/address.ts';
import * as ah from '../wire/ah.ts';
import * as esp from '../wire/esp.ts';
import { AhGuard } from './ah-guard.ts';
import { AH_TRANSFORMS, type AhTransformName } from './ah-packet.ts';
import { type TransformName, transforms } from './crypto/esp-transforms.ts';
import { hmacSha256, prfPlus } from './crypto/prf.ts';
import type { Endpoint, Host, Incoming, Status } from './endpoint.ts';
import type { Keying } from './esp-packet.ts';
import { EspGuard } from './esp-sa.ts';
import type { EchoPlan } from './inner-echo.ts';
import type { ChecksumRule } from './ipsec-checksum.ts';
import { DataPlane, type Mode, type Pair } from './ipsec-data-plane.ts';
import type { Arrived, Guard } from './ipsec-guard.ts';
import { Inside } from './ipsec-inside.ts';
import { Path } from './ipsec-path.ts';
import { espSecret } from './ipsec-secrets.ts';
import { ANYWHERE, single, subnet } from './ipsec-selectors.ts';
import { discarded, silence } from './ipsec-words.ts';
import { Timers } from './timers.ts';

/** One direction. Both ends know the secret, from which the keys are made. */
export interface ManualSa {
  readonly spi: number;
  readonly secret: string;
}

export interface ManualPeer {
  readonly name: string;
  /** Where to send. Left out: where its last authentic packet came from. */
  readonly address?: number;
  readonly inbound: ManualSa;
  readonly outbound: ManualSa;
  /** Tunnel mode: what lies behind the peer. Default everything. */
  readonly remote?: readonly Prefix[];
}

export interface ManualOptions {
  /** Default "esp" or "ah". */
  readonly session?: string;
  readonly guard:
    | { readonly protocol: 'esp'; readonly transform?: TransformName }
    | { readonly protocol: 'ah'; readonly transform?: AhTransformName };
  readonly mode: Mode;
  readonly peers: readonly ManualPeer[];
  /** Tunnel mode: our address inside. */
  readonly innerAddress?: number;
  readonly checksums?: ChecksumRule;
  /** Echo requests through the tunnel, which a client sends and a server does not. */
  readonly echo?: EchoPlan;
  /** What runs inside, made anew at each start. */
  readonly inside?: () => readonly Endpoint[];
}

interface Running {
  readonly timers: Timers;
  readonly plane: DataPlane;
  readonly inside: Inside;
}

const NOWHERE = 0;

export class ManualPeering implements Endpoint {
  readonly session: string;
  private readonly options: ManualOptions;
  private running: Running | undefined;
  private readonly heardOf = new Set<string>();

  constructor(options: ManualOptions) {
    this.options = options;
    this.session = options.session ?? options.guard.protocol;
  }

  start(host: Host): void {
    const { options } = this;
    this.running?.timers.clearAll();
    const timers = new Timers(host);
    this.heardOf.clear();
    const plane = new DataPlane(
      {
        deliver: (packet) => this.running?.inside.receive(packet),
        heard: (pair, arrived) => this.heard(host, pair, arrived),
        discarded: (discard) => host.symptom(this.session, discarded(discard)),
      },
      options.checksums,
    );
    for (const peer of options.peers) plane.add(this.pairWith(host, peer));
    const address = options.mode === 'tunnel' ? (options.innerAddress ?? host.address) : host.address;
    const { echo } = options;
    const endpoints = options.inside?.() ?? [];
    const inside = new Inside(
      host,
      timers,
      { address, mode: options.mode, endpoints, ...(echo ? { echo } : {}) },
      {
        send: (packet) => plane.send(packet),
        phase: (_inner, phase, status) => host.phase(this.session, phase, status),
        symptom: (_inner, symptom) => host.symptom(this.session, symptom),
        alive: () => host.phase(this.session, 'answers come through the tunnel', 'up'),
        silent: (asked, answered) => this.silent(host, asked, answered),
      },
    );
    this.running = { timers, plane, inside };
    const waits = echo === undefined && endpoints.length === 0;
    host.phase(this.session, 'keys are in place', waits ? 'idle' : 'connecting');
    inside.start();
  }

  stop(host: Host): void {
    this.running?.inside.stop();
    this.running?.timers.clearAll();
    this.running = undefined;
    host.phase(this.session, 'stopped', 'closed');
  }

  receive(_host: Host, incoming: Incoming): boolean {
    const { protocol } = this.options.guard;
    if (incoming.protocol !== (protocol === 'esp' ? esp.PROTOCOL : ah.PROTOCOL) || !this.running) return false;
    const arrived = { protocol, packet: incoming.payload, incoming };
    const { plane } = this.running;
    const { source } = incoming;
    // Whoever has no fixed address may be anywhere.
    const mayBePeer = this.options.peers.some(({ address }) => address === undefined || address === source);
    if (!mayBePeer && !plane.knows(arrived)) return false;
    plane.receive(arrived);
    return true;
  }

  timer(_host: Host, name: string): void {
    this.running?.timers.fire(name);
  }

  private pairWith(host: Host, peer: ManualPeer): Pair {
    const { mode, innerAddress } = this.options;
    const path = new Path(host, { address: peer.address ?? NOWHERE, port: 0, localPort: 0 });
    const guard = this.guardFor(host, peer, path);
    const local = [single(mode === 'tunnel' ? (innerAddress ?? host.address) : host.address)];
    return { peer: peer.name, mode, guard, path, local, remote: peer.remote?.map(subnet) ?? [ANYWHERE] };
  }

  private guardFor(host: Host, { inbound, outbound }: ManualPeer, path: Path): Guard {
    const { guard } = this.options;
    if (guard.protocol === 'ah') {
      const transform = guard.transform ?? 'hmac-sha2-256-128';
      const { keyLength } = AH_TRANSFORMS[transform];
      const keying = ({ spi, secret }: ManualSa) => ({ spi, transform, key: keyFrom(secret, keyLength) });
      return new AhGuard(host, keying(inbound), keying(outbound), path);
    }
    const transform = transforms[guard.transform ?? 'aes-gcm-16'];
    const keying = ({ spi, secret }: ManualSa): Keying => {
      const { encryption, integrity } = transform.keyLengths;
      const material = keyFrom(secret, encryption + integrity);
      const keys = { encryption: material.slice(0, encryption), integrity: material.slice(encryption) };
      return { spi, transform, keys };
    };
    for (const secret of espSecret(keying(outbound))) host.secret(secret);
    return new EspGuard(keying(inbound), keying(outbound), path, host.rng);
  }

  private heard(host: Host, { peer, path }: Pair, { incoming }: Arrived): void {
    const configured = this.options.peers.find(({ name }) => name === peer)?.address;
    if (configured === undefined) path.peer = { address: incoming.source, port: 0, localPort: 0 };
    if (this.options.echo !== undefined || this.heardOf.has(peer)) return;
    this.heardOf.add(peer);
    const status: Status = this.options.inside ? 'connecting' : 'up';
    host.phase(this.session, `${peer} is heard from ${formatIpv4(incoming.source)}`, status);
  }

  private silent(host: Host, asked: number, answered: number): void {
    const carrier = this.options.guard.protocol === 'esp' ? 'bare ESP (IP protocol 50)' : 'AH (IP protocol 51)';
    host.symptom(this.session, silence(asked, answered, this.options.echo!.target, carrier));
    host.phase(this.session, 'nothing comes back through the tunnel', 'failed');
  }
}

function keyFrom(secret: string, length: number): Uint8Array {
  return prfPlus(hmacSha256, utf8ToBytes(secret), utf8ToBytes('passthrough-lab manual key'), length);
}
