/** Clients and servers of the L2TP family. @module */
import type { Endpoint } from '../endpoints/endpoint.ts';
import { L2tpClient } from '../endpoints/l2tp-client.ts';
import { l2tpIpsecClient } from '../endpoints/l2tp-ipsec.ts';
import { type Answering, L2tpServer } from '../endpoints/l2tp-server.ts';
import { L2tpv3Client } from '../endpoints/l2tpv3-client.ts';
import { L2tpv3Server } from '../endpoints/l2tpv3-server.ts';
import { ipv4 } from '../wire/address.ts';
import { dialIn, innerNetwork, PSK, SERVER_NAME, USER } from './keys.ts';
import { type ClientPart, given, PINGS, type ServerPart } from './parts.ts';

export function l2tpClient({
  vpn,
  setup,
  index,
  address: server,
  serverIndex,
}: ClientPart<'l2tp' | 'l2tpv3' | 'l2tp-ipsec'>): Endpoint {
  switch (vpn.kind) {
    case 'l2tp':
      return new L2tpClient({ ...USER, server, echoAt: PINGS, ...given({ localPort: vpn.localPort }) });
    case 'l2tpv3': {
      const network = innerNetwork(serverIndex, 'l2tpv3');
      return new L2tpv3Client({
        server,
        carrier: vpn.carrier,
        innerAddress: network + 10 + index,
        target: network + 1,
        echoAt: PINGS,
      });
    }
    case 'l2tp-ipsec':
      return l2tpIpsecClient({
        server,
        identity: `laptop-${setup.id}.example`,
        serverIdentity: SERVER_NAME,
        psk: PSK,
        l2tp: { ...USER, echoAt: PINGS },
      });
  }
}

export function l2tpServer({ options, setup, index, clients }: ServerPart): readonly Endpoint[] {
  const network = innerNetwork(index, options.kind);
  if (options.kind === 'l2tp')
    return [new L2tpServer({ ...dialIn(index, 'l2tp'), answering: answering(options, setup.alsoAt?.[0]) })];
  const carriers = new Set(clients.map(({ vpn }) => (vpn.kind === 'l2tpv3' ? vpn.carrier : 'udp')));
  return [...carriers].map(
    (carrier, place) =>
      new L2tpv3Server({ carrier, innerAddress: network + 1, ...(place > 0 ? { session: `l2tpv3-${carrier}` } : {}) }),
  );
}

function answering(options: ServerPart['options'], other: string | undefined): Answering {
  switch (options.l2tpAnswers) {
    case 'another-address':
      return { way: 'another-address', address: ipv4(other ?? '198.51.100.11') };
    case 'another-port':
      return { way: 'another-port', port: 1702 };
    case 'port-1701':
      return { way: 'port-1701' };
    default:
      return { way: 'same' };
  }
}
