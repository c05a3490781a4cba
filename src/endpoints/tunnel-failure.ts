/**
 * Why a dial-up tunnel (PPTP, L2TP) did not come up or broke, as data, and what its user then reads: Windows' error
 * numbers, or the log lines of pppd. Numbers and meanings: Windows' RRAS error codes; pppd 2.5, fsm.c and main.c.
 * @module
 */
import { assertNever } from '../lib/assert.ts';
import type { Symptom } from './endpoint.ts';
import type { PppEnd } from './ppp-link.ts';

/** Whose client it is: that decides the words, the patience and the order of things. */
export type ClientSystem = 'windows' | 'linux';

export type TunnelFailure =
  /** The server cannot be reached at all. */
  | { readonly kind: 'unreachable'; readonly missing: string }
  /** It answers, and says no. */
  | { readonly kind: 'refused'; readonly missing: string }
  /** The control channel stands; LCP never did. `through`: what carries its frames; `heard`: whether any came. */
  | { readonly kind: 'no-frames'; readonly through: 'GRE' | 'UDP'; readonly heard: boolean }
  | { readonly kind: 'ppp'; readonly end: PppEnd; readonly through: 'GRE' | 'UDP' }
  /** The other end closed the call, or the control channel broke. `was`: how far we had come. */
  | { readonly kind: 'dropped'; readonly was: 'connecting' | 'up'; readonly missing: string }
  /** All is negotiated, and still nothing answers through the tunnel. */
  | { readonly kind: 'no-echo'; readonly asked: number; readonly answered: number };

export function symptomOf(system: ClientSystem, failure: TunnelFailure): Symptom {
  const [code, text] = system === 'windows' ? windows(failure) : pppd(failure);
  return {
    system: system === 'windows' ? 'windows' : 'pppd',
    ...(code === undefined ? {} : { code }),
    text,
    missing: missing(failure),
  };
}

type Words = readonly [code: string | undefined, text: string];

function windows(failure: TunnelFailure): Words {
  switch (failure.kind) {
    case 'unreachable':
      return ['800', 'The remote connection was not made: the VPN server may be unreachable.'];
    case 'refused':
      return ['808', 'The VPN server refused the connection.'];
    case 'no-frames':
      return failure.through === 'GRE'
        ? [
            '806',
            'The VPN connection was started but cannot be completed: a device on the way does not let GRE through.',
          ]
        : ['809', 'The VPN server does not answer: a device on the way does not let the VPN through.'];
    case 'ppp':
      return windowsPpp(failure.end);
    case 'dropped':
      return failure.was === 'up'
        ? ['807', 'The network connection between your computer and the VPN server was interrupted.']
        : ['619', 'A connection to the remote computer could not be established: the port was closed.'];
    case 'no-echo':
      return [undefined, 'Connected, but nothing on the other side answers.'];
    default:
      return assertNever(failure);
  }
}

function windowsPpp(end: PppEnd): Words {
  switch (end.kind) {
    case 'timeout':
      return end.heard
        ? ['718', 'The connection timed out waiting for a valid response from the remote computer.']
        : ['721', 'The remote computer is not responding.'];
    case 'authentication-failed':
      return [
        String(end.code),
        'The remote connection was denied: the user name and password combination is not recognised.',
      ];
    case 'refuses-authentication':
      return ['919', 'The remote computer refused to be authenticated by the protocols configured.'];
    case 'no-encryption':
      return ['742', 'The remote computer does not support the required data encryption type.'];
    case 'no-address':
      return ['720', 'A connection to the remote computer could not be made: no PPP control protocol was agreed on.'];
    case 'silent':
      return ['807', 'The network connection between your computer and the VPN server was interrupted.'];
    case 'terminated':
      return ['734', 'The PPP link control protocol was terminated.'];
    case 'closed':
      return ['619', 'The port was disconnected.'];
    default:
      return assertNever(end);
  }
}

function pppd(failure: TunnelFailure): Words {
  switch (failure.kind) {
    case 'unreachable':
      return [undefined, 'Could not open control connection'];
    case 'refused':
      return [undefined, 'Call manager exited with error'];
    case 'no-frames':
      return ['10', 'LCP: timeout sending Config-Requests'];
    case 'ppp':
      return pppdPpp(failure.end);
    case 'dropped':
      return ['16', 'Modem hangup'];
    case 'no-echo':
      return [undefined, 'ping: 100% packet loss'];
    default:
      return assertNever(failure);
  }
}

const PPPD_TIMEOUTS = {
  lcp: 'LCP: timeout sending Config-Requests',
  authentication: 'CHAP: no response from peer',
  encryption: 'CCP: timeout sending Config-Requests',
  address: 'IPCP: timeout sending Config-Requests',
  network: 'Connection terminated.',
} as const;

function pppdPpp(end: PppEnd): Words {
  switch (end.kind) {
    case 'timeout':
      return ['10', PPPD_TIMEOUTS[end.during]];
    case 'authentication-failed':
      return ['19', 'CHAP authentication failed'];
    case 'refuses-authentication':
      return ['11', 'peer refused to authenticate: terminating link'];
    case 'no-encryption':
      return ['10', 'MPPE required but peer negotiation failed'];
    case 'no-address':
      return ['10', 'Could not determine local IP address'];
    case 'silent':
      return ['15', 'Serial link appears to be disconnected.'];
    case 'terminated':
      return ['16', 'LCP terminated by peer'];
    case 'closed':
      return ['5', 'Connection terminated.'];
    default:
      return assertNever(end);
  }
}

function missing(failure: TunnelFailure): string {
  switch (failure.kind) {
    case 'no-frames':
      return `no LCP ${failure.heard ? 'Configure-Ack' : 'packet of the other end'} arrived through ${failure.through}`;
    case 'ppp':
      return missingOfPpp(failure.end, failure.through);
    case 'no-echo':
      return `${failure.asked} echo requests went into the tunnel, ${failure.answered} answers came out`;
    default:
      return failure.missing;
  }
}

const AWAITED = {
  lcp: 'LCP Configure-Ack',
  authentication: 'CHAP Success',
  encryption: 'CCP Configure-Ack',
  address: 'IPCP Configure-Ack',
  network: 'packet',
} as const;

function missingOfPpp(end: PppEnd, through: 'GRE' | 'UDP'): string {
  switch (end.kind) {
    case 'timeout':
      return `no ${AWAITED[end.during]} arrived through ${through}`;
    case 'authentication-failed':
      return `the CHAP response was answered with Failure, code ${end.code}`;
    case 'refuses-authentication':
      return 'the peer rejected the authentication option in LCP';
    case 'no-encryption':
      return 'no agreement on MPPE with 128-bit keys came about in CCP';
    case 'no-address':
      return 'no agreement on addresses came about in IPCP';
    case 'silent':
      return `no LCP Echo-Reply arrived through ${through}`;
    case 'terminated':
      return 'the peer sent LCP Terminate-Request';
    case 'closed':
      return 'the link was closed from this side';
    default:
      return assertNever(end);
  }
}
