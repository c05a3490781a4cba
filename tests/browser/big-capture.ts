/** A pair of captures as large as one likes: two laptops, one server, one router in between, made when it is needed. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { concat, hex, putU32 } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encode as encodeUdp, PROTOCOL as UDP } from '../../src/wire/udp.ts';

const LAPTOPS = [ipv4('192.168.1.10'), ipv4('192.168.1.11')];
const ROUTER = ipv4('203.0.113.1');
const SERVER = ipv4('198.51.100.2');
const GRE = 47;
const DATA = 1200;

const [HOME, INSIDE, OUTSIDE, AWAY] = ['02000000000a', '020000000101', '020000000201', '0200000000ff'].map(hex);
const TYPE = hex('0800');

/** Answers how many packets reach the router. Now and then a GRE packet comes to it for which there is no entry. */
export function writeBigPair(lanPath: string, wanPath: string, bytes: number): number {
  const header = concat(hex('a1b2c3d4 0002 0004 00000000 00000000 00040000 00000001'));
  const files = { lan: openSync(lanPath, 'w'), wan: openSync(wanPath, 'w') };
  writeSync(files.lan, header);
  writeSync(files.wan, header);
  const pending: Record<'lan' | 'wan', Uint8Array[]> = { lan: [], wan: [] };
  let written = 0;
  let received = 0;
  const put = (side: 'lan' | 'wan', micros: number, to: Uint8Array, from: Uint8Array, packet: Uint8Array) => {
    const record = new Uint8Array(16);
    putU32(record, 0, 1_700_000_000 + Math.floor(micros / 1e6));
    putU32(record, 4, micros % 1e6);
    putU32(record, 8, packet.length + 14);
    putU32(record, 12, packet.length + 14);
    pending[side].push(record, to, from, TYPE, packet);
    written += packet.length + 30;
    if (pending[side].length > 5000) writeSync(files[side], concat(...pending[side].splice(0)));
  };
  for (let i = 0; written < bytes; i++) {
    const time = i * 500;
    const laptop = LAPTOPS[i % 2]!;
    const port = 5000 + (i % 2);
    if (i % 2000 === 1999) {
      put('wan', time, OUTSIDE!, AWAY!, packet(SERVER, ROUTER, GRE, 60, i, hex('3081880b 0000 0007 00000001')));
      received++;
    } else if (i % 3 < 2) {
      put('lan', time, INSIDE!, HOME!, datagram(laptop, SERVER, [port, 1194], 64, i));
      put('wan', time + 50, AWAY!, OUTSIDE!, datagram(ROUTER, SERVER, [port, 1194], 63, i));
      received++;
    } else {
      put('wan', time, OUTSIDE!, AWAY!, datagram(SERVER, ROUTER, [1194, port], 60, i));
      put('lan', time + 50, HOME!, INSIDE!, datagram(SERVER, laptop, [1194, port], 59, i));
      received++;
    }
  }
  for (const side of ['lan', 'wan'] as const) {
    writeSync(files[side], concat(...pending[side]));
    closeSync(files[side]);
  }
  return received;
}

function datagram(source: number, destination: number, ports: readonly [number, number], ttl: number, i: number) {
  const data = new Uint8Array(DATA).fill(i & 0xff);
  putU32(data, 0, i);
  const payload = encodeUdp(
    { sourcePort: ports[0], destinationPort: ports[1], payload: data },
    { source, destination },
  );
  return packet(source, destination, UDP, ttl, i, payload);
}

function packet(source: number, destination: number, protocol: number, ttl: number, i: number, payload: Uint8Array) {
  return encodeIpv4({ source, destination, protocol, ttl, id: i & 0xffff, payload });
}
