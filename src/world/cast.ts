/**
 * Makes the endpoints of an experiment: each client's, and for each server all that its clients ask of it.
 * @module
 */
import type { Endpoint } from '../endpoints/endpoint.ts';
import { PlainGre } from '../endpoints/gre-plain.ts';
import { HttpsClient, HttpsServer } from '../endpoints/https.ts';
import { accessClient, accessProxy, issueToken } from '../endpoints/identity.ts';
import { OpenVpnClient } from '../endpoints/openvpn-client.ts';
import { OpenVpnServer } from '../endpoints/openvpn-server.ts';
import { PingClient } from '../endpoints/ping.ts';
import { PptpClient } from '../endpoints/pptp-client.ts';
import { PptpServer } from '../endpoints/pptp-server.ts';
import { RdpClient, RdpServer } from '../endpoints/rdp.ts';
import { SstpClient } from '../endpoints/sstp-client.ts';
import { SstpServer } from '../endpoints/sstp-server.ts';
import { identityOf } from '../endpoints/tls-certificate.ts';
import { hostPrefix, WireGuard } from '../endpoints/wireguard.ts';
import { ipv4 } from '../wire/address.ts';
import { ikeServer, ipsecClient, manualServer } from './cast-ipsec.ts';
import { l2tpClient, l2tpServer } from './cast-l2tp.ts';
import type { Experiment, ServerSetup } from './experiment.ts';
import { dialIn, innerNetwork, keyPairOf, SERVER_NAME, secretOf, USER } from './keys.ts';
import { type ClientPart, given, PINGS, type ServerPart } from './parts.ts';

const SECOND = 1_000_000;

export function clientParts(experiment: Experiment): readonly ClientPart[] {
  return experiment.clients.map((setup, index) => {
    const serverIndex = experiment.servers.findIndex((each) => each.id === setup.vpn.server);
    const server = experiment.servers[serverIndex];
    if (!server) throw new Error(`client ${setup.id} dials a server that is not there: ${setup.vpn.server}`);
    return { vpn: setup.vpn, setup, index, server, address: ipv4(server.address), serverIndex };
  });
}

/** All endpoints of a server, for each kind that it offers or that a client asks for. */
export function serverEndpoints(
  setup: ServerSetup,
  index: number,
  clients: readonly ClientPart[],
): readonly Endpoint[] {
  const asked = clients.filter((each) => each.server.id === setup.id);
  const offers = [...setup.serves];
  for (const { vpn } of asked) if (!offers.some((each) => each.kind === vpn.kind)) offers.push({ kind: vpn.kind });
  return offers.flatMap((options) => {
    const part = { options, offers, setup, index, address: ipv4(setup.address) };
    return serversFor({ ...part, clients: asked.filter((each) => each.vpn.kind === options.kind) });
  });
}

export function clientEndpoint(part: ClientPart): Endpoint {
  const { vpn, address: server } = part;
  switch (vpn.kind) {
    case 'pptp':
      return new PptpClient({
        ...USER,
        server,
        echoAt: vpn.pingsAt?.map((at) => at * SECOND) ?? PINGS,
        ...given({ callId: vpn.callId, localPort: vpn.localPort }),
      });
    case 'l2tp':
    case 'l2tpv3':
    case 'l2tp-ipsec':
      return l2tpClient({ ...part, vpn });
    case 'ikev2':
    case 'esp':
    case 'ah':
      return ipsecClient({ ...part, vpn });
    case 'gre':
      return greClient(part);
    case 'openvpn':
      return new OpenVpnClient({
        server,
        serverName: SERVER_NAME,
        identity: identityOf(part.setup.name),
        protocol: vpn.protocol,
        echo: { at: PINGS },
        ...given({ localPort: vpn.localPort }),
      });
    case 'wireguard':
      return wireGuardClient({ ...part, vpn });
    case 'plain':
      return new PingClient({ target: vpn.to === undefined ? server : ipv4(vpn.to), at: PINGS, every: SECOND });
    case 'https':
      return new HttpsClient({ server, name: SERVER_NAME });
    case 'sstp':
      return new SstpClient({ ...USER, server, serverName: SERVER_NAME, echoAt: PINGS });
    case 'rdp':
      return new RdpClient({ server, userName: USER.userName, serverName: SERVER_NAME });
    case 'identity':
      return accessClient({ server, name: SERVER_NAME, path: '/files', ...(vpn.token ? { token: TOKEN } : {}) });
  }
}

