import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { encode, encodeTcp, looksLike, looksLikeTcp, type Packet, parse } from '../../src/wire/openvpn.ts';
import { formOf, OPCODE } from '../../src/wire/openvpn-form.ts';
import { comesBack, displays, layersOf, survivesAnything } from '../support/hostile.ts';
import { datagramsOf, segmentsOf } from '../support/recorded.ts';

const UDP = datagramsOf('openvpn-udp').map(({ payload }) => payload);
const TCP = segmentsOf('openvpn-tcp').map(({ payload }) => payload);

const SESSION = hex('8803c8a9d7f1eb2b');
const PEER = hex('28e03f2c9d0a7e74');
/** 14 November 2023. */
const TIME = 1_700_000_000;
const RESET: Packet = {
  kind: 'control',
  opcode: OPCODE.hardResetClientV2,
  keyId: 0,
  sessionId: SESSION,
  acks: [],
  messageId: 0,
  payload: new Uint8Array(0),
};
const ANSWER: Packet = {
  ...RESET,
  opcode: OPCODE.hardResetServerV2,
  sessionId: PEER,
  acks: [0],
  remoteSessionId: SESSION,
};
/** A TLS record that says "server hello done". */
const HELLO: Packet = { ...ANSWER, opcode: OPCODE.control, messageId: 1, payload: hex('16 0303 0004 0e000000') };
const { messageId: _, ...ACK } = { ...ANSWER, opcode: OPCODE.ack };
const NOISE = Uint8Array.from({ length: 64 }, (_unused, at) => (at * 89 + 57) & 255);

function wrapped(packet: Packet, hmacLength: number): Packet {
  return { ...packet, auth: { hmac: NOISE.subarray(0, hmacLength), packetId: 3, time: TIME } } as Packet;
}

const TLS_CRYPT = {
  kind: 'tls-crypt' as const,
  opcode: OPCODE.control,
  keyId: 0,
  sessionId: SESSION,
  wrapping: { hmac: NOISE.subarray(0, 32), packetId: 1, time: TIME },
  body: NOISE,
};

const EARLY = { ...TLS_CRYPT, wrapping: { ...TLS_CRYPT.wrapping, packetId: 0x0f000001 } };

const byte = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const keyId = fc.nat({ max: 7 });
const id = fc.nat({ max: 2000 });

describe('OpenVPN packets', () => {
  test('data packets come back from their bytes as they went in', () => {
    const data: fc.Arbitrary<Packet> = fc.oneof(
      fc.record({ kind: fc.constant('data-v1' as const), keyId, body: fc.uint8Array({ maxLength: 60 }) }),
      fc.record({
        kind: fc.constant('data-v2' as const),
        keyId,
        peerId: fc.nat({ max: 0xffffff }),
        body: fc.uint8Array({ maxLength: 60 }),
      }),
    );
    comesBack(data, encode, (bytes) => parse(bytes));
  });

  test('control packets do, to whoever knows how they are wrapped', () => {
    const control = fc
      .record({ keyId, sessionId: byte(8), acks: fc.array(id, { maxLength: 4 }), peer: byte(8), messageId: id })
      .chain(({ acks, peer, ...rest }) =>
        fc.uint8Array({ maxLength: 40 }).map((payload) => ({
          kind: 'control' as const,
          opcode: OPCODE.control,
          ...rest,
          acks,
          ...(acks.length > 0 && { remoteSessionId: peer }),
          payload,
        })),
      );
    comesBack<Packet>(control, encode, (bytes) => parse(bytes, { kind: 'plain' }));
    comesBack<Packet>(
      control.map((packet) => wrapped(packet, 20)),
      encode,
      (bytes) => parse(bytes, { kind: 'tls-auth', hmacLength: 20 }),
    );
  });

  test('everything two real peers sent is written again byte for byte, over UDP and over TCP', () => {
    for (const payload of UDP) {
      const parsed = parse(payload);
      if (!parsed.ok) throw new Error('not understood');
      expect(encode(parsed.value)).toEqual(payload);
    }
    for (const payload of TCP) {
      const parsed = parse(payload.subarray(2));
      if (!parsed.ok) throw new Error('not understood');
      expect(encodeTcp(parsed.value)).toEqual(payload);
    }
    expect(UDP.length + TCP.length).toBeGreaterThan(50);
  });

  test('the smallest first packet is 14 bytes', () => {
    expect(encode(RESET)).toEqual(hex('38 8803c8a9d7f1eb2b 00 00000000'));
    const [layer] = layersOf(encode(RESET), 'openvpn-udp');
    expect(displays(layer, 'openvpn.opcode')).toEqual(['P_CONTROL_HARD_RESET_CLIENT_V2 (7)']);
    expect(layer.summary).toBe('P_CONTROL_HARD_RESET_CLIENT_V2 message 0');
  });

  test('an acknowledgement has no message ID of its own', () => {
    const bytes = encode(ACK as Packet);
    expect(bytes).toEqual(concat(hex('28'), PEER, hex('01 00000000'), SESSION));
    expect(layersOf(bytes, 'openvpn-udp')[0].summary).toBe('P_ACK_V1 acknowledges 0');
  });

  test('TLS is read where a record begins, and left alone where one goes on', () => {
    const layers = UDP.map((payload) => layersOf(payload, 'openvpn-udp').at(-1)!);
    expect(layers[2]).toMatchObject({ protocol: 'tls', kind: 'decoded', summary: 'Client Hello' });
    expect(layers[5]).toMatchObject({ protocol: 'tls-continuation', kind: 'opaque' });
    expect(layers[15]).toMatchObject({ protocol: 'encrypted', why: 'encrypted' });
  });
});

