/**
 * Why a dial-up tunnel (PPTP, L2TP) did not come up or broke, as data, and the step that did not happen in words.
 * What its user reads on the screen is in `tunnel-words.ts`.
 * @module
 */
import { assertNever } from '../lib/assert.ts';
import type { PppEnd, PppPhase } from './ppp-link.ts';

export type TunnelProtocol = 'pptp' | 'l2tp';

export type TunnelFailure =
  /** The server cannot be reached at all. `line`: what a Unix daemon logs, where that names numbers of its own. */
  | { readonly kind: 'unreachable'; readonly missing: string; readonly line?: string }
  /** It answers, and says no. */
  | { readonly kind: 'refused'; readonly missing: string; readonly line?: string }
  /** The other end closed the call, or the control channel broke. `was`: how far we had come. */
  | { readonly kind: 'dropped'; readonly was: 'connecting' | 'up'; readonly missing: string; readonly line?: string }
  /** The control channel stands; LCP never did. `heard`: whether any frame of the peer came. */
  | { readonly kind: 'no-frames'; readonly heard: boolean }
  /** The PPP link came to an end of its own. */
  | { readonly kind: 'ppp'; readonly end: PppEnd }
  /** All is negotiated, and still nothing answers through the tunnel. */
  | { readonly kind: 'no-echo'; readonly asked: number; readonly answered: number };

/** What carries the frames of a call. */
const CARRIER = { pptp: 'GRE', l2tp: 'UDP' } as const;

const AWAITED: Readonly<Record<PppPhase, string>> = {
  lcp: 'LCP Configure-Ack',
  authentication: 'CHAP Success',
  encryption: 'CCP Configure-Ack',
  address: 'IPCP Configure-Ack',
  network: 'packet',
};

/** The step that did not happen. */
export function missingStep(protocol: TunnelProtocol, failure: TunnelFailure): string {
  switch (failure.kind) {
    case 'no-frames':
      return `no LCP ${failure.heard ? 'Configure-Ack' : 'packet of the other end'} arrived through ${CARRIER[protocol]}`;
    case 'ppp':
      return missingInPpp(protocol, failure.end);
    case 'no-echo':
      return `${failure.asked} echo requests went into the tunnel, ${failure.answered} answers came out`;
    default:
      return failure.missing;
  }
}

function missingInPpp(protocol: TunnelProtocol, end: PppEnd): string {
  switch (end.kind) {
    case 'timeout':
      return `no ${AWAITED[end.during]} arrived through ${CARRIER[protocol]}`;
    case 'authentication-failed':
      return `the CHAP response was answered with Failure, code ${end.code}`;
    case 'refuses-authentication':
      return 'the peer rejected the authentication option in LCP';
    case 'no-encryption':
      return 'no agreement on MPPE with 128-bit keys came about in CCP';
    case 'no-address':
      return 'no agreement on addresses came about in IPCP';
    case 'silent':
      return `no LCP Echo-Reply arrived through ${CARRIER[protocol]}`;
    case 'terminated':
      return 'the peer sent LCP Terminate-Request';
    case 'closed':
      return 'the link was closed from this side';
    default:
      return assertNever(end);
  }
}
