/** Who speaks to whom in a recording, and by which tunnels: read off the first packets of every two hosts. @module */
import { dissect } from '../wire/dissect.ts';
import type { Layer } from '../wire/layer.ts';
import type { RecordedPacket, Recording } from './recording.ts';
import { destinationOf, sourceOf } from './sides.ts';

export interface Tunnel {
  readonly client: number;
  readonly server: number;
  /** As `TraceNode.vpn`: "pptp", "ikev2", "esp", …; what a passthrough switch would be about comes first. */
  readonly kinds: readonly string[];
  /** Packets that the client sent, and those that came back to it. */
  readonly out: number;
  readonly back: number;
}

/** By the dissector's names; what is most itself first. */
const KINDS: readonly (readonly [protocol: string, kind: string])[] = [
  ['pptp', 'pptp'],
  ['sstp', 'sstp'],
  ['openvpn-udp', 'openvpn'],
  ['openvpn-tcp', 'openvpn'],
  ['wireguard', 'wireguard'],
  ['l2tp', 'l2tp'],
  ['isakmp', 'ike'],
  ['natt', 'natt'],
  ['esp', 'esp'],
  ['ah', 'ah'],
  ['l2tpv3-ip', 'l2tpv3'],
  ['gre', 'gre'],
  ['tpkt', 'rdp'],
];

/** Packets of two hosts that are looked into. */
const LOOKED_INTO = 12;
/** Pairs of hosts that are looked at: a capture of a whole office holds thousands. */
const MOST_PAIRS = 2_000;

interface Pair {
  readonly client: number;
  readonly server: number;
  readonly protocols: Set<string>;
  out: number;
  back: number;
}

/** Only the pairs with a tunnel, in the order of their first packets. */
export function tunnelsIn({ received, sent, sides }: Recording): readonly Tunnel[] {
  const pairs = new Map<string, Pair>();
  const look = (client: number, server: number, packet: RecordedPacket, way: 'out' | 'back') => {
    const key = `${client} ${server}`;
    let pair = pairs.get(key);
    if (!pair) {
      if (way === 'back' || pairs.size >= MOST_PAIRS) return;
      pair = { client, server, protocols: new Set(), out: 0, back: 0 };
      pairs.set(key, pair);
    }
    pair[way]++;
    if (pair.out + pair.back <= LOOKED_INTO) for (const protocol of protocolsOf(packet)) pair.protocols.add(protocol);
  };
  for (const each of received)
    if (each.on === 'lan') look(sourceOf(each.packet), destinationOf(each.packet), each, 'out');
  const back = sides === 'lan' ? received.filter((each) => each.returns) : sent.lan;
  for (const each of back) look(destinationOf(each.packet), sourceOf(each.packet), each, 'back');
  return [...pairs.values()].flatMap(({ client, server, protocols, out, back }) => {
    const kinds = [...new Set(KINDS.flatMap(([protocol, kind]) => (protocols.has(protocol) ? [kind] : [])))];
    // PPTP's GRE is a part of it.
    const told = kinds.includes('pptp') ? kinds.filter((kind) => kind !== 'gre') : kinds;
    return told.length > 0 ? [{ client, server, kinds: told, out, back }] : [];
  });
}

/** Of the tunnel itself: what an ICMP error quotes is another packet. */
function protocolsOf({ packet, kept }: RecordedPacket): readonly string[] {
  return dissect(packet.subarray(0, kept), 'ipv4', packet.length).layers.map(({ protocol, fields }: Layer) =>
    protocol === 'gre' && fields.some(({ key }) => key === 'gre.key.call_id') ? 'pptp' : protocol,
  );
}
