/**
 * What mstsc tells its user when a session fails. The codes are those of the client control (Microsoft,
 * `IMsTscAxEvents::OnDisconnected`), the texts what mstsc shows for them (TechNet wiki 37870, "Remote Desktop Client
 * Troubleshooting: Disconnect Codes and Reasons").
 * @module
 */
import type { Symptom } from './endpoint.ts';
import type { StreamEnd } from './tls-stream.ts';

/** How far a session had come when it ended. */
export type Reached = 'nothing' | 'tcp' | 'session';

const CONNECT_FAILED = [
  '0x204',
  'Remote Desktop can’t connect to the remote computer for one of these reasons: 1) Remote access to the server is not enabled 2) The remote computer is turned off 3) The remote computer is not available on the network',
] as const;
const TIMED_OUT = [
  '0x108',
  'This computer can’t connect to the remote computer. The two computers couldn’t connect in the amount of time allotted',
] as const;
const SOCKET_CLOSED = [
  '0x904',
  'Your Remote Desktop Services session has ended. The connection to the remote computer was lost, possibly due to network connectivity problems',
] as const;
/** Not an error, says Microsoft, and mstsc shows it as one. */
const ENDED_BY_SERVER = [
  '0x3',
  'Your Remote Desktop Services session has ended, possibly for one of the following reasons: The administrator has ended the session. An error occurred while the connection was being established. A network problem occurred',
] as const;
const OTHER_CERTIFICATE = [
  '0x907',
  'The connection has been terminated because an unexpected server authentication certificate was received from the remote computer',
] as const;

export function endSymptom(reached: Reached, how: StreamEnd): Symptom {
  if (reached === 'session' && how.kind === 'closed') return told(ENDED_BY_SERVER, 'the server closed the session');
  if (reached === 'session') return told(SOCKET_CLOSED, 'the TCP connection broke');
  if (reached === 'nothing') return told(CONNECT_FAILED, 'the TCP connection to port 3389 did not stand');
  if (how.kind !== 'tls') return told(SOCKET_CLOSED, 'the TCP connection ended before TLS stood');
  const words = how.how.alert === 'bad_certificate' ? OTHER_CERTIFICATE : SOCKET_CLOSED;
  return told(words, `TLS ended with ${how.how.alert}`);
}

/** The server does not go on. */
export function silence(reached: Reached): Symptom {
  if (reached === 'nothing') return told(CONNECT_FAILED, 'no SYN-ACK came back');
  return told(TIMED_OUT, 'the server took the connection and then said nothing');
}

/** Its first answer is none. */
export function protocolError(): Symptom {
  const text = 'Because of a protocol error detected at the client (code 0x1104), this session will be disconnected.';
  return { system: 'mstsc', code: '0x1104', text, missing: 'no X.224 confirm that chose TLS came back' };
}

function told([code, text]: readonly [string, string], missing: string): Symptom {
  return { system: 'mstsc', code, text: `${text} (${code})`, missing };
}
