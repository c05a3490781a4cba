import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { curve25519 } from '../../src/endpoints/crypto/key-exchange.ts';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { find, findNotify, readEnvelope, readOpen, writeOpen } from '../../src/endpoints/ike-message.ts';
import { offerIke } from '../../src/endpoints/ike-proposal.ts';
import { hex, toHex } from '../../src/lib/bytes.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import * as udp from '../../src/wire/udp.ts';
import { ADDRESS, ikeClient, ikeServer, ipsecLab, natLab } from '../support/ipsec-lab.ts';
import type { Lab } from '../support/two-hosts.ts';

const SPI = hex('1122334455667788');

/** A first message made by hand, so that its SPI and nonce can be chosen. */
function initRequest(nonce: string, options: { readonly group?: number; readonly ke?: Uint8Array } = {}): Uint8Array {
  const { group = 31, ke = curve25519(new Uint8Array(32).fill(7)).publicValue } = options;
  return writeOpen(
    {
      initiatorSpi: SPI,
      responderSpi: new Uint8Array(8),
      exchange: 34,
      messageId: 0,
      fromInitiator: true,
      response: false,
    },
    [
      { type: 'sa', proposals: offerIke(['aes-gcm-16'], [31, 19, 14]) },
      { type: 'ke', group, data: ke },
      { type: 'nonce', data: hex(nonce) },
    ],
  );
}

function send(lab: Lab, message: Uint8Array, sourcePort = 500, destinationPort = 500): Lab {
  const ends = { source: ADDRESS.a, destination: ADDRESS.server };
  const payload = udp.encode({ sourcePort, destinationPort, payload: message }, ends);
  return lab.inject('a', ipv4.encode({ ...ends, protocol: 17, payload })).run(seconds(0.1));
}

/** IKE messages that the server sent, without the non-ESP marker there may be. */
const answers = (lab: Lab) => lab.packets('s').map((packet) => packet.subarray(28));

const NONCE = 'aa'.repeat(32);
const OTHER_NONCE = 'bb'.repeat(32);

describe('IKE_SA_INIT', () => {
  test('a repeated request gets the same answer, from whatever port it comes the second time', () => {
    const lab = ipsecLab({});
    send(lab, initRequest(NONCE));
    send(lab, initRequest(NONCE), 1024);
    const [first, second] = answers(lab);
    expect(toHex(second!)).toBe(toHex(first!));
    expect(lab.packets('s').map((packet) => packet[22]! * 256 + packet[23]!)).toEqual([500, 1024]);
  });

  test('the same SPI with another nonce is another client (RFC 7296 §2.1)', () => {
    const lab = ipsecLab({});
    send(lab, initRequest(NONCE));
    send(lab, initRequest(OTHER_NONCE), 311);
    const [first, second] = answers(lab).map((bytes) => readEnvelope(bytes)!);
    expect(toHex(first!.initiatorSpi)).toBe(toHex(second!.initiatorSpi));
    expect(toHex(first!.responderSpi)).not.toBe(toHex(second!.responderSpi));
    expect(lab.phasesOf('s').filter((phase) => phase.startsWith('IKE_SA_INIT'))).toHaveLength(2);
  });

  test('a client that sends no NAT_DETECTION gets none', () => {
    const [answer] = answers(send(ipsecLab({}), initRequest(NONCE)));
    expect(findNotify(readOpen(answer!)!, 16388)).toBeUndefined();
    expect(find(readOpen(answer!)!, 'ke')?.group).toBe(31);
  });

  test('a key of no use is refused and costs no memory', () => {
    const lab = send(ipsecLab({}), initRequest(NONCE, { ke: new Uint8Array(32) }));
    expect(findNotify(readOpen(answers(lab)[0]!)!, 7)).toBeDefined();
    expect(lab.phasesOf('s')).toEqual(['waiting for clients']);
  });

  test('a cookie is the answer to nobody else (RFC 7296 §2.6)', () => {
    const lab = ipsecLab({ server: ikeServer({ cookies: true }) });
    const cookie = (message: Uint8Array, port?: number) => {
      const before = answers(lab).length;
      return toHex(findNotify(readOpen(answers(send(lab, message, port))[before]!)!, 16390)!.data);
    };
    expect(cookie(initRequest(NONCE))).toBe(cookie(initRequest(NONCE), 1024));
    expect(cookie(initRequest(NONCE))).not.toBe(cookie(initRequest(OTHER_NONCE)));
    expect(lab.phasesOf('s')).toEqual(['waiting for clients']);
  });

  test('whoever never proves who he is is forgotten after half a minute', () => {
    const lab = send(ipsecLab({}), initRequest(NONCE)).run(seconds(29));
    send(lab, initRequest(NONCE));
    lab.run(seconds(2));
    send(lab, initRequest(NONCE));
    const [first, again, anew] = answers(lab).map(toHex);
    expect(again).toBe(first);
    expect(anew).not.toBe(first);
  });
});