describe('how a control packet is wrapped', () => {
  test.each([
    ['plain', RESET, { kind: 'plain' }],
    ['plain with an acknowledgement', ANSWER, { kind: 'plain' }],
    ['plain TLS', HELLO, { kind: 'plain' }],
    ['tls-auth with SHA-1', wrapped(RESET, 20), { kind: 'tls-auth', hmacLength: 20 }],
    ['tls-auth with SHA-256', wrapped(ANSWER, 32), { kind: 'tls-auth', hmacLength: 32 }],
    ['tls-auth with SHA-512', wrapped(HELLO, 64), { kind: 'tls-auth', hmacLength: 64 }],
    ['tls-auth with MD5', wrapped(ACK as Packet, 16), { kind: 'tls-auth', hmacLength: 16 }],
    ['tls-crypt', TLS_CRYPT, { kind: 'tls-crypt' }],
    ['tls-crypt of a client that offers early negotiation', EARLY, { kind: 'tls-crypt' }],
  ] as const)('%s is found out from the bytes alone', (_name, packet, form) => {
    const bytes = encode(packet as Packet);
    expect(formOf(bytes, 0, bytes.length)).toEqual(form);
    expect(parse(bytes)).toEqual({ ok: true, value: packet });
  });

  test.each([
    ['more than eight acknowledgements', concat(hex('28'), SESSION, hex('09'), new Uint8Array(9 * 4 + 8))],
    ['an acknowledgement with bytes behind it', concat(hex('28'), SESSION, hex('01 00000000'), PEER, hex('00'))],
    ['an acknowledgement of nothing', concat(hex('28'), SESSION, hex('00'))],
    ['an acknowledged ID beyond all handshakes', concat(hex('28'), SESSION, hex('01 00010000'), PEER)],
    ['a reset with bytes behind it', concat(hex('38'), SESSION, hex('00 00000000 00'))],
    ['a message ID beyond all handshakes', concat(hex('20'), SESSION, hex('00 00010000 16'))],
    ['control without anything in it', concat(hex('20'), SESSION, hex('00 00000001'))],
    [
      'an HMAC and replay protection without what must follow',
      concat(hex('38'), SESSION, NOISE.subarray(0, 20), hex('00000001 6553f100 ff')),
    ],
    ['a time before 2000', concat(hex('20'), SESSION, hex('000fffff 00000001'), NOISE)],
    ['the first packet of tls-crypt-v2 in the open', concat(hex('50'), SESSION, hex('00 00000000'))],
  ])('%s fits none', (_name, bytes) => {
    expect(formOf(bytes, 0, bytes.length)).toBeUndefined();
  });

  test('what fits two lengths of HMAC is not decided by chance', () => {
    const before = concat(hex('20'), SESSION, NOISE.subarray(0, 16));
    // Packet ID, time, count and message ID behind an HMAC of 16 bytes, and again behind one of 28.
    const both = concat(before, hex('00000001 6553f100 00 00000100 000001 6553f100 00 00000000 16'));
    expect(formOf(both, 0, both.length)).toBeUndefined();
    const one = both.slice();
    one[41] = 0;
    expect(formOf(one, 0, one.length)).toEqual({ kind: 'tls-auth', hmacLength: 16 });
  });

  test('even one byte of TLS is handed on', () => {
    const bytes = encode({ ...HELLO, payload: hex('16') });
    expect(layersOf(bytes, 'openvpn-udp').map(({ protocol, length }) => [protocol, length])).toEqual([
      ['openvpn-udp', 26],
      ['tls-continuation', 1],
    ]);
  });

  test('with tls-crypt all behind the HMAC is closed', () => {
    expect(layersOf(encode(TLS_CRYPT), 'openvpn-udp')).toMatchObject([
      { protocol: 'openvpn-udp', length: 49 },
      { protocol: 'encrypted', why: 'encrypted', length: 64 },
    ]);
  });

  test('what fits no form is left opaque, with its session named', () => {
    const bytes = concat(
      hex('20'),
      SESSION,
      NOISE.map((value) => value | 0x80),
    );
    const [layer] = layersOf(bytes, 'openvpn-udp');
    expect(layer).toMatchObject({
      kind: 'opaque',
      why: expect.stringContaining('neither plain nor tls-auth nor tls-crypt'),
    });
    expect(displays(layer, 'openvpn.sessionid')).toEqual(['8803c8a9d7f1eb2b']);
    expect(parse(bytes).ok).toBe(false);
  });

  test('an opcode that does not exist is malformed', () => {
    expect(layersOf(hex('f8 00000000'), 'openvpn-udp')[0]).toMatchObject({
      kind: 'malformed',
      why: "opcode 31 is not one of OpenVPN's",
    });
  });
});

