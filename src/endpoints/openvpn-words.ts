/** What OpenVPN writes into its log when it fails, word for word, and the step behind it. @module */
import { formatIpv4 } from '../wire/address.ts';
import type { Symptom } from './endpoint.ts';
import type { TcpEnd } from './tcp-user.ts';

export type OpenVpnFailure =
  /** 60 seconds went by and no keys were agreed on; `met`: whether the server ever answered. */
  | { readonly kind: 'hand-window'; readonly met: boolean }
  | { readonly kind: 'tls'; readonly alert: string }
  | { readonly kind: 'tcp'; readonly why: TcpEnd; readonly server: number; readonly port: number }
  | { readonly kind: 'refused-datagram' }
  | { readonly kind: 'ping-restart'; readonly name: string }
  | { readonly kind: 'no-push' }
  | { readonly kind: 'no-echo'; readonly asked: number; readonly answered: number };

export function openVpnSymptom(failure: OpenVpnFailure): Symptom {
  const [text, missing] = words(failure);
  return { system: failure.kind === 'no-echo' ? 'ping' : 'openvpn', text, missing };
}

const TCP_ERRORS: Readonly<Record<TcpEnd, string>> = {
  timeout: 'Connection timed out',
  refused: 'Connection refused',
  unreachable: 'No route to host',
  reset: 'Connection reset',
  aborted: 'Operation canceled',
  finished: 'Connection reset',
};

function words(failure: OpenVpnFailure): readonly [text: string, missing: string] {
  switch (failure.kind) {
    case 'hand-window':
      return [
        'TLS Error: TLS key negotiation failed to occur within 60 seconds (check your network connectivity)',
        failure.met
          ? 'the server answered the reset, but TLS was not completed'
          : 'no HARD_RESET_SERVER came back for our HARD_RESET_CLIENT',
      ];
    case 'tls':
      return ['TLS Error: TLS handshake failed', `TLS ended with the alert ${failure.alert}`];
    case 'tcp':
      return [tcpText(failure.why, failure.server, failure.port), 'the TCP connection did not stand'];
    case 'refused-datagram':
      return [
        'read UDPv4 [ECONNREFUSED]: Connection refused (fd=3,code=111)',
        'the server’s machine says by ICMP that nobody listens on the port',
      ];
    case 'ping-restart':
      return [
        `[${failure.name}] Inactivity timeout (--ping-restart), restarting`,
        'no authentic data packet came for the whole of --ping-restart',
      ];
    case 'no-push':
      return ['No reply from server to push requests', 'keys were agreed on, but no PUSH_REPLY with an address came'];
    case 'no-echo':
      return [
        `${failure.asked} packets transmitted, ${failure.answered} received, ${lost(failure)}% packet loss`,
        'no echo reply came back through the tunnel',
      ];
  }
}

function tcpText(why: TcpEnd, server: number, port: number): string {
  if (why === 'reset' || why === 'finished') return 'Connection reset, restarting [0]';
  return `TCP: connect to [AF_INET]${formatIpv4(server)}:${port} failed: ${TCP_ERRORS[why]}`;
}

function lost({ asked, answered }: { readonly asked: number; readonly answered: number }): number {
  return Math.round((1 - answered / asked) * 100);
}
