import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat, hex } from '../../src/lib/bytes.ts';
import { identifyTcp, identifyUdp } from '../../src/wire/payload.ts';

const udp = (bytes: Uint8Array, source: number, destination: number, cut = false) =>
  identifyUdp(bytes, 0, bytes.length, source, destination, cut);
const tcp = (bytes: Uint8Array, source: number, destination: number) =>
  identifyTcp(bytes, 0, bytes.length, source, destination);

/** An IKE_SA_INIT header with a payload of zeros behind it: version 2, exchange 34, initiator. */
const ike = (length: number) =>
  concat(
    hex('05ac0f4d122013f4 0000000000000000 21 20 22 08 00000000'),
    Uint8Array.of(0, 0, length >>> 8, length),
    new Uint8Array(length - 28),
  );
const IKE_V1 = concat(hex('c6d1459285150c7e 0000000000000000 01 10 02 00 00000000 0000001c'));
const L2TP_SCCRQ = hex('c802 0014 0000 0000 0000 0000 8008 0000 0000 0001');
const L2TP_ZLB = hex('c802 000c 0001 0000 0001 0001');
const OPENVPN_RESET = hex('38 0102030405060708 00 00000000');
const OPENVPN_ANSWER = hex('40 0102030405060708 01 00000000 1112131415161718 00000000');
const DTLS_HELLO = concat(hex('16 feff 0000 000000000000 0010 01 000004 0000 000000 000004'), hex('fefd 0000'));
const wireguard = (type: number, length: number) =>
  Uint8Array.of(type, 0, 0, 0, 7, 7, 7, 7, ...new Uint8Array(length - 8));
const TLS_HELLO = hex('16 0301 0008 01 000004 0303 0000');
const TLS_DATA = hex('17 0303 0003 aabbcc');
const X224 = hex('0300 000b 06 e0 0000 0000 00');
const PPTP_ECHO = hex('0010 0001 1a2b3c4d 0005 0000 00000001');

describe('strong evidence counts on any port, because NAT draws ports', () => {
  test.each([
    ['IKEv2', ike(64), 'isakmp'],
    ['IKEv1', IKE_V1, 'isakmp'],
    ['IKE behind the non-ESP marker', concat(hex('00000000'), ike(64)), 'natt'],
    ['L2TP SCCRQ', L2TP_SCCRQ, 'l2tp'],
    ['L2TP ZLB', L2TP_ZLB, 'l2tp'],
    ['OpenVPN client reset', OPENVPN_RESET, 'openvpn-udp'],
    ['OpenVPN server reset', OPENVPN_ANSWER, 'openvpn-udp'],
    ['WireGuard initiation', wireguard(1, 148), 'wireguard'],
    ['WireGuard response', wireguard(2, 92), 'wireguard'],
    ['WireGuard cookie', wireguard(3, 64), 'wireguard'],
    ['WireGuard data', wireguard(4, 128), 'wireguard'],
    ['DTLS', DTLS_HELLO, 'dtls'],
  ])('%s over UDP', (_, bytes, expected) => {
    expect(udp(bytes, 319, 40_000)).toBe(expected);
    expect(udp(bytes, 1024, 319)).toBe(expected);
  });

  test.each([
    ['PPTP', PPTP_ECHO, 'pptp'],
    ['TLS hello', TLS_HELLO, 'tls'],
    ['X.224 request', X224, 'tpkt'],
    ['OpenVPN', concat(hex('000e'), OPENVPN_RESET), 'openvpn-tcp'],
    ['SSTP', Uint8Array.from('SSTP_DUPLEX_POST /sra', (letter) => letter.charCodeAt(0)), 'sstp'],
  ])('%s over TCP', (_, bytes, expected) => {
    expect(tcp(bytes, 50_000, 8080)).toBe(expected);
  });

  test('one wrong bit of it and there is no label', () => {
    for (const bytes of [ike(64), L2TP_SCCRQ, OPENVPN_RESET, wireguard(1, 148), wireguard(4, 128), DTLS_HELLO]) {
      expect(udp(bytes.with(0, bytes[0]! ^ 0x80), 319, 40_000)).toBe(bytes[0] === 5 ? 'isakmp' : 'data');
      expect(udp(bytes.subarray(0, bytes.length - 1), 319, 40_000)).toBe('data');
    }
    expect(udp(ike(64).with(17, 0x30), 319, 40_000)).toBe('data');
    expect(udp(ike(64).with(18, 60), 319, 40_000)).toBe('data');
  });
});