describe('OpenVPN over TCP', () => {
  test('several packets may share a segment', () => {
    const segment = concat(encodeTcp(ANSWER), encodeTcp(HELLO), encodeTcp({ kind: 'data-v1', keyId: 0, body: NOISE }));
    expect(layersOf(segment, 'openvpn-tcp').map(({ protocol, kind }) => [protocol, kind])).toEqual([
      ['openvpn-tcp', 'decoded'],
      ['openvpn-tcp', 'decoded'],
      ['tls', 'decoded'],
      ['openvpn-tcp', 'decoded'],
      ['encrypted', 'opaque'],
    ]);
  });

  test('a packet that goes on in the next segment says how much of it is here', () => {
    const bytes = encodeTcp({ kind: 'data-v1', keyId: 0, body: NOISE });
    expect(layersOf(concat(encodeTcp(RESET), bytes.subarray(0, 20)), 'openvpn-tcp')).toMatchObject([
      { kind: 'decoded' },
      { kind: 'opaque', why: 'a packet of 65 bytes, of which 18 are here' },
    ]);
    expect(layersOf(bytes.subarray(0, 2), 'openvpn-tcp')[0]).toMatchObject({ kind: 'opaque' });
  });

  test('no cut through the recorded stream makes a packet appear where none begins', () => {
    const stream = concat(...TCP.slice(0, 8));
    const starts = new Set<number>();
    for (let at = 0, i = 0; i < 8; i++) {
      starts.add(at);
      at += TCP[i]!.length;
    }
    let wrong = 0;
    for (let at = 0; at + 3 < stream.length; at++) {
      const [layer] = layersOf(stream.subarray(at), 'openvpn-tcp');
      if (starts.has(at)) expect(layer.kind).toBe('decoded');
      else if (layer.kind === 'decoded') wrong++;
    }
    expect(wrong).toBe(0);
  });

  test('the recorded segments are recognised as such', () => {
    for (const payload of TCP) expect(looksLikeTcp(payload, 0, payload.length)).toBe(true);
  });
});

describe('recognising OpenVPN on any port', () => {
  test('resets, acknowledgements and the beginning of TLS are taken, ciphertext is not', () => {
    const taken = UDP.filter((payload) => looksLike(payload, 0, payload.length)).map((payload) => payload[0]! >>> 3);
    expect(new Set(taken)).toEqual(
      new Set([OPCODE.hardResetClientV2, OPCODE.hardResetServerV2, OPCODE.control, OPCODE.ack]),
    );
    for (const name of ['wireguard-1client', 'ike2-1client', 'l2tp-1client'])
      for (const { payload } of datagramsOf(name)) expect(looksLike(payload, 0, payload.length)).toBe(false);
  });

  test('a DNS query whose ID begins like an opcode is not taken', () => {
    const query = hex('2001 0100 0001 0000 0000 0000 03777777 076578616d706c65 03636f6d 00 0001 0001');
    expect(looksLike(query, 0, query.length)).toBe(false);
  });
});

describe('hostile OpenVPN over UDP', () => {
  survivesAnything('openvpn-udp', [encode(HELLO), encode(wrapped(HELLO, 20)), encode(TLS_CRYPT)], (bytes) =>
    parse(bytes),
  );
});

describe('hostile OpenVPN over TCP', () => {
  survivesAnything('openvpn-tcp', [concat(encodeTcp(ANSWER), encodeTcp(HELLO))]);
});
