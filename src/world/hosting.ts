/**
 * Which VPNs one server can have at once. A port belongs to one program, and so does all of IPsec: two kinds that want
 * the same need two machines, unless one program serves both.
 * @module
 */
import type { Experiment } from './experiment.ts';
import type { VpnKind } from './vpn.ts';

/** What a VPN's server listens on, where another kind wants the same. */
function slotOf(vpn: { readonly kind: VpnKind; readonly carrier?: 'ip' | 'udp' }): string | undefined {
  switch (vpn.kind) {
    case 'l2tp':
      return 'UDP 1701';
    case 'l2tpv3':
      return vpn.carrier === 'ip' ? undefined : 'UDP 1701';
    case 'ikev2':
    case 'l2tp-ipsec':
    case 'esp':
      return 'IPsec';
    case 'https':
    case 'sstp':
    case 'identity':
      return 'TCP 443';
    case 'wireguard':
      return 'UDP 51820';
    default:
      return undefined;
  }
}

/** One IKE server answers those who want a tunnel and those who want L2TP under it. */
const programOf = (kind: VpnKind): VpnKind => (kind === 'l2tp-ipsec' ? 'ikev2' : kind);

const isClash = (a: { readonly kind: VpnKind }, b: { readonly kind: VpnKind }): boolean =>
  programOf(a.kind) !== programOf(b.kind) && slotOf(a) === slotOf(b);

/** What else would have to stop listening for the client's VPN to be served there, as "TCP 443"; undefined: nothing. */
export function slotTaken({ clients, routers }: Experiment, client: string, server: string): string | undefined {
  const mine = clients.find(({ id }) => id === client)?.vpn;
  const slot = mine && slotOf(mine);
  if (!mine || slot === undefined) return undefined;
  const others = clients.filter(({ id, vpn }) => id !== client && vpn.server === server);
  const clash = others.some(({ vpn }) => isClash(vpn, mine));
  // The tunnels of gateways are WireGuard, too.
  const byGateway = slot === 'UDP 51820' && routers.some(({ gateway }) => gateway?.server === server);
  return clash || byGateway ? slot : undefined;
}

/** What a server offers that nobody asks of it gives way to a client that needs the place. */
export function withRoomFor(experiment: Experiment, client: string): Experiment {
  const vpn = experiment.clients.find(({ id }) => id === client)?.vpn;
  const slot = vpn && slotOf(vpn);
  if (slot === undefined) return experiment;
  const servers = experiment.servers.map((server) =>
    server.id === vpn?.server ? { ...server, serves: server.serves.filter((each) => !isClash(each, vpn)) } : server,
  );
  return { ...experiment, servers };
}
