import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/endpoints/endpoint.ts';
import { type ManualOptions, type ManualPeer, ManualPeering } from '../../src/endpoints/ipsec-manual.ts';
import { UdpEchoClient, UdpEchoServer } from '../../src/endpoints/ipsec-udp-echo.ts';
import { putU32, u16, u32 } from '../../src/lib/bytes.ts';
import { ipv4 as address } from '../../src/wire/address.ts';
import * as ipv4 from '../../src/wire/ipv4.ts';
import { ADDRESS, ipsecLab, natBox, natLab } from '../support/ipsec-lab.ts';

type Name = 'a' | 'b';
const INNER = { a: address('10.9.0.2'), b: address('10.9.0.3') } as const;
const SPI = { a: [0x1001, 0x2001], b: [0x1002, 0x2002] } as const;

function clientSide(name: Name): ManualPeer {
  const [toServer, fromServer] = SPI[name];
  return {
    name: 'server',
    address: ADDRESS.server,
    inbound: { spi: fromServer, secret: `server to ${name}` },
    outbound: { spi: toServer, secret: `${name} to server` },
  };
}

function serverSide(name: Name): ManualPeer {
  const { inbound, outbound } = clientSide(name);
  return { name, inbound: outbound, outbound: inbound, remote: [{ address: INNER[name], length: 32 }] };
}

const esp = { guard: { protocol: 'esp' }, mode: 'tunnel' } as const;
const client = (name: Name, options: Partial<ManualOptions> = {}) =>
  new ManualPeering({
    ...esp,
    peers: [clientSide(name)],
    innerAddress: INNER[name],
    echo: { target: ADDRESS.inner },
    ...options,
  });
const server = (options: Partial<ManualOptions> = {}) =>
  new ManualPeering({
    ...esp,
    peers: [serverSide('a'), serverSide('b')],
    innerAddress: ADDRESS.inner,
    ...options,
  });

const ah = { guard: { protocol: 'ah' } } as const;
const transport = {
  mode: 'transport',
  peers: [{ ...clientSide('a') }],
  echo: { target: ADDRESS.server },
} as const;
const transportServer = {
  mode: 'transport',
  peers: [{ ...serverSide('a'), remote: [{ address: 0, length: 0 }] }],
} as const;

describe('bare ESP with keys placed by hand', () => {
  test('one client, with or without a NAT', () => {
    for (const lab of [ipsecLab({ a: client('a'), server: server() }), natLab({ a: client('a'), server: server() })]) {
      lab.start('a').run(seconds(5));
      expect(lab.statusOf('a')).toBe('up');
      expect(lab.statusOf('s')).toBe('up');
      expect(lab.packets().every((packet) => packet[9] === 50)).toBe(true);
    }
  });

  test('two clients behind one address: what is not for them they discard by its SPI, and say so', () => {
    const lab = natLab({ a: client('a'), b: client('b'), server: server() });
    lab.start('a').run(seconds(0.5)).start('b').run(seconds(8));
    expect(lab.statusOf('b')).toBe('up');
    expect(lab.symptomsOf('b')).toMatchObject([
      { system: 'linux', code: 'XfrmInNoStates', text: 'ESP packet for SPI 0x00002001 from 203.0.113.10 discarded' },
    ]);
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a').at(-1)).toMatchObject({
      system: 'ping',
      missing: /bare ESP \(IP protocol 50\) went out, nothing came back/,
    });
  });

  test('a bad ICV is discarded and said once', () => {
    const filter = (packet: Uint8Array, from: string) => {
      if (from !== 'a') return packet;
      const changed = packet.slice();
      changed[changed.length - 1]! ^= 1;
      return changed;
    };
    const lab = ipsecLab({ a: client('a'), server: server() }, { filter })
      .start('a')
      .run(seconds(8));
    expect(lab.symptomsOf('s')).toMatchObject([{ code: 'XfrmInStateProtoError', text: /SPI 0x00001001/ }]);
    expect(lab.statusOf('a')).toBe('failed');
  });

  test('an inner source that the association is not for is discarded (RFC 3715 i)', () => {
    const lab = ipsecLab({ a: client('a', { innerAddress: INNER.b }), server: server() })
      .start('a')
      .run(seconds(8));
    expect(lab.symptomsOf('s')).toMatchObject([{ code: 'XfrmInTmplMismatch' }]);
  });

  test('transport mode through a NAT breaks the UDP checksum inside, which nobody here can mend', () => {
    const inside = () => [new UdpEchoClient(ADDRESS.server)];
    const { echo: _, ...quiet } = transport;
    const peering = () => new ManualPeering({ ...esp, ...quiet, inside });
    const answering = (checksums: 'nat-oa' | 'recompute') =>
      server({ ...transportServer, inside: () => [new UdpEchoServer()], checksums });
    const plain = ipsecLab({ a: peering(), server: answering('nat-oa') })
      .start('a')
      .run(seconds(8));
    expect(plain.statusOf('a')).toBe('up');
    const broken = natLab({ a: peering(), server: answering('nat-oa') })
      .start('a')
      .run(seconds(8));
    expect(broken.statusOf('a')).toBe('failed');
    expect(broken.symptomsOf('s')).toMatchObject([{ code: 'InCsumErrors' }]);
  });

  test('it can be stopped and started again', () => {
    const lab = ipsecLab({ a: client('a'), server: server() })
      .start('a')
      .run(seconds(5))
      .stop('a')
      .run(seconds(1));
    expect(lab.statusOf('a')).toBe('closed');
    lab.stop('s').start('s').start('a').run(seconds(5));
    expect(lab.statusOf('a')).toBe('up');
  });
});

