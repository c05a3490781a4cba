import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { RdpClient, type RdpClientOptions, RdpServer } from '../../src/endpoints/rdp.ts';
import { toHex } from '../../src/lib/bytes.ts';
import { ipv4 } from '../../src/wire/address.ts';
import * as ip from '../../src/wire/ipv4.ts';
import * as tcp from '../../src/wire/tcp.ts';
import { Lab, type LabOptions } from '../support/two-hosts.ts';
import { readIpv4 } from '../support/vpn.ts';

const SERVER = ipv4('198.51.100.10');
const CLIENT = ipv4('203.0.113.1');
const NAME = 'desk.example.com';

function lab(client: Partial<RdpClientOptions> = {}, options: Partial<LabOptions> = {}): Lab {
  const endpoints = [new RdpClient({ server: SERVER, userName: 'ann', serverName: NAME, ...client })];
  return new Lab({
    hosts: [
      { name: 'client', addresses: [CLIENT], endpoints },
      { name: 'server', addresses: [SERVER], endpoints: [new RdpServer({ name: NAME })] },
    ],
    ...options,
  })
    .start('server')
    .start('client');
}

const textOf = (packet: Uint8Array) => {
  const parsed = ip.parse(packet);
  const segment = parsed.ok ? tcp.parse(parsed.value.payload) : undefined;
  return segment?.ok ? toHex(segment.value.payload) : '';
};

describe('the start of a Remote Desktop session', () => {
  test('is one request, one confirm that chooses TLS, and TLS', () => {
    const l = lab();
    expect(l.runUntil('client', 'up', seconds(1))).toBe(true);
    expect(l.phasesOf('client')).toEqual(['tcp', 'negotiation', 'tls', 'up']);
    const said = l
      .packets()
      .map(textOf)
      .filter((text) => text !== '');
    expect(said[0]).toMatch(/^030000\w\w\w\we0000000000043\w+0d0a0100080001000000$/);
    expect(said[1]).toBe('030000130ed000001234000 21f080001000000'.replace(' ', ''));
    expect(said[2]).toMatch(/^160301/);
  });

  test('any lost packet only costs time', () => {
    for (let lost = 0; lost < 10; lost++) {
      let seen = 0;
      const l = lab({}, { filter: (packet) => (seen++ === lost ? undefined : packet) });
      expect(l.runUntil('client', 'up', seconds(20))).toBe(true);
    }
  });

  test('ends in order when the user leaves', () => {
    const l = lab().run(seconds(2)).stop('client').run(seconds(200));
    expect(l.statusOf('client')).toBe('closed');
    expect(l.packets().filter((packet) => packet[33]! & 4)).toEqual([]);
  });
});

describe('what mstsc says', () => {
  const segmentOf = (packet: Uint8Array) => tcp.parse(readIpv4(packet).payload);
  /** From this moment on, whatever the server sends becomes a reset. */
  const resetAfter = (time: number) => (packet: Uint8Array, from: string, at: number) => {
    const segment = segmentOf(packet);
    if (at < time || from !== 'server' || !segment.ok) return packet;
    const outer = readIpv4(packet);
    return ip.encode({ ...outer, payload: tcp.encode({ ...segment.value, flags: tcp.RST | tcp.ACK }, outer) });
  };

  test.each([
    [
      'nobody answers',
      () => undefined,
      '0x204',
      'Remote Desktop can’t connect to the remote computer for one of these',
    ],
    [
      'the server goes silent once TCP stands',
      (packet: Uint8Array) => (packet.length > 300 ? undefined : packet),
      '0x108',
      'The two computers couldn’t connect in the amount of time allotted',
    ],
    ['the call is answered with RST', resetAfter(0), '0x204', 'Remote Desktop can’t connect'],
    ['an RST comes in place of TLS', resetAfter(30_000), '0x904', 'The connection to the remote computer was lost'],
  ] as const)('when %s', (_, filter, code, text) => {
    const l = lab({}, { filter }).run(seconds(60));
    expect(l.statusOf('client')).toBe('failed');
    expect(l.symptomsOf('client')).toEqual([
      { system: 'mstsc', code, text: expect.stringContaining(text), missing: expect.any(String) },
    ]);
  });

  test('when the certificate is for another machine', () => {
    expect(lab({ serverName: 'other' }).run(seconds(5)).symptomsOf('client')).toEqual([
      expect.objectContaining({ code: '0x907', text: expect.stringContaining('unexpected server authentication') }),
    ]);
  });

  test('when the server ends the session', () => {
    expect(lab().run(seconds(5)).stop('server').run(seconds(1)).symptomsOf('client')).toEqual([
      expect.objectContaining({ code: '0x3', missing: 'the server closed the session' }),
    ]);
  });
});

/** The client's first words after TCP replaced by others, and nothing of its own let through. */
function saying(bytes: Uint8Array): Lab {
  let first = true;
  const filter = (packet: Uint8Array, from: string) => {
    const parsed = ip.parse(packet);
    const segment = parsed.ok ? tcp.parse(parsed.value.payload) : undefined;
    if (from !== 'client' || !parsed.ok || !segment?.ok || segment.value.payload.length === 0) return packet;
    // A retransmission would complete a replacement that is a true beginning.
    if (!first) return undefined;
    first = false;
    const pseudo = { source: parsed.value.source, destination: parsed.value.destination };
    return ip.encode({ ...parsed.value, payload: tcp.encode({ ...segment.value, payload: bytes }, pseudo) });
  };
  return lab({}, { filter }).run(seconds(1));
}

test('a request that does not offer TLS is refused because the server requires it', () => {
  const l = saying(Uint8Array.of(3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0, 0, 0, 0));
  const answers = l
    .packets('server')
    .map(textOf)
    .filter((text) => text !== '');
  expect(new Set(answers)).toEqual(new Set(['030000130ed000001234000300080001000000']));
});

test('a server takes any first bytes without a fault, and starts no TLS for them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), (bytes) => {
      expect(saying(bytes).statusOf('server')).toBe('idle');
    }),
    { numRuns: 40, examples: [[Uint8Array.of(3)], [Uint8Array.of(3, 0, 0)]] },
  );
});
