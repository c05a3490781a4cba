/** What clients and servers run, as data, and the endpoints made from it. @module */
import type { Endpoint } from '../endpoints/endpoint.ts';
import { PptpClient } from '../endpoints/pptp-client.ts';
import { PptpServer } from '../endpoints/pptp-server.ts';
import { ipv4 } from '../wire/address.ts';

export type VpnKind = 'pptp';

/** `server` is the id of the server it connects to. */
export interface ClientVpn {
  readonly kind: 'pptp';
  readonly server: string;
  /** Left out, the client draws one. */
  readonly callId?: number;
  readonly localPort?: number;
}

export interface ServerVpn {
  readonly kind: 'pptp';
}

/** The one user of every simulated VPN; nothing simulated is secret. */
const USER = { userName: 'ann', password: 'correct horse battery staple' };

/** When a client pings through its tunnel, after it is up: the proof that it carries packets both ways. */
const PINGS = [0, 500_000, 1_000_000];

export function clientEndpoint(vpn: ClientVpn, server: number): Endpoint {
  return new PptpClient({
    ...USER,
    server,
    echoAt: PINGS,
    ...(vpn.callId === undefined ? {} : { callId: vpn.callId }),
    ...(vpn.localPort === undefined ? {} : { localPort: vpn.localPort }),
  });
}

/** `index`: each server of a world hands out inner addresses of its own. */
export function serverEndpoint(_vpn: ServerVpn, index: number): Endpoint {
  const network = ipv4('10.8.0.0') + index * 256;
  return new PptpServer({
    innerAddress: network + 1,
    pool: { first: network + 10, size: 100 },
    users: new Map([[USER.userName, USER.password]]),
  });
}
