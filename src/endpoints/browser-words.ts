/**
 * What a browser's user reads when a page does not come, and the step behind it: Chromium's error names
 * (net/base/net_error_list.h) and the sentences of its error pages (components/error_page_strings.grdp).
 * @module
 */
import type { Symptom } from './endpoint.ts';
import type { TcpEnd } from './tcp-user.ts';
import type { StreamEnd } from './tls-stream.ts';

type Words = readonly [code: string, heading: string, summary: (site: string) => string, missing: string];

const UNREACHED = 'This site can’t be reached';
const NOT_WORKING = 'This page isn’t working';

const OF_TCP: Readonly<Record<TcpEnd, Words>> = {
  timeout: [
    'ERR_CONNECTION_TIMED_OUT',
    UNREACHED,
    (site) => `${site} took too long to respond.`,
    'no SYN-ACK, or no acknowledgement, came back',
  ],
  refused: [
    'ERR_CONNECTION_REFUSED',
    UNREACHED,
    (site) => `${site} refused to connect.`,
    'the SYN was answered with RST',
  ],
  reset: ['ERR_CONNECTION_RESET', UNREACHED, () => 'The connection was reset.', 'an RST came in place of data'],
  unreachable: [
    'ERR_ADDRESS_UNREACHABLE',
    UNREACHED,
    (site) => `${site} is unreachable.`,
    'an ICMP error answered the SYN',
  ],
  aborted: ['ERR_ABORTED', UNREACHED, () => 'The page was closed.', 'the user closed it'],
  finished: [
    'ERR_CONNECTION_CLOSED',
    UNREACHED,
    (site) => `${site} unexpectedly closed the connection.`,
    'the connection was closed before TLS stood',
  ],
};

const EMPTY: Words = [
  'ERR_EMPTY_RESPONSE',
  NOT_WORKING,
  (site) => `${site} didn’t send any data.`,
  'the connection was closed before an answer',
];

/** `asked`: TLS stood, and the request was out. */
export function browserSymptom(site: string, how: StreamEnd, asked: boolean): Symptom {
  return told(wordsFor(how, asked), site);
}

function wordsFor(how: StreamEnd, asked: boolean): Words {
  if (how.kind === 'closed') return asked ? EMPTY : OF_TCP.finished;
  if (how.kind === 'tcp') return OF_TCP[how.why];
  const { alert } = how.how;
  if (alert === 'bad_certificate')
    return [
      'ERR_CERT_COMMON_NAME_INVALID',
      'Your connection is not private',
      (site) => `Attackers might be trying to steal your information from ${site}.`,
      'a certificate for the name called',
    ];
  return [
    'ERR_SSL_PROTOCOL_ERROR',
    'This site can’t provide a secure connection',
    (site) => `${site} sent an invalid response.`,
    `TLS was not established: ${alert}`,
  ];
}

/** The connection stands and the request is out; no answer comes. */
export function noAnswer(site: string): Symptom {
  return told(
    ['ERR_TIMED_OUT', UNREACHED, (name) => `${name} took too long to respond.`, 'no HTTP response came back'],
    site,
  );
}

/** What came is no HTTP. */
export function malformed(site: string): Symptom {
  return told(
    [
      'ERR_INVALID_HTTP_RESPONSE',
      NOT_WORKING,
      (name) => `${name} sent an invalid response.`,
      'no HTTP response came back',
    ],
    site,
  );
}

function told([code, heading, summary, missing]: Words, site: string): Symptom {
  return { system: 'browser', code, text: `${heading}: ${summary(site)}`, missing };
}

/** The server answers, and says no. */
export function refusal(status: number, reason: string, body: string): Symptom {
  return { system: 'browser', code: String(status), text: `${status} ${reason}: ${body}`, missing: body };
}
