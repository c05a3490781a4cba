import fc from 'fast-check';
import { expect, test } from 'vitest';
import { putU16, u16 } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import { fold, pseudoSum } from '../../src/wire/checksum.ts';
import { encode as encodeIpv4 } from '../../src/wire/ipv4.ts';
import { encode as encodeUdp, PROTOCOL as UDP } from '../../src/wire/udp.ts';
import { filledIn } from '../../src/world/offload.ts';

const [source, destination] = [ipv4('192.168.1.10'), ipv4('198.51.100.2')];

function datagram(data: Uint8Array): Uint8Array {
  const payload = encodeUdp({ sourcePort: 4000, destinationPort: 53, payload: data }, { source, destination });
  return encodeIpv4({ source, destination, protocol: UDP, ttl: 64, payload });
}

/** As a machine hands it to its card. */
function leftToTheCard(packet: Uint8Array): Uint8Array {
  const bare = packet.slice();
  putU16(bare, 10, 0);
  putU16(bare, 26, fold(pseudoSum(source, destination, UDP, packet.length - 20)));
  return bare;
}

test('checksums that were left to the network card are filled in, and come out as the card would have made them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (data) => {
      const packet = datagram(data);
      expect(filledIn(leftToTheCard(packet))).toEqual(packet);
    }),
  );
});

test('a right packet stays the very same, and a wrong checksum that nobody left open stays wrong', () => {
  const packet = datagram(Uint8Array.of(1, 2, 3));
  expect(filledIn(packet)).toBe(packet);
  const wrong = packet.slice();
  putU16(wrong, 26, (u16(packet, 26) + 1) & 0xffff);
  expect(filledIn(wrong)).toBe(wrong);
});
