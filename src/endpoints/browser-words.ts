/** What a browser's user reads when a page does not come: Chromium's error names, and the step behind each. @module */
import type { Symptom } from './endpoint.ts';
import type { TcpEnd } from './tcp-connection.ts';
import type { StreamEnd } from './tls-stream.ts';

type Words = readonly [code: string, text: string, missing: string];

const OF_TCP: Readonly<Record<TcpEnd, Words>> = {
  timeout: ['ERR_CONNECTION_TIMED_OUT', 'took too long to respond', 'no SYN-ACK, or no acknowledgement, came back'],
  refused: ['ERR_CONNECTION_REFUSED', 'refused to connect', 'the SYN was answered with RST'],
  reset: ['ERR_CONNECTION_RESET', 'the connection was reset', 'an RST came in place of data'],
  unreachable: ['ERR_ADDRESS_UNREACHABLE', 'the address is unreachable', 'an ICMP error answered the SYN'],
  aborted: ['ERR_ABORTED', 'the page was closed', 'the user closed it'],
  finished: ['ERR_EMPTY_RESPONSE', 'sent no data', 'the connection was closed before an answer'],
};

export function browserSymptom(site: string, how: StreamEnd): Symptom {
  const [code, text, missing] = wordsFor(how);
  return { system: 'browser', code, text: `This site can’t be reached: ${site} ${text}.`, missing };
}

function wordsFor(how: StreamEnd): Words {
  if (how.kind === 'closed') return OF_TCP.finished;
  if (how.kind === 'tcp') return OF_TCP[how.why];
  const { alert } = how.how;
  if (alert === 'bad_certificate')
    return [
      'ERR_CERT_COMMON_NAME_INVALID',
      'showed a certificate for another name',
      'a certificate for the name called',
    ];
  return ['ERR_SSL_PROTOCOL_ERROR', 'sent an invalid response', `TLS was not established: ${alert}`];
}

/** The connection stands and the request is out; no answer comes. */
export function noAnswer(site: string): Symptom {
  const text = `This site can’t be reached: ${site} took too long to respond.`;
  return { system: 'browser', code: 'ERR_TIMED_OUT', text, missing: 'no HTTP response came back' };
}

/** The server answers, and says no. */
export function refusal(status: number, reason: string, body: string): Symptom {
  return { system: 'browser', code: String(status), text: `${status} ${reason}: ${body}`, missing: body };
}
