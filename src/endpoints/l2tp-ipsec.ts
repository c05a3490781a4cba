/**
 * L2TP/IPsec (RFC 3193): L2TPv2 between UDP ports 1701, inside ESP transport mode, inside UDP 4500 where a NAT was found.
 * A router between the two sees IKE and ESP and nothing of L2TP, so its L2TP switch has nothing to act upon.
 *
 * Real clients negotiate with IKEv1, these with IKEv2: ports, NAT detection, encapsulation and the server's trouble with
 * two clients behind one address are the same.
 * @module
 */
import * as l2tp from '../wire/l2tp.ts';
import * as udp from '../wire/udp.ts';
import { IkeClient } from './ike-client.ts';
import type { IkeClientOptions } from './ike-options.ts';
import { L2tpClient, type L2tpClientOptions } from './l2tp-client.ts';
import { L2tpServer, type L2tpServerOptions } from './l2tp-server.ts';

export interface L2tpIpsecClientOptions extends Omit<IkeClientOptions, 'use' | 'echo' | 'inside' | 'windowsKind'> {
  /** The call inside. Its local port is part of what IPsec protects; 1701 unless said otherwise. */
  readonly l2tp: Omit<L2tpClientOptions, 'server' | 'session'>;
}

/** Its session is "l2tp-ipsec" unless named otherwise; it is up when the pings inside PPP are answered. */
export function l2tpIpsecClient({ l2tp: call, ...ike }: L2tpIpsecClientOptions): IkeClient {
  const port = call.localPort ?? l2tp.PORT;
  return new IkeClient({
    session: 'l2tp-ipsec',
    ...ike,
    use: {
      mode: 'transport',
      protocol: udp.PROTOCOL,
      servicePort: l2tp.PORT,
      ...(port === 'ephemeral' ? {} : { ownPort: port }),
    },
    inside: () => [new L2tpClient({ encryption: 'none', ...call, server: ike.server })],
    windowsKind: 'l2tp',
  });
}

/** What an IKE server carries in transport mode for it: the port of the calls, and who takes them. */
export function l2tpService(calls: L2tpServerOptions) {
  return { port: l2tp.PORT, endpoint: () => new L2tpServer({ encryption: 'none', ...calls }) };
}
