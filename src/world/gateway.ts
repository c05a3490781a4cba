/**
 * Tunnels that end on a router: what the experiment says of them, made into an endpoint on the router and its
 * counterpart on the server. Both ends take their keys from names, as everybody here does.
 * @module
 */
import type { Endpoint, Host, Incoming } from '../endpoints/endpoint.ts';
import type { Gateway } from '../endpoints/gateway.ts';
import { SdWanEdge } from '../endpoints/sdwan.ts';
import { SiteToSite } from '../endpoints/site-to-site.ts';
import { vpnRouter } from '../endpoints/vpn-router.ts';
import { everywhere, WireGuard } from '../endpoints/wireguard.ts';
import { u16, u32 } from '../lib/bytes.ts';
import { inPrefix, ipv4, type Prefix } from '../wire/address.ts';
import * as icmp from '../wire/icmp.ts';
import * as ip from '../wire/ipv4.ts';
import { PROTOCOL as UDP } from '../wire/udp.ts';
import type { Experiment, GatewaySetup, RouterSetup, ServerSetup } from './experiment.ts';
import { innerNetwork, keyPairOf, secretOf } from './keys.ts';
import { prefixOf, uplinksOf } from './network.ts';

/** Beside WireGuard's usual port, which a server may have in use. Each path has one of its own. */
const FIRST_PORT = 51821;
/** Where a VPN router listens: WireGuard's usual port. */
const VPN_ROUTER_PORT = 51820;
const SECOND = 1_000_000;
const PINGS = { at: [0, SECOND, 2 * SECOND] };
const KEEPALIVE = 25 * SECOND;

/** Inside the tunnels of an SD-WAN, where the probes go. */
const OVERLAY = ipv4('10.255.0.0');

const innerAddressOf = (server: number) => innerNetwork(server, 'gateway') + 1;

/** 0 for the first path, 1 for the second; where there are no uplinks to choose from, one path. */
function pathsOf(setup: RouterSetup): readonly number[] {
  const paths = [...uplinksOf(setup).keys()];
  return paths.length === 0 ? [0] : paths;
}

export type GatewayRouter = RouterSetup & { readonly gateway: GatewaySetup };

/** A gateway where it runs: the world hands it packets, and it knows the machine it runs on. */
export class RouterGateway implements Endpoint {
  readonly session: string;
  private readonly gateway: Gateway;
  private readonly ports: readonly number[];
  private own: readonly number[];
  private readonly beyond: Prefix;
  private host: Host | undefined;

  constructor(experiment: Experiment, setup: GatewayRouter, toLan: (packet: Uint8Array) => void) {
    const { gateway } = setup;
    this.gateway = gatewayOn(experiment, setup, gateway);
    this.gateway.onInner = (_host, packet) => toLan(packet);
    this.session = this.gateway.session;
    this.own = [prefixOf(setup.lan).address, prefixOf(setup.wan).address];
    this.beyond = gateway.kind === 'vpn-router' ? everywhere : prefixOf(gateway.remote);
    this.ports = gateway.kind === 'vpn-router' ? [VPN_ROUTER_PORT] : pathsOf(setup).map((path) => FIRST_PORT + path);
  }

  start(host: Host): void {
    this.host = host;
    this.gateway.start(host);
  }

  stop(host: Host): void {
    this.gateway.stop(host);
  }

  receive(host: Host, packet: Incoming): boolean {
    return this.gateway.receive(host, packet);
  }

  timer(host: Host, name: string): void {
    this.gateway.timer(host, name);
  }

  readdressed(host: Host, before: number, after: number): void {
    this.own = this.own.map((each) => (each === before ? after : each));
    this.gateway.readdressed?.(host, before, after);
  }

  /** Whether a packet is the tunnel's: from the LAN what lies beyond, from outside what comes to its ports. */
  wants(on: 'lan' | 'wan', packet: Uint8Array): boolean {
    const header = (packet[0]! & 15) * 4;
    if (on === 'wan')
      return packet[9] === UDP && packet.length >= header + 8 && this.ports.includes(u16(packet, header + 2));
    const destination = u32(packet, 16);
    return !this.own.includes(destination) && inPrefix(destination, this.beyond);
  }

  /** Takes a packet of the LAN's into the tunnel. */
  take(packet: Uint8Array): void {
    if (this.host) this.gateway.outbound(this.host, packet);
  }
}