describe('what is not IKE', () => {
  test('is ignored, on both ports, whatever it is', () => {
    const lab = ipsecLab({});
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(500, 4500), (bytes, port) => {
        send(lab, bytes, 500, port);
      }),
    );
    expect(answers(lab)).toEqual([]);
  });

  test('a damaged datagram is dropped in silence, as its checksum asks', () => {
    const ends = { source: ADDRESS.a, destination: ADDRESS.server };
    const payload = udp.encode({ sourcePort: 500, destinationPort: 500, payload: initRequest(NONCE) }, ends);
    payload[payload.length - 1]! ^= 1;
    const lab = ipsecLab({})
      .inject('a', ipv4.encode({ ...ends, protocol: 17, payload }))
      .run(seconds(1));
    expect(lab.packets('s')).toEqual([]);
  });

  test('a keepalive is taken without a word', () => {
    expect(answers(send(ipsecLab({}), hex('ff'), 4500, 4500))).toEqual([]);
  });

  test('damage to an IKE message costs time and nothing else: any bit of any of them may flip', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(7), fc.nat(3), (place, bit, index) => {
        let count = 0;
        const filter = (packet: Uint8Array) => {
          if (count++ !== index) return packet;
          const damaged = packet.slice();
          const at = 28 + (place % (packet.length - 28));
          damaged[at] = damaged[at]! ^ (1 << bit);
          return damaged;
        };
        const lab = ipsecLab({}, { filter }).start('a').run(seconds(8));
        expect(lab.statusOf('a')).toBe('up');
        expect(lab.symptoms).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  test('bare ESP that nobody here knows is refused as hosts do', () => {
    const lab = ipsecLab({});
    const payload = hex('00000001 00000001 0000');
    lab
      .inject('a', ipv4.encode({ source: ADDRESS.a, destination: ADDRESS.server, protocol: 50, payload }))
      .run(seconds(1));
    expect(lab.packets('s').map((packet) => [packet[9], packet[20], packet[21]])).toEqual([[1, 3, 2]]);
  });
});

test('a client whose CHILD_SA is refused leaves no connection behind', () => {
  const use = { mode: 'transport', protocol: 6 } as const;
  const server = ikeServer({ transport: { protocol: 17 } });
  const lab = natLab({ a: ikeClient({ use }), server })
    .start('a')
    .run(seconds(40));
  expect(lab.phasesOf('s')).toContain('no CHILD_SA for laptop-a');
  expect(lab.statusOf('s')).not.toBe('up');
});

test('the same client gets the same inner address again, another one the next', () => {
  const lab = natLab({}).start('a').run(seconds(2)).start('b').run(seconds(2)).stop('a').run(seconds(2));
  lab.start('a').run(seconds(2));
  const given = (host: string) => lab.phasesOf(host).filter((phase) => phase.startsWith('keys are there'));
  expect(given('a')).toEqual(Array(2).fill('keys are there, as 10.9.0.2; trying the tunnel'));
  expect(given('b')).toEqual(['keys are there, as 10.9.0.3; trying the tunnel']);
});
