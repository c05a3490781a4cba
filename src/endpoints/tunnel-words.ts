/**
 * What the user of a dial-up tunnel reads when it fails: Windows' error numbers (RRAS error codes), or the log lines
 * and exit codes of pppd 2.5 (fsm.c, auth.c, main.c) and of the daemon around it.
 * @module
 */
import type { Symptom } from './endpoint.ts';
import { missingStep, type TunnelFailure, type TunnelProtocol } from './tunnel-failure.ts';

/** Whose client it is: that decides the words, the patience and the order of things. */
export type ClientSystem = 'windows' | 'linux';

interface Words {
  readonly code?: string;
  readonly text: string;
}

/** One line for each way to fail. */
type Key =
  | Exclude<TunnelFailure['kind'], 'ppp' | 'dropped'>
  | 'not-connected'
  | 'interrupted'
  | 'ppp-deaf'
  | 'ppp-timeout'
  | 'authentication-failed'
  | 'refuses-authentication'
  | 'no-encryption'
  | 'no-address'
  | 'silent'
  | 'terminated'
  | 'closed';

const INTERRUPTED = {
  code: '807',
  text: 'The network connection between your computer and the VPN server was interrupted.',
} as const;

const WINDOWS: Readonly<Record<Key, Words>> = {
  unreachable: { code: '800', text: 'The remote connection was not made: the VPN server may be unreachable.' },
  refused: { code: '808', text: 'The VPN server refused the connection.' },
  'no-frames': {
    code: '806',
    text: 'The VPN connection was started but cannot be completed: a device on the way does not let GRE through.',
  },
  'not-connected': { code: '619', text: 'A connection to the remote computer could not be made: the port was closed.' },
  interrupted: INTERRUPTED,
  'no-echo': { text: 'Connected, but nothing on the other side answers.' },
  'ppp-deaf': { code: '721', text: 'The remote computer is not responding.' },
  'ppp-timeout': { code: '718', text: 'The connection timed out waiting for the remote computer.' },
  'authentication-failed': {
    code: '691',
    text: 'The remote connection was denied: the user name and password combination is not recognised.',
  },
  'refuses-authentication': { code: '919', text: 'The remote computer refused to prove who it is.' },
  'no-encryption': { code: '742', text: 'The remote computer does not support the required data encryption type.' },
  'no-address': { code: '720', text: 'No PPP control protocol could be agreed on with the remote computer.' },
  silent: INTERRUPTED,
  terminated: { code: '734', text: 'The PPP link control protocol was terminated.' },
  closed: { code: '619', text: 'The port was disconnected.' },
};

const NO_L2TP = {
  code: '809',
  text: 'The VPN server is not responding: a device on the way may not let the VPN through.',
} as const;
const WINDOWS_L2TP: Partial<Record<Key, Words>> = { unreachable: NO_L2TP, 'no-frames': NO_L2TP };

const PPPD: Readonly<Record<Key, Words>> = {
  unreachable: { text: 'Could not open control connection' },
  refused: { text: 'Call manager exited with error' },
  'no-frames': { code: '10', text: 'LCP: timeout sending Config-Requests' },
  'not-connected': { code: '16', text: 'Modem hangup' },
  interrupted: { code: '16', text: 'Modem hangup' },
  'no-echo': { text: 'ping: 100% packet loss' },
  'ppp-deaf': { code: '10', text: 'LCP: timeout sending Config-Requests' },
  'ppp-timeout': { code: '10', text: 'Connection terminated.' },
  'authentication-failed': { code: '19', text: 'CHAP authentication failed' },
  'refuses-authentication': { code: '11', text: 'peer refused to authenticate: terminating link' },
  'no-encryption': { code: '10', text: 'MPPE required but peer negotiation failed' },
  'no-address': { code: '10', text: 'Could not determine local IP address' },
  silent: { code: '15', text: 'Serial link appears to be disconnected.' },
  terminated: { code: '16', text: 'LCP terminated by peer' },
  closed: { code: '5', text: 'Connection terminated.' },
};

const NCP_TIMEOUT = { encryption: 'CCP', address: 'IPCP' } as const;

export function symptomOf(system: ClientSystem, protocol: TunnelProtocol, failure: TunnelFailure): Symptom {
  const missing = missingStep(protocol, failure);
  if (system === 'linux' && 'line' in failure && failure.line !== undefined)
    return { system: protocol === 'l2tp' ? 'xl2tpd' : 'pptp', text: failure.line, missing };
  const words = system === 'windows' ? windows(protocol, failure) : pppd(failure);
  return { system: system === 'windows' ? 'windows' : 'pppd', ...words, missing };
}

function windows(protocol: TunnelProtocol, failure: TunnelFailure): Words {
  const key = keyOf(failure);
  const words = (protocol === 'l2tp' ? WINDOWS_L2TP[key] : undefined) ?? WINDOWS[key];
  // The server names the number itself: 646, 647, 649, … (RFC 2759 §6).
  const named = failure.kind === 'ppp' && failure.end.kind === 'authentication-failed' ? failure.end.code : undefined;
  return named === undefined ? words : { ...words, code: String(named) };
}

function pppd(failure: TunnelFailure): Words {
  const during = failure.kind === 'ppp' && failure.end.kind === 'timeout' ? failure.end.during : undefined;
  if (during === 'encryption' || during === 'address')
    return { code: '10', text: `${NCP_TIMEOUT[during]}: timeout sending Config-Requests` };
  return PPPD[keyOf(failure)];
}

function keyOf(failure: TunnelFailure): Key {
  if (failure.kind === 'dropped') return failure.was === 'up' ? 'interrupted' : 'not-connected';
  if (failure.kind !== 'ppp') return failure.kind;
  const { end } = failure;
  if (end.kind !== 'timeout') return end.kind;
  return end.heard ? 'ppp-timeout' : 'ppp-deaf';
}