function gatewayOn(experiment: Experiment, router: RouterSetup, setup: GatewaySetup): Gateway {
  const index = experiment.servers.findIndex(({ id }) => id === setup.server);
  const server = experiment.servers[index];
  if (!server) throw new Error(`the gateway of ${router.id} calls a server that is not there: ${setup.server}`);
  const address = prefixOf(router.lan).address;
  const endpoint = { address: ipv4(server.address), port: FIRST_PORT };
  const privateKey = secretOf(`gateway ${router.id}`);
  const publicKey = keyPairOf(`gateway ${server.id}`).public;
  switch (setup.kind) {
    case 'vpn-router': {
      const echo = { target: innerAddressOf(index), ...PINGS };
      return vpnRouter({
        privateKey,
        address,
        provider: { publicKey, ...endpoint },
        echo,
        persistentKeepalive: KEEPALIVE,
      });
    }
    case 'site-to-site': {
      const remote = prefixOf(setup.remote);
      return new SiteToSite({
        privateKey,
        listenPort: FIRST_PORT,
        address,
        remote: [remote],
        peer: { name: server.name, publicKey, endpoint, persistentKeepalive: KEEPALIVE },
        echo: { target: remote.address, ...PINGS },
      });
    }
    case 'sd-wan':
      return new SdWanEdge({
        address,
        remote: [prefixOf(setup.remote)],
        paths: setup.uplinks.map((uplink, path) => ({
          ...pathEnds(path, 'router', router.id, server.id),
          name: uplink.name,
          endpoint: { ...endpoint, port: FIRST_PORT + path },
          uplink: { name: uplink.name, address: prefixOf(uplink.address).address },
        })),
      });
  }
}

/** The other ends, on a server, of all gateways that call it. */
export function gatewayPeers(experiment: Experiment, server: ServerSetup, index: number): readonly Endpoint[] {
  return experiment.routers.flatMap((router) =>
    router.gateway?.server === server.id ? [peerOf(router, router.gateway, server, index)] : [],
  );
}

function peerOf(router: RouterSetup, setup: GatewaySetup, server: ServerSetup, index: number): Endpoint {
  const privateKey = secretOf(`gateway ${server.id}`);
  const home = prefixOf(router.lan);
  const peer = { name: router.name, publicKey: keyPairOf(`gateway ${router.id}`).public };
  switch (setup.kind) {
    case 'vpn-router':
      return new WireGuard({
        session: 'vpn-router',
        privateKey,
        listenPort: FIRST_PORT,
        address: innerAddressOf(index),
        peers: [{ ...peer, allowedIps: [home] }],
      });
    case 'site-to-site':
      return new FarOffice(
        new SiteToSite({
          privateKey,
          listenPort: FIRST_PORT,
          address: prefixOf(setup.remote).address,
          remote: [home],
          peer,
        }),
      );
    case 'sd-wan':
      return new FarOffice(
        new SdWanEdge({
          address: prefixOf(setup.remote).address,
          remote: [home],
          paths: setup.uplinks.map(({ name }, path) => ({ ...pathEnds(path, 'server', server.id, router.id), name })),
        }),
      );
  }
}

/** The ends of one path of an SD-WAN: keys, port and addresses inside, as seen from one side. */
function pathEnds(path: number, side: 'router' | 'server', own: string, other: string) {
  const network = OVERLAY + path * 0x100;
  const [address, peerAddress] = side === 'router' ? [network + 1, network + 2] : [network + 2, network + 1];
  return {
    privateKey: secretOf(`gateway ${own} ${path}`),
    peerKey: keyPairOf(`gateway ${other} ${path}`).public,
    listenPort: FIRST_PORT + path,
    address,
    peerAddress,
  };
}

/** An office whose router the server is, and in it one machine that answers pings. */
class FarOffice implements Endpoint {
  readonly session: string;
  private readonly gateway: Gateway;

  constructor(gateway: Gateway) {
    this.gateway = gateway;
    this.session = gateway.session;
    gateway.onInner = (host, packet) => {
      const answer = echoReply(packet);
      if (answer) gateway.outbound(host, answer);
    };
  }

  start(host: Host): void {
    this.gateway.start(host);
  }

  stop(host: Host): void {
    this.gateway.stop(host);
  }

  receive(host: Host, packet: Incoming): boolean {
    return this.gateway.receive(host, packet);
  }

  timer(host: Host, name: string): void {
    this.gateway.timer(host, name);
  }
}

function echoReply(packet: Uint8Array): Uint8Array | undefined {
  const parsed = ip.parse(packet);
  const message = parsed.ok && parsed.value.protocol === icmp.PROTOCOL ? icmp.parse(parsed.value.payload) : undefined;
  if (!parsed.ok || !message?.ok || message.value.kind !== 'echo-request') return undefined;
  const { source: destination, destination: source, id } = parsed.value;
  const payload = icmp.encode({ ...message.value, kind: 'echo-reply' });
  return ip.encode({ source, destination, id, protocol: icmp.PROTOCOL, payload });
}
