import { describe, expect, test } from 'vitest';
import { keyPair } from '../../src/endpoints/crypto/x25519.ts';
import { type Endpoint, type Host, type Incoming, seconds } from '../../src/endpoints/endpoint.ts';
import { type Gateway, hop } from '../../src/endpoints/gateway.ts';
import { type PathOptions, SdWanEdge } from '../../src/endpoints/sdwan.ts';
import { SiteToSite } from '../../src/endpoints/site-to-site.ts';
import { vpnRouter } from '../../src/endpoints/vpn-router.ts';
import { WireGuard } from '../../src/endpoints/wireguard.ts';
import { u32 } from '../../src/lib/bytes.ts';
import { ipv4, parsePrefix } from '../../src/wire/address.ts';
import * as icmp from '../../src/wire/icmp.ts';
import * as ip from '../../src/wire/ipv4.ts';
import { Lab } from '../support/two-hosts.ts';

const LEFT = ipv4('203.0.113.1');
const LEFT_LTE = ipv4('203.0.113.65');
const RIGHT = ipv4('198.51.100.10');
const ROUTER = { left: ipv4('192.168.1.1'), right: ipv4('192.168.2.1') };
const LAPTOP = ipv4('192.168.1.10');
const PRINTER = ipv4('192.168.2.20');
const LAN = { left: parsePrefix('192.168.1.0/24')!, right: parsePrefix('192.168.2.0/24')! };
const secret = (value: number) => new Uint8Array(32).fill(value);
const publicOf = (value: number) => keyPair(secret(value)).public;

/** A router with a gateway, and a LAN of one machine that answers pings. */
class Site implements Endpoint {
  readonly session: string;
  readonly lan: Uint8Array[] = [];
  host!: Host;
  private readonly gateway: Gateway;
  private readonly machine: number;

