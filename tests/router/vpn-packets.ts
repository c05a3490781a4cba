/** ESP and IKE by hand, and what becomes of them at a router. */
import { hex, u32 } from '../../src/lib/bytes.ts';
import * as esp from '../../src/wire/esp.ts';
import * as isakmp from '../../src/wire/isakmp.ts';
import { type Bench, datagram, packet, readUdp, S, WAN } from './bench.ts';

export const espPacket = (spi: number): Uint8Array => esp.encode({ spi, sequence: 1, body: new Uint8Array(24) });

/** Whether ESP of this SPI leaves translated. */
export function espOut(bench: Bench, from: number, spi: number, server = S): boolean {
  const seen = bench.send(packet(from, server, esp.PROTOCOL, espPacket(spi)));
  return seen !== undefined && seen.source === WAN && u32(seen.payload, 0) === spi;
}

/** Who gets ESP of this SPI. */
export function espIn(bench: Bench, spi: number, server = S): number | undefined {
  return bench.send(packet(server, WAN, esp.PROTOCOL, espPacket(spi)))?.destination;
}

/** The first message of a host, or an answer to it. */
export function ikeMessage(cookie: string, answered = false): Uint8Array {
  const header = {
    initiatorSpi: hex(cookie),
    responderSpi: hex(answered ? 'eeeeeeeeeeeeeeee' : '0000000000000000'),
    first: 0,
    version: isakmp.VERSION_2,
    exchange: 34,
    flags: isakmp.INITIATOR,
    messageId: 0,
  };
  return isakmp.encode(header, new Uint8Array(12));
}

/** The source port with which a host's first message leaves. */
export function ikeOut(bench: Bench, from: number, cookie: string, server = S): number | undefined {
  const seen = bench.send(datagram(from, 500, server, 500, ikeMessage(cookie)));
  return seen && readUdp(seen).sourcePort;
}

/** Who gets an answer to that port, and at which of its ports. */
export function ikeIn(bench: Bench, cookie: string, port = 500, server = S): readonly [number, number] | undefined {
  const seen = bench.send(datagram(server, 500, WAN, port, ikeMessage(cookie, true)));
  return seen && [seen.destination, readUdp(seen).destinationPort];
}
