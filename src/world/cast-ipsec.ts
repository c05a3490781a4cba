/** Clients and servers of IPsec: IKEv2, and ESP and AH with keys placed by hand. @module */
import type { Endpoint } from '../endpoints/endpoint.ts';
import { IkeClient } from '../endpoints/ike-client.ts';
import { IkeServer } from '../endpoints/ike-server.ts';
import { ManualPeering } from '../endpoints/ipsec-manual.ts';
import { UdpEchoClient, UdpEchoServer } from '../endpoints/ipsec-udp-echo.ts';
import { l2tpService } from '../endpoints/l2tp-ipsec.ts';
import { dialIn, innerNetwork, manualPeers, PSK, SERVER_NAME } from './keys.ts';
import type { ClientPart, ServerPart } from './parts.ts';
import { given, PINGS } from './parts.ts';

const SECOND = 1_000_000;
/** Switches a watch off. */
const NEVER = 0;
const UDP = 17;
const UDP_ECHO = 7;
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
    use: { mode: 'transport', protocol: 17, servicePort: UDP_ECHO },
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

/** One program answers on ports 500 and 4500, whatever it is asked for then: tunnels, a UDP service, L2TP calls. */
export function ikeServer({ options, offers, index }: ServerPart): readonly Endpoint[] {
  const ikev2 = offers.find(({ kind }) => kind === 'ikev2');
  const l2tp = offers.find(({ kind }) => kind === 'l2tp-ipsec');
  if (options !== (ikev2 ?? l2tp)) return [];
  const calls = l2tp && l2tpService(dialIn(index, 'l2tp-ipsec'));
  const echo = ikev2 && { port: UDP_ECHO, endpoint: () => new UdpEchoServer() };
  const services = [echo, calls].filter((each) => each !== undefined);
  return [
    new IkeServer({
      ...(ikev2 ? {} : { session: 'l2tp-ipsec' }),
      identity: SERVER_NAME,
      psk: PSK,
      ...(ikev2 ? { tunnel: { innerAddress: innerNetwork(index, 'ikev2') + 1 } } : {}),
      transport: {
        protocol: UDP,
        servicePorts: services.map(({ port }) => port),
        inside: () => services.map(({ endpoint }) => endpoint()),
        ...given({ overlap: ikev2?.overlap ?? l2tp?.overlap }),
      },
      ...(ikev2?.deadPeer === undefined ? {} : { watches: { deadPeer: ikev2.deadPeer * SECOND } }),
      ...given({ natTraversal: ikev2?.natTraversal, checksums: ikev2?.checksums }),
    }),
  ];
}

/** ESP and AH with keys placed by hand. */
export function manualServer({ options, setup, index, clients }: ServerPart): readonly Endpoint[] {
  const network = innerNetwork(index, options.kind);
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
