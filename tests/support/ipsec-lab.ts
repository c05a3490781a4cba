/** IKEv2 clients behind one NAT or none, and a server: what the tests of IPsec endpoints start from. */
import type { Endpoint } from '../../src/endpoints/endpoint.ts';
import { IkeClient } from '../../src/endpoints/ike-client.ts';
import type { IkeClientOptions, IkeServerOptions } from '../../src/endpoints/ike-options.ts';
import { IkeServer } from '../../src/endpoints/ike-server.ts';
import { u16 } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { dissect } from '../../src/wire/dissect.ts';
import { NatBox } from './nat-box.ts';
import { Lab, type LabOptions } from './two-hosts.ts';

export const ADDRESS = {
  a: ipv4('192.168.1.10'),
  b: ipv4('192.168.1.11'),
  wan: ipv4('203.0.113.1'),
  server: ipv4('203.0.113.10'),
  inner: ipv4('10.9.0.1'),
} as const;

export function ikeClient(options: Partial<IkeClientOptions> = {}): IkeClient {
  const target = options.use?.mode === 'transport' ? ADDRESS.server : ADDRESS.inner;
  const proof = options.inside ? {} : { echo: { target } };
  return new IkeClient({ server: ADDRESS.server, identity: 'laptop-a', psk: 'open sesame', ...proof, ...options });
}

export function ikeServer(options: Partial<IkeServerOptions> = {}): IkeServer {
  return new IkeServer({
    identity: 'vpn.example',
    psk: 'open sesame',
    tunnel: { innerAddress: ADDRESS.inner },
    transport: {},
    ...options,
  });
}

export interface Parties {
  readonly a?: Endpoint;
  readonly b?: Endpoint;
  readonly server?: Endpoint;
}

/** Laptops a and b and the server s, on one wire; the server is started. */
export function ipsecLab(parties: Parties, options: Omit<LabOptions, 'hosts'> = {}): Lab {
  const hosts = [
    { name: 'a', addresses: [ADDRESS.a], endpoints: [parties.a ?? ikeClient()] },
    { name: 'b', addresses: [ADDRESS.b], endpoints: [parties.b ?? ikeClient({ identity: 'laptop-b' })] },
    { name: 's', addresses: [ADDRESS.server], endpoints: [parties.server ?? ikeServer()] },
  ] as const;
  return new Lab({ ...options, hosts: hosts.map((host) => ({ ...host, addresses: [host.addresses[0]] })) }).start('s');
}

/** The same with a NAT before the laptops. */
export function natLab(parties: Parties, box: NatBox = natBox()): Lab {
  return ipsecLab(parties, { filter: box.filter });
}

export function natBox(): NatBox {
  return new NatBox({ address: ADDRESS.a, length: 24 }, ADDRESS.wan);
}

/** What a host put on the wire, by its layers: "ipv4 udp isakmp". */
export function trains(lab: Lab, from: string): readonly string[] {
  return lab.packets(from).map((packet) =>
    dissect(packet)
      .layers.filter(({ kind }) => kind === 'decoded')
      .map(({ protocol }) => protocol)
      .join(' '),
  );
}

export const isUdp = (packet: Uint8Array): boolean => packet[9] === 17;
export const isEsp = (packet: Uint8Array): boolean => packet[9] === 50;

/** "500 → 4500" */
export const ports = (packet: Uint8Array): string => `${u16(packet, 20)} → ${u16(packet, 22)}`;

/** Everything that the last layer of a packet shows, for a look whether some name occurs in it. */
export function shown(packet: Uint8Array): string {
  const { fields } = dissect(packet).layers.at(-1)!;
  return JSON.stringify(fields, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}