  constructor(gateway: Gateway, machine: number) {
    this.gateway = gateway;
    this.machine = machine;
    this.session = gateway.session;
    gateway.onInner = (_host, packet) => this.fromTunnel(packet);
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

  send(packet: Uint8Array): boolean {
    return this.gateway.outbound(this.host, packet);
  }

  private fromTunnel(packet: Uint8Array): void {
    this.lan.push(packet);
    const parsed = ip.parse(packet);
    const message = parsed.ok ? icmp.parse(parsed.value.payload) : undefined;
    if (!parsed.ok || !message?.ok || message.value.kind !== 'echo-request') return;
    if (parsed.value.destination !== this.machine) return;
    const payload = icmp.encode({ ...message.value, kind: 'echo-reply' });
    this.send(ip.encode({ source: this.machine, destination: parsed.value.source, protocol: 1, payload }));
  }
}

function ping(destination: number, options: { ttl?: number; size?: number } = {}): Uint8Array {
  const payload = icmp.encode({
    kind: 'echo-request',
    identifier: 7,
    sequence: 1,
    data: new Uint8Array(options.size ?? 56),
  });
  const given = { source: LAPTOP, destination, protocol: icmp.PROTOCOL, dontFragment: true, payload };
  return ip.encode({ ...given, ttl: options.ttl ?? 64 });
}

const heard = (site: Site) =>
  site.lan.map((packet) => {
    const parsed = ip.parse(packet);
    const message = parsed.ok ? icmp.parse(parsed.value.payload) : undefined;
    return parsed.ok && message?.ok
      ? { ...message.value, ttl: parsed.value.ttl, from: parsed.value.source }
      : undefined;
  });

describe('two offices joined by their routers', () => {
  function offices() {
    const left = new SiteToSite({
      privateKey: secret(1),
      address: ROUTER.left,
      remote: [LAN.right],
      peer: { name: 'right', publicKey: publicOf(2), endpoint: { address: RIGHT, port: 51820 } },
      echo: { target: ROUTER.right },
    });
    const right = new SiteToSite({
      privateKey: secret(2),
      address: ROUTER.right,
      remote: [LAN.left],
      peer: { name: 'left', publicKey: publicOf(1), endpoint: { address: LEFT, port: 51820 } },
    });
    const sites = { left: new Site(left, LAPTOP), right: new Site(right, PRINTER) };
    const lab = new Lab({
      hosts: [
        { name: 'left', addresses: [LEFT], endpoints: [sites.left] },
        { name: 'right', addresses: [RIGHT], endpoints: [sites.right] },
      ],
    })
      .start('right')
      .start('left')
      .run(seconds(5));
    return { ...sites, lab };
  }

  test('the tunnel comes up, and a laptop’s ping crosses it with one hop at each router', () => {
    const { left, right, lab } = offices();
    expect(lab.statusOf('left')).toBe('up');
    expect(left.send(ping(PRINTER))).toBe(true);
    lab.run(seconds(1));
    expect(heard(right)).toMatchObject([{ kind: 'echo-request', ttl: 62, from: LAPTOP }]);
    expect(heard(left)).toMatchObject([{ kind: 'echo-reply', ttl: 62, from: PRINTER }]);
    expect(lab.packets().every((packet) => packet[9] === 17)).toBe(true);
  });

  test('what is not for the other office goes its usual way', () => {
    const { left, lab } = offices();
    const before = lab.packets('left').length;
    expect(left.send(ping(ipv4('8.8.8.8')))).toBe(false);
    lab.run(seconds(1));
    expect(lab.packets('left')).toHaveLength(before);
  });

  test('a packet too large for the tunnel is answered with the size that fits', () => {
    const { left } = offices();
    expect(left.send(ping(PRINTER, { size: 1400 }))).toBe(true);
    expect(heard(left)).toMatchObject([{ kind: 'unreachable', code: 4, mtu: 1420, from: ROUTER.left }]);
    expect(u32(left.lan[0]!, 16)).toBe(LAPTOP);
  });

  test('hops that run out are told on by the router where it happened', () => {
    const { left, lab } = offices();
    left.send(ping(PRINTER, { ttl: 1 }));
    left.send(ping(PRINTER, { ttl: 2 }));
    lab.run(seconds(1));
    expect(heard(left)).toMatchObject([
      { kind: 'time-exceeded', from: ROUTER.left },
      { kind: 'time-exceeded', from: ROUTER.right },
    ]);
  });

  test('hanging up leaves packets for the other office without a way', () => {
    const { left, right, lab } = offices();
    lab.stop('left');
    expect(left.send(ping(PRINTER))).toBe(true);
    lab.run(seconds(1));
    expect(right.lan).toEqual([]);
    expect(lab.statusOf('left')).toBe('closed');
  });
});

test('no ICMP error is made about an ICMP error or a later fragment', () => {
  const quote = ping(PRINTER).subarray(0, 28);
  const about = ip.encode({
    source: LAPTOP,
    destination: PRINTER,
    protocol: 1,
    ttl: 1,
    payload: icmp.encode({ kind: 'unreachable', code: 1, mtu: 0, quote }),
  });
  expect(hop(about, ROUTER.left, 1420)).toEqual({ kind: 'drop' });
  const fragment = ip.encode({ source: 1, destination: 2, protocol: 17, ttl: 1, fragmentOffset: 8, payload: quote });
  expect(hop(fragment, ROUTER.left, 1420)).toEqual({ kind: 'drop' });
});

test('a VPN router takes everything its LAN sends through one tunnel to the provider', () => {
  const inside = ipv4('10.0.0.1');
  const router = vpnRouter({
    privateKey: secret(1),
    address: ROUTER.left,
    provider: { publicKey: publicOf(2), address: RIGHT, port: 51820 },
    echo: { target: inside },
  });
  const provider = new WireGuard({
    privateKey: secret(2),
    listenPort: 51820,
    address: inside,
    peers: [{ name: 'home', publicKey: publicOf(1), allowedIps: [LAN.left] }],
  });
  const home = new Site(router, LAPTOP);
  const lab = new Lab({
    hosts: [
      { name: 'home', addresses: [LEFT], endpoints: [home] },
      { name: 'provider', addresses: [RIGHT], endpoints: [provider] },
    ],
  })
    .start('provider')
    .start('home')
    .run(seconds(5));
  expect(lab.statusOf('home')).toBe('up');
  expect(home.send(ping(ipv4('8.8.8.8')))).toBe(true);
  home.send(ping(inside));
  lab.run(seconds(1));
  expect(heard(home)).toMatchObject([{ kind: 'echo-reply', from: inside }]);
});

describe('an SD-WAN edge with two uplinks', () => {
  function path(name: 'fibre' | 'lte', side: 'left' | 'right'): PathOptions {
    const index = name === 'fibre' ? 0 : 1;
    const own = side === 'left' ? 10 + index : 20 + index;
    const other = side === 'left' ? 20 + index : 10 + index;
    const overlay = [ipv4(`10.255.${index}.1`), ipv4(`10.255.${index}.2`)] as const;
    const [address, peerAddress] = side === 'left' ? overlay : [overlay[1], overlay[0]];
    return {
      name,
      privateKey: secret(own),
      peerKey: publicOf(other),
      listenPort: 51820 + index,
      address,
      peerAddress,
      ...(side === 'left'
        ? {
            endpoint: { address: RIGHT, port: 51820 + index },
            uplink: { name, address: name === 'fibre' ? LEFT : LEFT_LTE },
          }
        : {}),
    };
  }

  function edges() {
    const cut = new Set<number>();
    const edge = (side: 'left' | 'right') =>
      new SdWanEdge({
        address: ROUTER[side],
        remote: [side === 'left' ? LAN.right : LAN.left],
        paths: [path('fibre', side), path('lte', side)],
      });
    const sites = { left: new Site(edge('left'), LAPTOP), right: new Site(edge('right'), PRINTER) };
    const lab = new Lab({
      hosts: [
        { name: 'left', addresses: [LEFT, LEFT_LTE], endpoints: [sites.left] },
        { name: 'right', addresses: [RIGHT], endpoints: [sites.right] },
      ],
      filter: (packet) => (cut.has(u32(packet, 12)) || cut.has(u32(packet, 16)) ? undefined : packet),
    })
      .start('right')
      .start('left')
      .run(seconds(5));
    return { ...sites, lab, cut };
  }

  const uplinks = (lab: Lab, since: number) =>
    new Set(
      lab.sent
        .filter((each) => each.from === 'left' && each.at >= since && each.packet.length > 170)
        .map((each) => u32(each.packet, 12)),
    );

  test('uses the first while both carry, and both are probed', () => {
    const { left, right, lab } = edges();
    expect([lab.statusOf('left'), lab.statusOf('right')]).toEqual(['up', 'up']);
    expect(lab.phaseOf('left')).toBe('fibre');
    const since = lab.now;
    left.send(ping(PRINTER, { size: 200 }));
    lab.run(seconds(1));
    expect(uplinks(lab, since)).toEqual(new Set([LEFT]));
    expect(heard(right)).toMatchObject([{ kind: 'echo-request' }]);
    expect(heard(left)).toMatchObject([{ kind: 'echo-reply' }]);
  });

  test('changes over within four seconds when the first goes silent, and back when it speaks again', () => {
    const { left, lab, cut } = edges();
    cut.add(LEFT);
    lab.run(seconds(5));
    expect(lab.phaseOf('left')).toBe('changed over from fibre to lte');
    const changed = lab.phases.findLast((note) => note.host === 'left')!;
    expect(changed.at).toBeLessThan(seconds(9));
    const since = lab.now;
    left.send(ping(PRINTER, { size: 200 }));
    lab.run(seconds(1));
    expect(uplinks(lab, since)).toEqual(new Set([LEFT_LTE]));
    expect(heard(left)).toMatchObject([{ kind: 'echo-reply' }]);
    cut.clear();
    lab.run(seconds(20));
    expect(lab.phaseOf('left')).toBe('changed over from lte to fibre');
  });

  test('says so when no path is left, and recovers', () => {
    const { lab, cut } = edges();
    cut.add(LEFT).add(LEFT_LTE);
    lab.run(seconds(6));
    expect(lab.statusOf('left')).toBe('failed');
    expect(lab.symptomsOf('left')).toMatchObject([{ system: 'sd-wan' }]);
    cut.clear();
    lab.run(seconds(20));
    expect(lab.statusOf('left')).toBe('up');
  });

  test('hanging up stops the probes', () => {
    const { lab } = edges();
    lab.stop('left').run(seconds(1));
    const before = lab.packets('left').filter((packet) => packet[9] === 17).length;
    lab.run(seconds(30));
    expect(lab.packets('left').filter((packet) => packet[9] === 17)).toHaveLength(before);
  });
});
