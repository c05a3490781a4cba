/** What a user of Windows reads when SSTP fails: Winsock's and Windows' own numbers, and the step behind each. @module */
import type { Symptom } from './endpoint.ts';
import type { PppEnd } from './ppp-link.ts';
import type { TcpEnd } from './tcp-user.ts';
import type { StreamEnd } from './tls-stream.ts';

export type SstpFailure =
  | { readonly kind: 'stream'; readonly how: StreamEnd; readonly was: 'connecting' | 'up' }
  | { readonly kind: 'http'; readonly status: string }
  /** A step of SSTP that did not happen within a minute. */
  | { readonly kind: 'timeout'; readonly missing: string }
  | { readonly kind: 'refused'; readonly missing: string }
  | { readonly kind: 'ppp'; readonly end: PppEnd }
  | { readonly kind: 'no-echo'; readonly asked: number; readonly answered: number };

type Words = readonly [code: string | undefined, text: string, missing: string];

export function sstpSymptom(failure: SstpFailure): Symptom {
  const [code, text, missing] = words(failure);
  return { system: 'windows', ...(code === undefined ? {} : { code }), text, missing };
}

const NO_RESPONSE =
  'A connection attempt failed because the connected party did not properly respond after a period of time.';
const INTERRUPTED = 'The network connection between your computer and the VPN server was interrupted.';

const OF_TCP: Readonly<Record<TcpEnd, Words>> = {
  timeout: ['0x8007274C', NO_RESPONSE, 'no answer to the SYN to port 443, or to data, came back'],
  refused: [
    '0x8007274D',
    'No connection could be made because the target machine actively refused it.',
    'the SYN to port 443 was answered with RST',
  ],
  reset: ['0x80072746', 'An existing connection was forcibly closed by the remote host.', 'an RST came'],
  unreachable: ['0x80072751', 'A socket operation was attempted to an unreachable host.', 'an ICMP error came'],
  aborted: ['0x80072746', 'An existing connection was forcibly closed.', 'the connection was given up here'],
  finished: ['0x80072746', 'An existing connection was forcibly closed by the remote host.', 'the server closed it'],
};

function words(failure: SstpFailure): Words {
  switch (failure.kind) {
    case 'stream':
      return failure.was === 'up' ? ['807', INTERRUPTED, 'TCP or TLS ended'] : ofStream(failure.how);
    case 'http':
      return [
        '0x80070320',
        'The server does not offer SSTP at this address.',
        `the request SSTP_DUPLEX_POST was answered with ${failure.status}`,
      ];
    case 'timeout':
      return ['0x8007274C', NO_RESPONSE, failure.missing];
    case 'refused':
      return ['0x80070040', 'The specified network name is no longer available.', failure.missing];
    case 'ppp':
      return ofPpp(failure.end);
    case 'no-echo':
      return [
        undefined,
        'Connected, but nothing on the other side answers.',
        `${failure.asked} echo requests went into the tunnel, ${failure.answered} answers came out`,
      ];
  }
}

function ofStream(how: StreamEnd): Words {
  if (how.kind === 'tcp') return OF_TCP[how.why];
  if (how.kind === 'closed') return OF_TCP.finished;
  if (how.how.alert === 'bad_certificate')
    return [
      '0x800B010F',
      'The certificate’s CN name does not match the passed value.',
      'a certificate for the name that was called',
    ];
  return ['0x80090326', 'The message received was unexpected or badly formatted.', `TLS ended: ${how.how.alert}`];
}

function ofPpp(end: PppEnd): Words {
  switch (end.kind) {
    case 'authentication-failed':
      return [
        String(end.code),
        'The remote connection was denied: the user name and password combination is not recognised.',
        `the CHAP response was answered with Failure, code ${end.code}`,
      ];
    case 'timeout':
      return ['718', 'The connection timed out waiting for a valid response.', `no answer came during ${end.during}`];
    case 'no-address':
      return ['720', 'No PPP control protocol was agreed on.', 'no agreement on addresses came about in IPCP'];
    default:
      return ['629', 'The connection was closed by the remote computer.', `PPP ended: ${end.kind}`];
  }
}
