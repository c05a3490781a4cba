/** What a stranger sends to see whether anything is open: one packet of every kind that the switches are about. @module */
import { hex } from '../lib/bytes.ts';
import * as icmp from '../wire/icmp.ts';
import type { Given } from '../wire/ipv4.ts';
import * as tcp from '../wire/tcp.ts';
import * as udp from '../wire/udp.ts';

const PROTOCOL = { gre: 47, esp: 50, ah: 51, l2tpv3: 115 } as const;

/** Whole and well-formed, with right checksums: what ends their way is not their form. */
export function knocks(source: number, destination: number): readonly Given[] {
  const ends = { source, destination };
  const datagram = (port: number, payload: string) =>
    udp.encode({ sourcePort: port, destinationPort: port, payload: hex(payload) }, ends);
  const syn = tcp.encode(
    { sourcePort: 50_000, destinationPort: 1723, sequence: 1, acknowledgment: 0, flags: tcp.SYN, window: 64_240 },
    ends,
  );
  const echo = icmp.encode({ kind: 'echo-request', identifier: 1, sequence: 1, data: new Uint8Array(56) });
  return [
    { ...ends, protocol: icmp.PROTOCOL, payload: echo },
    { ...ends, protocol: tcp.PROTOCOL, payload: syn },
    { ...ends, protocol: PROTOCOL.gre, payload: hex(LCP_IN_GRE) },
    { ...ends, protocol: PROTOCOL.esp, payload: hex(`deadbeef 00000001 ${'5a'.repeat(48)}`) },
    { ...ends, protocol: PROTOCOL.ah, payload: hex(`3b040000 deadbeef 00000001 ${'5a'.repeat(12)}`) },
    { ...ends, protocol: udp.PROTOCOL, payload: datagram(500, IKE_SA_INIT) },
    { ...ends, protocol: udp.PROTOCOL, payload: datagram(4500, `deadbeef 00000001 ${'5a'.repeat(48)}`) },
    { ...ends, protocol: udp.PROTOCOL, payload: datagram(1701, L2TP_HELLO) },
    { ...ends, protocol: PROTOCOL.l2tpv3, payload: hex(`0badcafe ${'5a'.repeat(20)}`) },
  ];
}

/** Enhanced GRE for Call ID 7 with an LCP Echo-Request in it. */
const LCP_IN_GRE = '3001880b 000c0007 00000000 ff03c021 09010008 00000000';
/** An IKEv2 header alone, whose payloads were left out. */
const IKE_SA_INIT = '0123456789abcdef 0000000000000000 00202208 00000000 0000001c';
/** An L2TPv2 HELLO for a tunnel that is not there. */
const L2TP_HELLO = 'c8020014 0001 0000 0000 0000 8008 0000 0000 0006';