test.each(['esp', 'ah'] as const)('%s: whatever arrives, nothing breaks and nothing comes out', (protocol) => {
  const guard = { protocol };
  const lab = ipsecLab({ a: client('a', { guard }), server: server({ guard }) })
    .start('a')
    .run(seconds(5));
  const before = lab.packets('s').length;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(0, 0x1001), (bytes, spi) => {
      const payload = bytes.slice();
      if (payload.length >= 12 && spi !== 0) putU32(payload, protocol === 'ah' ? 4 : 0, spi);
      const ends = { source: ADDRESS.a, destination: ADDRESS.server };
      lab.inject('a', ipv4.encode({ ...ends, protocol: protocol === 'ah' ? 51 : 50, payload })).run(seconds(0.1));
    }),
  );
  expect(lab.packets('s')).toHaveLength(before);
});

describe('AH', () => {
  const cases = [
    ['tunnel', () => client('a', ah), () => server(ah)],
    ['transport', () => client('a', { ...ah, ...transport }), () => server({ ...ah, ...transportServer })],
    [
      'transport, SHA-1',
      () => client('a', { ...transport, guard: { protocol: 'ah', transform: 'hmac-sha1-96' } }),
      () => server({ ...transportServer, guard: { protocol: 'ah', transform: 'hmac-sha1-96' } }),
    ],
  ] as const;

  test.each(cases)('%s mode is up where nothing is translated, routers or not', (_mode, a, s) => {
    const routed = (packet: Uint8Array) => {
      const parsed = ipv4.parse(packet);
      return parsed.ok ? ipv4.encode({ ...parsed.value, ttl: parsed.value.ttl - 1, tos: 0x20 }) : undefined;
    };
    const lab = ipsecLab({ a: a(), server: s() }, { filter: routed }).start('a').run(seconds(5));
    expect(lab.symptoms).toEqual([]);
    expect(lab.statusOf('a')).toBe('up');
    expect(lab.packets().every((packet) => packet[9] === 51)).toBe(true);
  });

  test.each(cases)('%s mode is refused by the receiver behind a NAT, and it says why', (_mode, a, s) => {
    const box = natBox();
    const lab = natLab({ a: a(), server: s() }, box).start('a').run(seconds(8));
    expect(lab.statusOf('a')).toBe('failed');
    expect(lab.symptomsOf('a')).toMatchObject([
      { system: 'ping', text: /100% packet loss/, missing: /AH \(IP protocol 51\)/ },
    ]);
    expect(lab.symptomsOf('s')).toMatchObject([
      { system: 'linux', code: 'XfrmInStateProtoError', missing: /it covers the IP addresses too/ },
    ]);
    expect(box.heard.every(({ packet }) => u32(packet, 12) === ADDRESS.wan)).toBe(true);
  });

  test('each packet is numbered, from 1', () => {
    const lab = ipsecLab({ a: client('a', ah), server: server(ah) })
      .start('a')
      .run(seconds(5));
    expect(lab.packets('a').map((packet) => u32(packet, 28))).toEqual([1, 2, 3]);
    expect(new Set(lab.packets('a').map((packet) => u16(packet, 4))).size).toBe(3);
  });

  test('a doubled packet is taken once', () => {
    const lab = ipsecLab({ a: client('a', ah), server: server(ah) }, { filter: (packet) => [packet, packet] });
    lab.start('a').run(seconds(5));
    expect(lab.packets('s')).toHaveLength(3);
    expect(lab.symptomsOf('s')).toMatchObject([{ code: 'XfrmInStateSeqError' }]);
  });

  test('a packet cut short is malformed', () => {
    const filter = (packet: Uint8Array, from: string) => {
      const parsed = ipv4.parse(packet);
      return from === 'a' && parsed.ok
        ? ipv4.encode({ ...parsed.value, payload: parsed.value.payload.subarray(0, 14) })
        : packet;
    };
    const lab = ipsecLab({ a: client('a', ah), server: server(ah) }, { filter })
      .start('a')
      .run(seconds(8));
    expect(lab.symptomsOf('s')).toMatchObject([{ code: 'XfrmInHdrError' }]);
  });
});
