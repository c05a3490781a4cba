/**
 * Negotiating a CHILD_SA, inside IKE_AUTH or CREATE_CHILD_SA (RFC 7296 §1.2, §1.3, §2.9): proposals, traffic selectors
 * and, for transport mode through a NAT, the address substitution of §2.23.1.
 * @module
 */
import type { Rng } from '../lib/rng.ts';
import type { Transform, TransformName } from './crypto/esp-transforms.ts';
import { type ChildKeys, childKeys, type Nonces } from './crypto/ike-keys.ts';
import { hmacSha256 } from './crypto/prf.ts';
import { EspGuard } from './esp-sa.ts';
import { find, findNotify, notify, type Payload } from './ike-message.ts';
import type { Nats } from './ike-nat.ts';
import { NOTIFY, PROTOCOL_ID } from './ike-numbers.ts';
import { choose, offerEsp } from './ike-proposal.ts';
import type { Ends } from './ipsec-checksum.ts';
import type { Mode, Pair } from './ipsec-data-plane.ts';
import type { Path } from './ipsec-path.ts';
import { fromWire, moved, narrow, type Selector, toWire } from './ipsec-selectors.ts';

/** What one end wants of a CHILD_SA, in its own view of the addresses. */
export interface ChildWish {
  readonly mode: Mode;
  readonly local: readonly Selector[];
  readonly remote: readonly Selector[];
  readonly transforms: readonly TransformName[];
}

/** How the ends of the IKE SA see each other, which is all that §2.23.1 substitutes. */
export interface Sight {
  readonly own: number;
  readonly path: Path;
  readonly nats: Nats | undefined;
}

export interface Settled {
  readonly mode: Mode;
  readonly transform: Transform;
  readonly peerSpi: number;
  readonly local: readonly Selector[];
  readonly remote: readonly Selector[];
  readonly original?: Ends;
}

/** Inbound SPIs as Linux draws them for strongSwan: c0000000 to cfffffff, clear of the reserved 0 to 255. */
export function drawSpi(rng: Rng): number {
  return (0xc0000000 | (rng.u32() & 0x0fffffff)) >>> 0;
}

const transportNotify = (mode: Mode): readonly Payload[] =>
  mode === 'transport' ? [notify(NOTIFY.useTransportMode)] : [];

/** The initiator's side of the offer. */
export function childOffer(wish: ChildWish, spi: number): readonly Payload[] {
  return [
    ...transportNotify(wish.mode),
    { type: 'sa', proposals: offerEsp(wish.transforms, spi) },
    { type: 'tsi', selectors: toWire(wish.local) },
    { type: 'tsr', selectors: toWire(wish.remote) },
  ];
}

/** What a responder makes of an offer: the settlement and the payloads that say so, or the notify that refuses it. */
export function childAnswer(
  offer: readonly Payload[],
  wish: ChildWish,
  sight: Sight,
  spi: number,
): { readonly settled: Settled; readonly payloads: readonly Payload[] } | { readonly refused: number } {
  const mode = findNotify(offer, NOTIFY.useTransportMode) && wish.mode === 'transport' ? 'transport' : 'tunnel';
  const choice = choose(find(offer, 'sa')?.proposals ?? [], PROTOCOL_ID.esp, wish.transforms);
  if (!choice) return { refused: NOTIFY.noProposalChosen };
  const theirs = {
    tsi: fromWire(find(offer, 'tsi')?.selectors ?? []),
    tsr: fromWire(find(offer, 'tsr')?.selectors ?? []),
  };
  const seen =
    mode === 'transport' ? substituted(theirs.tsr, theirs.tsi, sight) : { local: theirs.tsr, remote: theirs.tsi };
  const local = narrow(seen.local, wish.local);
  const remote = narrow(seen.remote, wish.remote);
  if (local.length === 0 || remote.length === 0 || wish.mode !== mode) return { refused: NOTIFY.tsUnacceptable };
  const settled = {
    mode,
    transform: choice.transform,
    peerSpi: choice.spi,
    local,
    remote,
    ...original(mode, theirs.tsi, theirs.tsr),
  } as const;
  const answer = { ...choice.answer, spi: offerEsp([choice.transform.name], spi)[0]!.spi };
  return {
    settled,
    payloads: [
      ...transportNotify(mode),
      { type: 'sa', proposals: [answer] },
      { type: 'tsi', selectors: toWire(remote) },
      { type: 'tsr', selectors: toWire(local) },
    ],
  };
}

/** What the initiator reads from the answer; undefined where the peer took what was never offered. */
export function childSettled(answer: readonly Payload[], wish: ChildWish, sight: Sight): Settled | undefined {
  const mode = findNotify(answer, NOTIFY.useTransportMode) ? 'transport' : 'tunnel';
  const choice = choose(find(answer, 'sa')?.proposals ?? [], PROTOCOL_ID.esp, wish.transforms);
  const tsi = fromWire(find(answer, 'tsi')?.selectors ?? []);
  const tsr = fromWire(find(answer, 'tsr')?.selectors ?? []);
  if (!choice || mode !== wish.mode) return undefined;
  const seen = mode === 'transport' ? substituted(tsi, tsr, sight) : { local: tsi, remote: tsr };
  const local = narrow(seen.local, wish.local);
  const remote = narrow(seen.remote, wish.remote);
  if (local.length === 0 || remote.length === 0) return undefined;
  return { mode, transform: choice.transform, peerSpi: choice.spi, local, remote, ...original(mode, tsr, tsi) };
}

/** §2.23.1: where a NAT stands between, each end reads the selectors with the addresses that its own packets carry. */
function substituted(
  local: readonly Selector[],
  remote: readonly Selector[],
  { own, path, nats }: Sight,
): { readonly local: readonly Selector[]; readonly remote: readonly Selector[] } {
  return {
    local: nats?.here ? moved(local, own) : local,
    remote: nats?.there ? moved(remote, path.peer.address) : remote,
  };
}

/** The addresses the peer's stack puts into its checksums: those of the selectors before any substitution. */
function original(mode: Mode, theirs: readonly Selector[], ours: readonly Selector[]): { readonly original?: Ends } {
  const source = theirs[0]?.firstAddress;
  const destination = ours[0]?.firstAddress;
  if (mode === 'tunnel' || source === undefined || destination === undefined) return {};
  return { original: { source, destination } };
}

/** A CHILD_SA of IKEv2: a pair of ESP associations. */
export type ChildSa = Pair & { readonly guard: EspGuard };

export interface Making {
  readonly rng: Rng;
  readonly peer: string;
  readonly settled: Settled;
  readonly path: Path;
  readonly spi: number;
  /** SK_d of the IKE SA. */
  readonly derive: Uint8Array;
  readonly nonces: Nonces;
  /** Whether we asked for this CHILD_SA, which need not be who began the IKE SA. */
  readonly asked: boolean;
}

/** The pair of associations that a settlement and its nonces make. */
export function makeChild({ rng, peer, settled, path, spi, derive, nonces, asked }: Making): ChildSa {
  const { mode, transform, peerSpi, local, remote } = settled;
  const keys: ChildKeys = childKeys(hmacSha256, derive, nonces, transform.keyLengths);
  const [ours, theirs] = asked ? [keys.fromInitiator, keys.fromResponder] : [keys.fromResponder, keys.fromInitiator];
  const guard = new EspGuard({ spi, transform, keys: theirs }, { spi: peerSpi, transform, keys: ours }, path, rng);
  return {
    peer,
    mode,
    guard,
    local,
    remote,
    path,
    ...(settled.original ? { original: settled.original } : {}),
  };
}
