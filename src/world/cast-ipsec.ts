/** Clients and servers of IPsec: IKEv2, and ESP and AH with keys placed by hand. @module */
import type { Endpoint } from '../endpoints/endpoint.ts';
import { IkeClient } from '../endpoints/ike-client.ts';
import { IkeServer } from '../endpoints/ike-server.ts';
import { ManualPeering } from '../endpoints/ipsec-manual.ts';
import { UdpEchoClient, UdpEchoServer } from '../endpoints/ipsec-udp-echo.ts';
import { innerNetwork, manualPeers, PSK, SERVER_NAME } from './keys.ts';
import type { ClientPart, ServerPart } from './parts.ts';
import { given, PINGS } from './parts.ts';

const SECOND = 1_000_000;
/** Switches a watch off. */
const NEVER = 0;
const ANYWHERE = { address: 0, length: 0 };

export function ipsecClient(part: ClientPart<'ikev2' | 'esp' | 'ah'>): Endpoint {
  const { vpn } = part;
  return vpn.kind === 'ikev2' ? ikeClient({ ...part, vpn }) : manualClient({ ...part, vpn });
}

function ikeClient({ vpn, setup, address: server, serverIndex }: ClientPart<'ikev2'>): Endpoint {
  const target = innerNetwork(serverIndex, 'ikev2') + 1;
  const common = {
    server,
    identity: `laptop-${setup.id}.example`,
    serverIdentity: SERVER_NAME,
    psk: PSK,
    ...(vpn.keepalive === false ? { watches: { keepalive: NEVER, deadPeer: NEVER } } : {}),
    ...given({ natTraversal: vpn.natTraversal, startOn4500: vpn.startOn4500 }),
  };
  if (vpn.transport === undefined)
    return new IkeClient({ ...common, echo: { target, at: PINGS, ...repeated(vpn.pingEvery) } });
  return new IkeClient({
    ...common,
    use: { mode: 'transport', protocol: 17, servicePort: 7 },
    checksums: vpn.transport,
    inside: () => [new UdpEchoClient(server)],
  });
}

function manualClient({ vpn, index, server, address, serverIndex }: ClientPart<'esp' | 'ah'>): Endpoint {
  const peer = { ...manualPeers(vpn.kind, index, server.id).client, address };
  const network = innerNetwork(serverIndex, vpn.kind);
  const tunnel = vpn.kind === 'esp' || vpn.mode === 'tunnel';
  const every = vpn.kind === 'esp' ? repeated(vpn.pingEvery) : {};
  return new ManualPeering({
    guard: { protocol: vpn.kind },
    mode: tunnel ? 'tunnel' : 'transport',
    peers: [peer],
    echo: { target: tunnel ? network + 1 : address, at: PINGS, ...every },
    ...(tunnel ? { innerAddress: network + 10 + index } : {}),
  });
}

function repeated(pingEvery: number | undefined): { readonly every?: number } {
  return pingEvery === undefined ? {} : { every: pingEvery * SECOND };
}

export function ipsecServer({ options, setup, index, clients }: ServerPart): readonly Endpoint[] {
  const network = innerNetwork(index, options.kind);
  if (options.kind === 'ikev2') {
    const transport = {
      protocol: 17,
      servicePort: 7,
      inside: () => [new UdpEchoServer()],
      ...given({ overlap: options.overlap }),
    };
    return [
      new IkeServer({
        identity: SERVER_NAME,
        psk: PSK,
        tunnel: { innerAddress: network + 1 },
        transport,
        ...(options.deadPeer === undefined ? {} : { watches: { deadPeer: options.deadPeer * SECOND } }),
        ...given({ natTraversal: options.natTraversal, checksums: options.checksums }),
      }),
    ];
  }
  const protocol = options.kind === 'ah' ? 'ah' : 'esp';
  const tunnel = protocol === 'esp' || clients.some(({ vpn }) => vpn.kind === 'ah' && vpn.mode === 'tunnel');
  const peers = clients.map((client) => ({
    ...manualPeers(protocol, client.index, setup.id).server,
    remote: [tunnel ? { address: network + 10 + client.index, length: 32 } : ANYWHERE],
  }));
  return [
    new ManualPeering({
      guard: { protocol },
      mode: tunnel ? 'tunnel' : 'transport',
      peers,
      ...(tunnel ? { innerAddress: network + 1 } : {}),
    }),
  ];
}