describe('without evidence nothing is labelled lightly', () => {
  test('any bytes between ports of no meaning are data', () => {
    const port = fc.integer({ min: 20_000, max: 50_000 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), port, port, (bytes, source, destination) => {
        expect(udp(bytes, source, destination)).toBe('data');
        expect(tcp(bytes, source, destination)).toBe('data');
      }),
      { numRuns: 3000 },
    );
  });

  test.each([28, 32, 64, 92, 148])('%i zeros are data', (length) => {
    expect(udp(new Uint8Array(length), 30_000, 40_000)).toBe('data');
  });

  test.each([
    ['text on port 500', 500, 'data'],
    ['text on port 1701', 1701, 'data'],
    ['text on port 51820', 51_820, 'data'],
    ['anything on port 4500', 4500, 'natt'],
    ['anything on port 53', 53, 'dns'],
  ])('%s', (_, port, expected) => {
    expect(
      udp(
        Uint8Array.from('just a few letters, no protocol', (letter) => letter.charCodeAt(0)),
        40_000,
        port,
      ),
    ).toBe(expected);
  });

  test('an empty payload is nothing at all', () => {
    expect([udp(hex(''), 500, 500), tcp(hex(''), 1723, 1723)]).toEqual(['data', 'data']);
  });
});

describe('ports', () => {
  const L2TP_DATA = hex('0002 0001 0002 ff03 0021');

  test.each([
    [500, IKE_V1.with(27, 0), 'isakmp'],
    [1194, hex('30 0102'), 'openvpn-udp'],
    [1701, L2TP_DATA, 'l2tp'],
    [1701, hex('0003 0000 00000007 45'), 'l2tp'],
    [4500, hex('ff'), 'natt'],
    [51_820, wireguard(4, 40), 'wireguard'],
  ])('UDP %i counts as either end', (port, bytes, expected) => {
    expect(udp(bytes, 40_000, port)).toBe(expected);
    expect(udp(bytes, port, 40_000)).toBe(expected);
  });

  test('L2TP needs its flags and ids: six bytes in version 2, eight in version 3', () => {
    expect([udp(hex('0002 0001 00'), 1701, 1701), udp(hex('0002 0001 0002'), 1701, 1701)]).toEqual(['data', 'l2tp']);
    expect([udp(hex('0003 0000 000000'), 1701, 1701), udp(hex('0003 0000 00000007'), 1701, 1701)]).toEqual([
      'data',
      'l2tp',
    ]);
  });

  test('of two known ports the lower is the server’s', () => {
    expect(udp(L2TP_DATA, 4500, 1701)).toBe('l2tp');
    expect(udp(L2TP_DATA, 1701, 51_820)).toBe('l2tp');
  });

  test('a piece of IKE on port 500 is IKE where the rest was left out on purpose', () => {
    expect(udp(ike(64).subarray(0, 8), 500, 500, true)).toBe('isakmp');
    expect(udp(ike(64).subarray(0, 8), 500, 500)).toBe('data');
  });

  test.each([
    [1723, PPTP_ECHO, 'pptp'],
    [1723, PPTP_ECHO.subarray(0, 6), 'pptp'],
    [1723, hex('00000003000000034000'), 'pptp-continuation'],
    [443, TLS_DATA, 'tls'],
    [443, hex('aabbcc'), 'tls-continuation'],
    [1194, hex('0005 30 01020304'), 'openvpn-tcp'],
    [1194, hex('0005 ff'), 'openvpn-continuation'],
    [3389, TLS_DATA, 'tls'],
    [3389, hex('0300 0008 02f080 64'), 'tpkt'],
    [3389, hex('5555'), 'tls-continuation'],
  ])('TCP %i: a message that begins here is told from the middle of one', (port, bytes, expected) => {
    expect(tcp(bytes, 40_000, port)).toBe(expected);
    expect(tcp(bytes, port, 40_000)).toBe(expected);
  });
});