function serversFor(part: ServerPart): readonly Endpoint[] {
  const { options, index, clients } = part;
  const network = innerNetwork(index, options.kind);
  switch (options.kind) {
    case 'pptp':
      return [
        new PptpServer({
          ...dialIn(index, 'pptp'),
          ...(options.lcpEcho === undefined ? {} : { lcpEcho: { interval: options.lcpEcho * SECOND, failures: 4 } }),
        }),
      ];
    case 'l2tp':
    case 'l2tpv3':
      return l2tpServer(part);
    case 'ikev2':
    case 'l2tp-ipsec':
      return ikeServer(part);
    case 'esp':
    case 'ah':
      return manualServer(part);
    case 'gre':
      return [new PlainGre({ innerAddress: network + 1 })];
    case 'openvpn':
      return protocolsOf(clients).map(
        (protocol) =>
          new OpenVpnServer({ name: SERVER_NAME, address: network + 1, protocol, session: `openvpn-${protocol}` }),
      );
    case 'wireguard':
      return [wireGuardServer(part, network)];
    case 'plain':
      return [];
    case 'https':
      return [new HttpsServer({ name: SERVER_NAME })];
    case 'sstp':
      return [new SstpServer({ ...dialIn(index, 'sstp'), name: SERVER_NAME })];
    case 'rdp':
      return [new RdpServer({ name: SERVER_NAME })];
    case 'identity':
      return [accessProxy({ name: SERVER_NAME, key: TOKEN_KEY, rules: RULES })];
  }
}

function protocolsOf(clients: readonly ClientPart[]): readonly ('udp' | 'tcp')[] {
  const used = new Set(clients.map(({ vpn }) => (vpn.kind === 'openvpn' ? vpn.protocol : 'udp')));
  return used.size > 0 ? [...used] : ['udp'];
}

function greClient({ index, address, serverIndex }: ClientPart): Endpoint {
  const network = innerNetwork(serverIndex, 'gre');
  const echo = { target: network + 1, at: PINGS };
  return new PlainGre({ innerAddress: network + 10 + index, dials: { server: address, echo } });
}

const WIREGUARD_PORT = 51820;

function wireGuardClient({ vpn, setup, index, server, address, serverIndex }: ClientPart<'wireguard'>): Endpoint {
  const network = innerNetwork(serverIndex, 'wireguard');
  const every = vpn.pingEvery === undefined ? {} : { every: vpn.pingEvery * SECOND };
  return new WireGuard({
    privateKey: secretOf(`wireguard ${setup.id}`),
    address: network + 10 + index,
    peers: [
      {
        name: server.name,
        publicKey: keyPairOf(`wireguard ${server.id}`).public,
        allowedIps: [{ address: network, length: 24 }],
        endpoint: { address, port: WIREGUARD_PORT },
        ...(vpn.keepalive === undefined ? {} : { persistentKeepalive: vpn.keepalive * SECOND }),
      },
    ],
    echo: { target: network + 1, at: PINGS, ...every },
    ...given({ listenPort: vpn.localPort }),
  });
}

function wireGuardServer({ setup, clients }: ServerPart, network: number): Endpoint {
  return new WireGuard({
    privateKey: secretOf(`wireguard ${setup.id}`),
    listenPort: WIREGUARD_PORT,
    address: network + 1,
    peers: clients.map((client) => ({
      name: client.setup.name,
      publicKey: keyPairOf(`wireguard ${client.setup.id}`).public,
      allowedIps: [hostPrefix(network + 10 + client.index)],
    })),
  });
}

const TOKEN_KEY = secretOf('the proxy’s own');
const RULES = [{ path: '/files', group: 'staff', managedDevice: true }];
const TOKEN = issueToken(
  { subject: 'ann@example.com', groups: ['staff'], managedDevice: true, until: 3600 * SECOND },
  TOKEN_KEY,
);
